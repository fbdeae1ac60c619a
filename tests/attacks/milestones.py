"""What batches of a milestone tell about single newcomers, and what a live dashboard would tell.

The attacker knows the directory with all dates, so whose window closes when; every batch with its
day, count and figure; the comments that came out beside it, and how many people wrote them; the
rules; and, in the second attack, k − 1 people of each batch who tell whether and what they answered
and wrote. The plain rule is a dashboard of those who started in any 90 days that the reader
chooses, shown from k answers on.

A person may write and answer nothing. `whoever_writes_answers` plays an attacker who believes that
nobody does so, and combines both counts.

`python -m tests.attacks.milestones --years N` plays N years through the real jobs and prints the
figures of docs/privacy.md.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations_with_replacement, pairwise, product
from pathlib import Path
from typing import Final

from bot.insights.pure.resolution import MEAN_RESOLUTION, in_steps
from bot.pulse.pure.pools import is_looked_at, most_released, most_shown
from tests.attacks.milestone_years import Batch, K, Year, played
from tests.conftest import migrate
from tests.milestones.walking import START

WINDOW: Final = timedelta(days=90)
VALUES: Final = range(1, 6)
THRESHOLDS: Final = [(number + 0.5) / 100 for number in range(100)]


@dataclass(frozen=True)
class Pooled:
    """Whose answers or comments waited together, in parts between two looks; what came out."""

    parts: Sequence[Sequence[str]]
    batch: Batch | None

    @property
    def people(self) -> list[str]:
        """Everybody in order of their windows."""
        return [person for part in self.parts for person in part]


@dataclass
class Found:
    """How many facts about single people an attacker determined, of how many people."""

    people: int = 0
    took_part: int = 0
    """Known to have answered or written, or not to have."""
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


def pooled_comments(year: Year) -> list[Pooled]:
    """Tell whose comments waited together; they are looked at on days of batches alone."""
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
        if day in out and is_looked_at(looked + len(waiting), looked, 2 * K):
            parts.append(waiting)
            waiting = []
            if out[day].authors:
                found.append(Pooled(parts, out[day]))
                parts = []
    return [*found, Pooled(parts, None)] if parts else found


def attack(year: Year, colluders: int) -> Found:
    """Determine what can be known of everybody else in each pool."""
    total = Found()
    for pool in pooled(year):
        known = _telling(pool, colluders)
        total += _taking_part(pool, known, year.answers.keys(), ANSWERS)
        total += _answers(year, pool, known)
    return total


def attack_comments(year: Year, colluders: int) -> Found:
    """Determine who wrote, or did not, of everybody else whose comments waited together.

    A comment's author is determined only where all of the others wrote.
    """
    total = Found()
    for pool in pooled_comments(year):
        total += _taking_part(pool, _telling(pool, colluders), year.writers, WRITTEN)
    return total


def whoever_writes_answers(year: Year, colluders: int) -> Found:
    """Combine comments with batches, if nobody who wrote could have answered nothing.

    Of the people between two looks, all must have answered if otherwise too few could have written.
    """
    total = Found()
    answers = pooled(year)
    for comments in pooled_comments(year):
        known = _telling(comments, colluders)
        last = set(comments.parts[-1])
        at_least = 0
        if comments.batch:
            earlier = 2 * K - 1 if len(comments.parts) > 1 else 0
            told = len(known & year.writers & last)
            at_least = comments.batch.authors - earlier - told
        pools = [pool for pool in answers if last & set(pool.people)]
        counts = [list(_counts(pool, known, year.answers.keys(), ANSWERS)) for pool in pools]
        most = sum(max(map(sum, each)) for each in counts)
        for pool, possible in zip(pools, counts, strict=True):
            for number, part in enumerate(pool.parts):
                unknown = len(set(part) - known)
                total.people += unknown
                not_all = [sum(each) for each in possible if each[number] < unknown]
                without = most - max(map(sum, possible)) + max(not_all, default=-sys.maxsize)
                if unknown and without < at_least:
                    total.took_part += unknown
                    total.wrong += not set(part) <= year.answers.keys() | known
    return total


def _telling(pool: Pooled, colluders: int) -> set[str]:
    """Return those who close a pool: they can learn most of the others in its last part."""
    return set(pool.people[-colluders:]) if colluders else set()


def _taking_part(pool: Pooled, known: set[str], did_so: Set[str], rule: "Rule") -> Found:
    """Find whose taking part follows from the counts that looks and the batch allow."""
    possible = list(_counts(pool, known, did_so, rule))
    assert possible, "what happened must be possible"
    found = Found()
    for number, part in enumerate(pool.parts):
        unknown = [person for person in part if person not in known]
        counts = {each[number] for each in possible}
        found.people += len(unknown)
        for all_of, did in ((len(unknown), True), (0, False)):
            if unknown and counts == {all_of}:
                found.took_part += len(unknown)
                found.wrong += sum((person in did_so) is not did for person in unknown)
    return found


def _counts(
    pool: Pooled, known: set[str], did_so: Set[str], rule: "Rule"
) -> Iterator[tuple[int, ...]]:
    """Yield how many unknown people of each part may have done so."""
    told = [len(known & did_so & set(part)) for part in pool.parts]
    sizes = [sum(each not in known for each in part) for part in pool.parts]
    for counts in product(*(range(size + 1) for size in sizes)):
        totals = [
            sum(counts[: number + 1]) + sum(told[: number + 1]) for number in range(len(counts))
        ]
        waited = totals[:-1] if pool.batch else totals
        if all(each < rule.least for each in waited) and (
            pool.batch is None or rule.says(totals[-1], pool) == rule.said(pool.batch)
        ):
            yield counts


@dataclass(frozen=True)
class Rule:
    """How many people must have done something before it comes out, and what is then seen."""

    least: int
    most_of: Callable[[int, int, int], int]
    said: Callable[[Batch], int]
    step: int

    def most(self, pool: Pooled) -> int:
        """Return how many may come out."""
        sizes = [len(part) for part in pool.parts]
        return self.most_of(sum(sizes), sum(sizes[:-1]), self.least)

    def says(self, people: int, pool: Pooled) -> int:
        """Return the count that would be seen of so many people; 0 if nothing would come out."""
        if people < self.least:
            return 0
        return in_steps(min(people, self.most(pool)), self.step)


ANSWERS: Final = Rule(K, most_released, lambda batch: batch.n, K)
WRITTEN: Final = Rule(2 * K, most_shown, lambda batch: batch.authors, 1)


def _answers(year: Year, pool: Pooled, known: set[str]) -> Found:
    """Find whose answer, if they gave one, follows from the figure."""
    if pool.batch is None:
        return Found()
    unknown = [person for person in pool.people if person not in known]
    told = [year.answers[person] for person in known if person in year.answers]
    possible: set[int] = set()
    for others in range(len(unknown) + 1):
        if ANSWERS.says(len(told) + others, pool) != pool.batch.n:
            continue
        left_out = max(0, len(told) + others - ANSWERS.most(pool))
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
    answers: set[str] = set()
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
            possible = _between(one, other) if count == 1 else []
            if len(possible) == 1:
                answers.add(person)
                found.wrong += possible != [year.answers.get(person)]
    found.took_part = len(known)
    found.answers = len(answers)
    return found


def _between(one: tuple[int, float], other: tuple[int, float]) -> list[int]:
    """Return the answers that one of two sets may have and the other lacks: means are rounded."""
    difference = (one[0] * one[1] - other[0] * other[1]) / 2.5 + 1
    error = (one[0] + other[0]) * 0.05 / 2.5 + 1e-9
    return [value for value in VALUES if abs(value - difference) <= error]


def _shown(year: Year, first: date) -> tuple[int, float] | None:
    """Return count and mean, to one decimal, of those who started in 90 days; None below k."""
    given = [
        2.5 * (year.answers[person] - 1)
        for person, day in year.started.items()
        if first <= day < first + WINDOW and person in year.answers
    ]
    return (len(given), round(sum(given) / len(given), 1)) if len(given) >= K else None


def main() -> None:
    """Print how many people each attack tells something about."""
    parser = ArgumentParser(prog="python -m tests.attacks.milestones", description=main.__doc__)
    parser.add_argument("--years", type=int, default=24, help="how many years are drawn")
    years = range(parser.parse_args().years)
    found = {colluders: [Found(), Found(), Found()] for colluders in (0, K - 1)}
    plain, batches, with_comments = Found(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template.sqlite3")
        migrate(f"sqlite:///{template}")
        for seed in years:
            copy = Path(folder, f"{seed}.sqlite3")
            shutil.copy(template, copy)
            year = asyncio.run(played(f"sqlite:///{copy}", seed))
            batches += len(year.batches)
            with_comments += sum(each.authors > 0 for each in year.batches)
            for colluders, so_far in found.items():
                for number, each in enumerate((attack, attack_comments, whoever_writes_answers)):
                    so_far[number] += each(year, colluders)
            plain += dashboard(year)
    sys.stdout.write(
        f"{len(years)} years, {plain.people} newcomers, {batches} batches, "
        f"{with_comments} of them with comments\n"
    )
    for colluders, (answers, comments, both) in found.items():
        sys.stdout.write(f"directory and dates, {colluders} people of each batch tell theirs:\n")
        _write("  batches", answers)
        _write("  comments", comments)
        _write("  both, if whoever writes answers", both)
    _write("any 90 days, n >= k", plain)


def _write(name: str, found: Found) -> None:
    sys.stdout.write(
        f"{name}: answer of {found.answers}, taking part of {found.took_part}, "
        f"of {found.people} people\n"
    )
    if found.wrong:
        raise AssertionError(f"{found.wrong} facts are not true")


if __name__ == "__main__":
    logging.disable()
    main()
