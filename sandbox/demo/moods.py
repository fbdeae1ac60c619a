"""The story of the large company, as its people feel it week by week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from bot.surveys.bank import BankQuestion, load_bank
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

COMMENTS: Final[Mapping[str, Sequence[str]]] = {
    "People": ("Proud of how we handled the office move.", "Good team, clear goals."),
    "Engineering": (
        "Really enjoyed the quiet weeks without meetings.",
        "The new review process is great.",
        "Planning is still a bit confusing.",
        "Nice progress on the new billing service.",
        "Too many alerts at night, otherwise fine.",
    ),
    "Design": ("Good balance at the moment.", "We are happy with the new tools."),
    "Sales": (
        "Great quarter, and the new onboarding helped a lot.",
        "Thanks for the better leads.",
        "Targets feel fair this time.",
    ),
    SUPPORT: (
        "Good shifts, and the team helps each other.",
        "The new help pages save us a lot of time.",
        "Happy with the rota.",
    ),
    "Finance": ("Closing the month was stressful again.", "Fine, nothing to complain about."),
    "Marketing": ("Love the new campaign.", "Great energy after the offsite."),
    "Legal": ("Fine, just busy.",),
}
AFTER_REORGANISATION: Final = (
    "Since the reorganisation the queue never gets shorter.",
    "Two people left and nobody took over their tickets.",
    "I like my team, but the evenings are getting long and I am exhausted.",
    "Please stop changing priorities every week, it is frustrating.",
    "Two products, the same number of people. This is not sustainable.",
    "I am tired and I don't see an end to it.",
)
BEFORE_BUDDIES_COMMENTS: Final = (
    "I did not know whom to ask in my first weeks.",
    "My laptop came late and nobody had time for me. A sad start.",
)
WITH_BUDDIES_COMMENTS: Final = (
    "My buddy is wonderful, I never felt lost.",
    "Great first weeks, everybody took time for me.",
)


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

    def comments(self, person: DemoPerson, question: str, now: datetime) -> Sequence[str]:
        """Return what somebody might write; never empty."""
        asked = asked_in(question)
        if asked and asked.driver == ONBOARDING:
            has_buddy = self.week(now) >= BUDDIES
            return WITH_BUDDIES_COMMENTS if has_buddy else BEFORE_BUDDIES_COMMENTS
        if self._strain(person, now):
            return AFTER_REORGANISATION
        return COMMENTS[person.team.name]

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
