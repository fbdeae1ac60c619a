"""What sort of people the simulated colleagues are: moods, habits, and what they write."""

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from sandbox.demo.staff import DemoPerson

HABITS: Final = (0.95, 0.95, 0.95, 0.75, 0.75, 0.3)
"""How probable it is that somebody answers a question or a reminder, dealt out in turn."""
MEAN_DELAY_HOURS: Final = 3.0
LONGEST_DELAY_HOURS: Final = 20.0
COMMENTING: Final = 0.15
PERSONAL_SPREAD: Final = 0.45
"""Standard deviation, in points from 1 to 5, of people around their team's mood."""
DAILY_SPREAD: Final = 0.6
"""The same, of one person's answers."""


class Story(Protocol):
    """What happens in the company, as its people feel it."""

    def mood(self, person: DemoPerson, question: str, now: datetime) -> float:
        """Return the answer, from 1 (bad) to 5 (good), that somebody tends to."""

    def is_reversed(self, question: str) -> bool:
        """Tell whether agreeing is bad news."""

    def comments(
        self, person: DemoPerson, question: str, now: datetime, mood: float
    ) -> Sequence[str]:
        """Return what somebody in a mood (from 1 to 5) might write; never empty."""


class Occasion:
    """One time that somebody is asked; drawn from a seed, the same every time."""

    def __init__(self, story: Story, person: DemoPerson, number: int, seed: int = 11) -> None:
        self._story = story
        self._person = person
        self.chance = random.Random(f"{seed}:{person.id}:{number}")
        """Draws what else depends on the occasion."""
        self._own = random.Random(f"{seed}:{person.id}")
        self._habit = self._own.choice(HABITS)
        self._lean = self._own.gauss(0, PERSONAL_SPREAD)
        self.delay = timedelta(
            hours=min(self.chance.expovariate(1 / MEAN_DELAY_HOURS), LONGEST_DELAY_HOURS)
        )
        """How long they let the question lie."""
        self.answers = self.chance.random() < self._habit
        """Whether they answer at all."""
        self.comments = self.chance.random() < COMMENTING

    def choose(self, question: str, count: int, now: datetime) -> int:
        """Return the number, from 0, of the answer chosen of `count`, the worst first."""
        mood = self._story.mood(self._person, question, now) + self._lean
        drawn = min(max(mood + self.chance.gauss(0, DAILY_SPREAD), 1.0), 5.0)
        if self._story.is_reversed(question):
            drawn = 6 - drawn
        return math.floor((drawn - 1) / 4 * (count - 1) + 0.5)

    def write(self, question: str, now: datetime) -> str:
        """Return a comment on a question."""
        mood = self._story.mood(self._person, question, now) + self._lean
        return self.chance.choice(self._story.comments(self._person, question, now, mood))
