"""What batches of a milestone tell about single newcomers, and what a live dashboard would tell.

The attacker knows the directory with all dates, so whose window closes when; every batch with its
day, count and figure; the rules; and, in the second attack, k − 1 people of each batch who tell
whether and what they answered. The plain rule is a dashboard of those who started in any 90 days
that the reader chooses, shown from k answers on.

`python -m tests.attacks.milestones --years N` plays N years through the real jobs and prints the
figures of docs/privacy.md.
"""

import asyncio
import logging
import random
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations_with_replacement, pairwise, product
from pathlib import Path
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.insights.pure.resolution import MEAN_RESOLUTION, in_steps
from bot.journeys.pure.milestones import BY_KEY, Choice, working_day
from bot.pulse.pure.pools import is_looked_at, most_released
from bot.runtime import open_runtime
from bot.settings import load_settings
from tests.conftest import migrate
from tests.milestones.walking import START, WEEK, Walking, morning, walking

K: Final = 5
YEAR: Final = timedelta(days=365)
OPEN: Final = timedelta(days=14)
WINDOW: Final = timedelta(days=90)
BERLIN: Final = Calendar("Europe/Berlin")
ANSWERING: Final = 0.75
QUESTION: Final = "communication"
"""The driver of the milestone's last question, which no other question has."""
POSITION: Final = 2
VALUES: Final = range(1, 6)
THRESHOLDS: Final = [(number + 0.5) / 100 for number in range(100)]


@dataclass(frozen=True)
class Batch:
    """A published figure, and the day on which it came out."""

    day: date
    n: int
    mean: float


@dataclass(frozen=True)
class Year:
    """A year of newcomers: what is true, and what everybody can see."""

    started: Mapping[str, date]
    answers: Mapping[str, int]
    """From 1 to 5; nothing of those who did not answer."""
    batches: Sequence[Batch]

    def closed(self, person: str) -> date:
        """Return the day on which a person's window closes, as the directory tells."""
        first = self.started[person] + BY_KEY[WEEK].after
        return working_day(first, Choice(), BERLIN) + OPEN


@dataclass(frozen=True)
class Pooled:
    """Those whose answers waited together, in parts between two looks; and what came out."""

    parts: Sequence[Sequence[str]]
    batch: Batch | None


@dataclass
class Found:
    """How many facts about single people an attacker determined, of how many people."""

    people: int = 0
    took_part: int = 0
    """Known to have answered, or not to have."""
    answers: int = 0
    wrong: int = field(default=0)
    """Facts that are not true: then the attack is broken."""

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.people + other.people,
            self.took_part + other.took_part,
            self.answers + other.answers,
            self.wrong + other.wrong,
        )


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
    walk.answering = lambda person, _: answers.get(person)
    for person, day in year.started.items():
        await walk.join(person, hired_on=day)
    closed = {year.closed(person) for person in year.started}
    for day in sorted(closed | {each - OPEN for each in closed}):
        walk.today = day
        await walk.live()
    batches = [
        Batch(wave.held_on, figure.n, figure.mean or 0.0)
        for wave, figures in await walk.batches()
        for figure in figures
        if figure.measure == "driver" and figure.measure_ref == QUESTION
    ]
    return Year(year.started, answers, batches)


def pooled(year: Year) -> list[Pooled]:
    """Tell who waited together, and when pools were looked at, from dates and rules alone."""
    days: dict[date, list[str]] = {}
    for person in year.started:
        days.setdefault(year.closed(person), []).append(person)
    out = {batch.day: batch for batch in year.batches}
    found: list[Pooled] = []
    parts: list[list[str]] = []
    waiting: list[str] = []
    for day in sorted(days):
        waiting += days[day]
        looked = sum(map(len, parts))
        if is_looked_at(looked + len(waiting), looked, K):
            parts.append(waiting)
            waiting = []
            if day in out:
                found.append(Pooled(parts, out[day]))
                parts = []
    return [*found, Pooled(parts, None)] if parts else found


def attack(year: Year, colluders: int) -> Found:
    """Determine what can be known of everybody else in each pool."""
    total = Found()
    for pool in pooled(year):
        people = [person for part in pool.parts for person in part]
        # Those who close a pool can learn most of the others in its last part.
        known = set(people[-colluders:]) if colluders else set()
        total += _taking_part(year, pool, known)
        total += _answers(year, pool, known)
    return total


def _taking_part(year: Year, pool: Pooled, known: set[str]) -> Found:
    """Find whose taking part follows from the counts that looks and the batch allow."""
    possible = list(_counts(year, pool, known))
    assert possible, "what happened must be possible"
    found = Found()
    for number, part in enumerate(pool.parts):
        unknown = [person for person in part if person not in known]
        counts = {each[number] for each in possible}
        found.people += len(unknown)
        for all_of, did in ((len(unknown), True), (0, False)):
            if unknown and counts == {all_of}:
                found.took_part += len(unknown)
                found.wrong += sum((person in year.answers) is not did for person in unknown)
    return found


def _counts(year: Year, pool: Pooled, known: set[str]) -> Iterator[tuple[int, ...]]:
    """Yield how many unknown people of each part may have answered."""
    told = [sum(each in year.answers for each in part if each in known) for part in pool.parts]
    sizes = [sum(each not in known for each in part) for part in pool.parts]
    for counts in product(*(range(size + 1) for size in sizes)):
        totals = [
            sum(counts[: number + 1]) + sum(told[: number + 1]) for number in range(len(counts))
        ]
        waited = totals[:-1] if pool.batch else totals
        if all(each < K for each in waited) and (
            pool.batch is None or _says(totals[-1], pool) == pool.batch.n
        ):
            yield counts


def _says(answered: int, pool: Pooled) -> int:
    """Return the count that a batch of so many answers would show; 0 if it did not come out."""
    if answered < K:
        return 0
    return in_steps(min(answered, _most(pool)), K)


def _most(pool: Pooled) -> int:
    sizes = [len(part) for part in pool.parts]
    return most_released(sum(sizes), sum(sizes[:-1]), K)


def _answers(year: Year, pool: Pooled, known: set[str]) -> Found:
    """Find whose answer, if they gave one, follows from the figure."""
    if pool.batch is None:
        return Found()
    people = [person for part in pool.parts for person in part]
    unknown = [person for person in people if person not in known]
    told = [year.answers[person] for person in known if person in year.answers]
    possible: set[int] = set()
    for others in range(len(unknown) + 1):
        if _says(len(told) + others, pool) != pool.batch.n:
            continue
        left_out = max(0, len(told) + others - _most(pool))
        for given in combinations_with_replacement(VALUES, others):
            if set(given) <= possible:
                continue
            if any(
                _gives(pool.batch, each) for each in _without(sorted([*told, *given]), left_out)
            ):
                possible |= set(given)
    answered = {year.answers[person] for person in unknown if person in year.answers}
    if len(possible) != 1:
        return Found()
    return Found(answers=len(unknown), wrong=int(not answered <= possible))


def _without(values: Sequence[int], left_out: int) -> Iterator[Sequence[int]]:
    """Yield the answers without so many of them, in each way that matters."""
    if not left_out:
        yield values
        return
    for number in range(len(values)):
        if number == 0 or values[number] != values[number - 1]:
            yield from _without([*values[:number], *values[number + 1 :]], left_out - 1)


def _gives(batch: Batch, answers: Sequence[int]) -> bool:
    """Return True if some hidden threshold gives the figure to these answers."""
    mean = sum(2.5 * (each - 1) for each in answers) / len(answers)
    return any(MEAN_RESOLUTION.rounded(mean, batch.n, each) == batch.mean for each in THRESHOLDS)


def dashboard(year: Year) -> Found:
    """Attack the plain rule: any 90 days, mean and count of all who started in them, from k on."""
    found = Found(people=len(year.started))
    days = [START + timedelta(days=number) for number in range(-90, 366)]
    shown = {first: _shown(year, first) for first in days}
    known: set[str] = set()
    for first, following in pairwise(days):
        for one, other, edge in (
            (shown[first], shown[following], first),
            (shown[following], shown[first], first + WINDOW),
        ):
            people = [person for person, day in year.started.items() if day == edge]
            at_both = {first, first + WINDOW} & set(year.started.values())
            if one is None or other is None or len(people) != 1 or at_both != {edge}:
                continue
            (person,) = people
            known.add(person)
            count = one[0] - other[0]
            found.wrong += (count == 1) is not (person in year.answers)
            if count == 1:
                answer = round((one[0] * one[1] - other[0] * other[1]) / 2.5) + 1
                found.wrong += answer != year.answers.get(person)
    found.took_part = len(known)
    found.answers = len(known & year.answers.keys())
    return found


def _shown(year: Year, first: date) -> tuple[int, float] | None:
    """Return count and mean, to one decimal, of those who started in 90 days; None below k."""
    given = [
        2.5 * (year.answers[person] - 1)
        for person, day in year.started.items()
        if first <= day < first + WINDOW and person in year.answers
    ]
    return (len(given), round(sum(given) / len(given), 1)) if len(given) >= K else None


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


def main() -> None:
    """Print how many people each attack tells something about."""
    parser = ArgumentParser(prog="python -m tests.attacks.milestones", description=main.__doc__)
    parser.add_argument("--years", type=int, default=24, help="how many years are drawn")
    years = range(parser.parse_args().years)
    alone, together, plain, batches = Found(), Found(), Found(), 0
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template.sqlite3")
        migrate(f"sqlite:///{template}")
        for seed in years:
            copy = Path(folder, f"{seed}.sqlite3")
            shutil.copy(template, copy)
            year = asyncio.run(played(f"sqlite:///{copy}", seed))
            batches += len(year.batches)
            alone += attack(year, 0)
            together += attack(year, K - 1)
            plain += dashboard(year)
    sys.stdout.write(f"{len(years)} years, {plain.people} newcomers, {batches} batches\n")
    for name, found in (
        ("batches, directory and dates", alone),
        (f"the same, {K - 1} of each batch tell theirs", together),
        ("any 90 days, n >= k", plain),
    ):
        sys.stdout.write(
            f"{name}: answer of {found.answers}, taking part of {found.took_part}, "
            f"of {found.people} people\n"
        )


if __name__ == "__main__":
    logging.disable()
    main()
