"""How people feel week by week, and what they answer and write because of it."""

import math
import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from bot.surveys.pure.bank import BankQuestion, load_bank
from bot.surveys.pure.scales import Scale
from sandbox.demo.company import SUPPORT, DemoPerson

HISTORY_WEEKS: Final = 12
REORGANISATION: Final = 5
"""The week, counted from 1, in which Support got a second product to look after."""
HELP: Final = 9
"""The week in which more people joined Support."""
BUDDIES: Final = 6
"""The week in which newcomers first got buddies."""

ONBOARDING: Final = "onboarding"
BEFORE_BUDDIES: Final = 2.7
WITH_BUDDIES: Final = 4.3
DRIVERS: Final[Mapping[str, float]] = {"workload": -0.2, "belonging": 0.2, "commitment": 0.5}
"""How far a driver lies from the team's mood, in points from 1 to 5."""
STRAIN: Final[Mapping[str, float]] = {"workload": 1.0, "wellbeing": 1.0, "commitment": 0.9}
"""The share of the burn-out that a driver takes."""
STRAIN_OF_OTHERS: Final = 0.5
WORST: Final = -1.9
"""How far Support falls, in points from 1 to 5."""
WEEKS_OF_DECLINE: Final = 2
RELIEF: Final = 0.85
"""The share of the burn-out that more people take away."""
WEEKS_OF_RELIEF: Final = 2
WORN_OUT: Final = -0.5
"""How far somebody has fallen who writes about the reorganisation."""

HABITS: Final = (0.95, 0.95, 0.95, 0.75, 0.75, 0.3)
"""The chance that somebody answers a question or a reminder, dealt out in turn."""
MEAN_DELAY_HOURS: Final = 3.0
LONGEST_DELAY_HOURS: Final = 20.0
COMMENTING: Final = 0.15
PERSONAL_SPREAD: Final = 0.45
"""Standard deviation of people around their team's mood, in points from 1 to 5."""
DAILY_SPREAD: Final = 0.6
"""Standard deviation of one person's answers."""
CONTENT_FROM: Final = 3.4
"""The mood, from 1 to 5, at which comments turn from bad to good."""
OWN_QUESTIONS: Final = (
    ("stop", re.compile(r"\bstop\b[^\n]*\?", re.IGNORECASE)),
    ("keep", re.compile(r"\b(?:keep|like|enjoy|proud)\b[^\n]*\?", re.IGNORECASE)),
    ("first", re.compile(r"\b(?:change|improve|start|better|need)\b[^\n]*\?", re.IGNORECASE)),
)
"""What a question without fixed answers is about."""


class Moods:
    """How people feel, counted in weeks from the start of the company's past."""

    def __init__(self, began: datetime) -> None:
        self._began = began

    def mood(self, person: DemoPerson, question: str, now: datetime) -> float:
        """Return the answer that a person tends to give, from 1 (bad) to 5 (good)."""
        asked = asked_in(question)
        driver = asked.driver if asked else ""
        if driver == ONBOARDING:
            return WITH_BUDDIES if self.have_buddies(now) else BEFORE_BUDDIES
        strain = STRAIN.get(driver, STRAIN_OF_OTHERS) * self.strain(person, now)
        return person.team.mood + DRIVERS.get(driver, 0.0) + strain

    def have_buddies(self, now: datetime) -> bool:
        """Return True if newcomers get buddies by now."""
        return self._week(now) >= BUDDIES

    def strain(self, person: DemoPerson, now: datetime) -> float:
        """Return how far the reorganisation has worn a person down, 0 or less."""
        week = self._week(now)
        if person.team.name != SUPPORT or week < REORGANISATION:
            return 0.0
        worn = min(week - REORGANISATION + 1, WEEKS_OF_DECLINE) / WEEKS_OF_DECLINE
        helped = min(max(week - HELP + 1, 0), WEEKS_OF_RELIEF) / WEEKS_OF_RELIEF
        return WORST * worn * (1 - RELIEF * helped)

    def _week(self, now: datetime) -> int:
        return (now - self._began) // timedelta(weeks=1) + 1


class Occasion:
    """One time that a person is asked; drawn from a seed, so it's the same every time."""

    def __init__(self, moods: Moods, person: DemoPerson, number: int, seed: int = 11) -> None:
        self._moods = moods
        self._person = person
        own = random.Random(f"{seed}:{person.id}")
        habit = own.choice(HABITS)
        self._lean = own.gauss(0, PERSONAL_SPREAD)
        self.chance = random.Random(f"{seed}:{person.id}:{number}")
        self.delay = timedelta(
            hours=min(self.chance.expovariate(1 / MEAN_DELAY_HOURS), LONGEST_DELAY_HOURS)
        )
        """How long the person lets the question lie."""
        self.answers = self.chance.random() < habit
        self.comments = self.chance.random() < COMMENTING

    def choose(self, question: str, count: int, now: datetime) -> int:
        """Return the chosen answer's number, from 0, of `count` answers, the worst first."""
        drawn = self._mood(question, now) + self.chance.gauss(0, DAILY_SPREAD)
        drawn = min(max(drawn, 1.0), 5.0)
        asked = asked_in(question)
        if asked is not None and asked.direction < 0:
            drawn = 6 - drawn
        return math.floor((drawn - 1) / 4 * (count - 1) + 0.5)

    def write(self, question: str, now: datetime) -> str:
        """Return a comment on a question."""
        written = comments_about(question)
        kind = "good" if self._mood(question, now) >= CONTENT_FROM else "bad"
        if self._moods.strain(self._person, now) <= WORN_OUT and "reorganisation" in written:
            kind = "reorganisation"
        return self.chance.choice(written[kind])

    def _mood(self, question: str, now: datetime) -> float:
        return self._moods.mood(self._person, question, now) + self._lean


@cache
def asked_in(text: str) -> BankQuestion | None:
    """Return the bank's question in a message's text; None for one that HR wrote."""
    return next((each for each in load_bank().questions if each.wording in text), None)


@cache
def comments_about(question: str) -> Mapping[str, Sequence[str]]:
    """Return what people write about a question, by how they feel."""
    asked = asked_in(question)
    if asked is None or asked.scale is Scale.TEXT:
        about = next((topic for topic, words in OWN_QUESTIONS if words.search(question)), "")
    else:
        about = asked.driver
    return _comments().get(about) or _comments()["other"]


@cache
def _comments() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(Path(__file__).with_name("comments.toml").read_text("utf-8"))
