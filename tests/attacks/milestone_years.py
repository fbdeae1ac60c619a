"""Years of newcomers at a milestone through the real jobs, and all that everybody sees of them."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.journeys.pure.milestones import BY_KEY, Choice, working_day
from bot.runtime import open_runtime
from bot.settings import load_settings
from tests.milestones.walking import START, WEEK, Walking, morning, walking

K: Final = 5
OPEN: Final = timedelta(days=14)
BERLIN: Final = Calendar("Europe/Berlin")
ANSWERING: Final = 0.75
WRITING: Final = 0.5
"""How many of those who answer comment, too."""
QUESTION: Final = "communication"
"""The driver of the milestone's last question, which no other question has."""
POSITION: Final = 2


@dataclass(frozen=True)
class Batch:
    """A published figure, and the day on which it came out."""

    day: date
    n: int
    mean: float
    authors: int = 0
    """How many people wrote the comments beside it."""


@dataclass(frozen=True)
class Year:
    """A year of newcomers: what is true, and what everybody can see."""

    started: Mapping[str, date]
    answers: Mapping[str, int]
    """From 1 to 5; nothing of those who did not answer."""
    batches: Sequence[Batch]
    writers: frozenset[str] = frozenset()

    def closed(self, person: str) -> date:
        """Return the day on which a person's window closes, as the directory tells."""
        first = self.started[person] + BY_KEY[WEEK].after
        return working_day(first, Choice(), BERLIN) + OPEN


def joiners(rng: random.Random, a_month: int) -> dict[str, date]:
    """Draw a year: so many a month, five in one month, none for three."""
    quiet = rng.randrange(12)
    started: dict[str, date] = {}
    for month in range(12):
        number = 0 if (month - quiet) % 12 < 3 else a_month
        number = 5 if month == (quiet + 6) % 12 else number
        for _ in range(number):
            day = START + timedelta(days=30 * month + rng.randrange(28))
            started[f"UNEW{len(started):03}"] = day
    return started


async def play(walk: Walking, rng: random.Random, a_month: int) -> Year:
    """Live through a year of newcomers with the real jobs."""
    year = Year(joiners(rng, a_month), {}, [])
    answers = {
        person: rng.choice([1, 2, 3, 4, 4, 4, 5])
        for person in year.started
        if rng.random() < ANSWERING
    }
    writers = frozenset(person for person in answers if rng.random() < WRITING)
    walk.answering = lambda person, _: answers.get(person)
    # What each of them writes can be told apart, so authors can be counted; nothing names them.
    numbers = {person: number for number, person in enumerate(sorted(writers))}
    walk.commenting = lambda person: (
        {POSITION: f"It took a while. {'very ' * numbers[person]}long"} if person in numbers else {}
    )
    for person, day in year.started.items():
        await walk.join(person, hired_on=day)
    closed = {year.closed(person) for person in year.started}
    for day in sorted(closed | {each - OPEN for each in closed}):
        walk.today = day
        await walk.live()
    published = await walk.batches()
    authors = Counter(wave.id for wave, _ in await walk.comments())
    assert {each.segment for _, figures in published for each in figures} <= {"all"}, "no groups"
    assert {comment.team for _, comment in await walk.comments()} <= {None}
    batches = [
        Batch(wave.held_on, figure.n, figure.mean or 0.0, authors[wave.id])
        for wave, figures in published
        for figure in figures
        if figure.measure == "driver" and figure.measure_ref == QUESTION
    ]
    return Year(year.started, answers, batches, writers)


async def played(database_url: str, seed: int) -> Year:
    """Play one year on an empty database; every second company takes on more people."""
    settings = load_settings(
        _env_file=None,
        slack_bot_token="xoxb-none",
        slack_signing_secret="0" * 32,
        database_url=database_url,
    )
    rng = random.Random(seed)
    async with open_runtime(settings, clock=lambda: morning(START)) as runtime:
        return await play(await walking(runtime, WEEK, k=K), rng, 6 if seed % 2 else 2)
