"""The story of the large company, as its people feel it week by week."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from bot.surveys.pure.bank import BankQuestion, load_bank
from bot.surveys.pure.scales import Scale
from sandbox.demo.brightwater import BUDDIES, REORGANISATION, SUPPORT
from sandbox.demo.staff import DemoPerson

ONBOARDING: Final = "onboarding"
BEFORE_BUDDIES: Final = 2.7
WITH_BUDDIES: Final = 4.3

DRIVERS: Final[Mapping[str, float]] = {"workload": -0.2, "belonging": 0.2, "commitment": 0.5}
"""How much better or worse a driver is than the team's mood, in points from 1 to 5."""

STRAIN: Final[Mapping[str, float]] = {"workload": 1.0, "wellbeing": 1.0, "commitment": 0.9}
"""How much of the burn-out a driver takes; others take a part."""
STRAIN_OF_OTHERS: Final = 0.5
WORST: Final = -1.9
"""How far Support falls, in points from 1 to 5."""
WEEKS_OF_DECLINE: Final = 4

CONTENT_FROM: Final = 3.4
"""The mood, from 1 to 5, from which on somebody writes as a content person does."""
OWN_QUESTIONS: Final = (
    ("stop", re.compile(r"\bstop\b[^\n]*\?", re.IGNORECASE)),
    ("keep", re.compile(r"\b(?:keep|like|enjoy|proud)\b[^\n]*\?", re.IGNORECASE)),
    ("first", re.compile(r"\b(?:change|improve|start|better|need)\b[^\n]*\?", re.IGNORECASE)),
)
"""What a question with no fixed answers is about."""


class CompanyStory:
    """What happens at Brightwater, counted in weeks from the start of its history."""

    def __init__(self, began: datetime) -> None:
        self._began = began

    def week(self, now: datetime) -> int:
        """Return the week of the story, 1 for the first."""
        return (now - self._began) // timedelta(weeks=1) + 1

    def mood(self, person: DemoPerson, question: str, now: datetime) -> float:
        """Return the answer, from 1 (bad) to 5 (good), that somebody tends to."""
        asked = asked_in(question)
        driver = asked.driver if asked else ""
        if driver == ONBOARDING:
            return WITH_BUDDIES if self.week(now) >= BUDDIES else BEFORE_BUDDIES
        strain = STRAIN.get(driver, STRAIN_OF_OTHERS) * self._strain(person, now)
        return person.team.mood + DRIVERS.get(driver, 0.0) + strain

    def is_reversed(self, question: str) -> bool:
        """Tell whether agreeing is bad news."""
        asked = asked_in(question)
        return asked is not None and asked.direction < 0

    def comments(
        self, person: DemoPerson, question: str, now: datetime, mood: float
    ) -> Sequence[str]:
        """Return what somebody in a mood might write; never empty."""
        written = comments_about(question)
        if self._strain(person, now) and "reorganisation" in written:
            return written["reorganisation"]
        return written["good" if mood >= CONTENT_FROM else "bad"]

    def _strain(self, person: DemoPerson, now: datetime) -> float:
        """Return how far the reorganisation has worn somebody down, 0 or less."""
        since = self.week(now) - REORGANISATION + 1
        if person.team.name != SUPPORT or since <= 0:
            return 0.0
        return WORST * min(since, WEEKS_OF_DECLINE) / WEEKS_OF_DECLINE


@cache
def asked_in(text: str) -> BankQuestion | None:
    """Find the bank's question in a message's text; None for one that HR wrote."""
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
