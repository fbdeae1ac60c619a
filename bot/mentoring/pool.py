"""Reads who takes part in mentoring, for a round, its preview, or the search for the next best.

A large company is read in pages, each in a transaction of its own and of a few milliseconds: a
database that takes one writer at a time serves presses in between, and so does the event loop. What
changes from one page to the next does no harm, because storing looks at each pair once more.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.mentoring.matching import Pair
from bot.mentoring.profiles import is_paused
from bot.mentoring.programme import programme_of
from bot.mentoring.rules import Pool
from bot.mentoring.scoring import Mentee, Mentor, Weights
from bot.mentoring.states import MENTEE_PASSED, NO_ANSWER, OPEN
from bot.mentoring.topics import gathered
from bot.mentoring.worktime import Calendar
from bot.people.away import is_away
from models import Employee, MentoringMatch, MentoringProfile

PAGE: Final = 250
"""Rows that are read at once: some 5 ms of work for the event loop."""
REFUSAL_REMEMBERED: Final = timedelta(weeks=12)
"""A mentor who had no time, or let a proposal lapse, is not asked for the same mentee so long."""
_FOR_GOOD: Final = frozenset({MENTEE_PASSED, "topics", "level", "other"})
"""Why a match was closed that speaks against these two: the mentee's choice, or the mentor's
`proposals.WhyNot`. Having no time, or pausing, passes."""

Reading = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction in which to read, such as `sessions.begin`."""


@dataclass(frozen=True)
class Task:
    """All that computing a round needs; plain values that another process can be given."""

    pool: Pool
    first_in_line: frozenset[str]
    """Mentees who lost a mentor through no choice of their own."""
    weights: Weights
    now: datetime
    seed: int


class Search:
    """The pool in which several mentees are found the next best, one after the other."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def note(self, pair: Pair) -> None:
        """Take note that a pair has been proposed: a place is gone, and a mentee waits no more."""
        pool = self.task.pool
        mentors = tuple(
            replace(each, taken=each.taken + 1) if each.id == pair.mentor_id else each
            for each in pool.mentors
        )
        mentees = tuple(each for each in pool.mentees if each.id != pair.mentee_id)
        self.task = replace(self.task, pool=replace(pool, mentees=mentees, mentors=mentors))


async def read_task(reading: Reading, workspace_id: str, now: datetime, seed: int) -> Task:
    """Read the pool as it is now."""
    async with reading() as session:
        weights = (await programme_of(session, workspace_id)).weights
    history = await _rows(reading, _matches(workspace_id), MentoringMatch.id)
    managers = await _rows(reading, _managers(workspace_id), Employee.id)
    people = await _rows(reading, _people(workspace_id), Employee.id)
    # Thousands of people take a tenth of a second to be put together.
    pool, first = await asyncio.to_thread(_pool, people, history, managers, now)
    return Task(pool, first, weights, now, seed)


def _pool(
    people: Sequence[Row[Any]],
    history: Sequence[Row[Any]],
    managers: Sequence[Row[Any]],
    now: datetime,
) -> tuple[Pool, frozenset[str]]:
    """Return the pool, and who of it is first in line."""
    taken = Counter(match.mentor_id for match in history if match.status in OPEN)
    provided = {match.mentee_id for match in history if match.status in OPEN}
    avoided = avoided_mentors(history, now)
    name_of = gathered(Counter(topic for row in people for topic in (*row.wants, *row.offers)))
    looking = [row for row in people if row.looking_since and row.id not in provided]
    pool = Pool(
        mentees=tuple(_mentee(row, name_of, avoided[row.id], now) for row in looking),
        mentors=tuple(
            _mentor(row, name_of, taken[row.id], now)
            for row in people
            if row.offers and row.capacity
        ),
        managers={row.id: row.manager_id for row in managers},
        earlier=frozenset(
            frozenset((match.mentor_id, match.mentee_id))
            for match in history
            if match.started_at is not None
        ),
    )
    return pool, frozenset(row.id for row in looking if row.first_in_line)


def avoided_mentors(history: Iterable[Any], now: datetime) -> Mapping[str, set[str]]:
    """Return, for each mentee, mentors who are not to be asked for them again, or not yet.

    They are kept apart like people who asked not to be paired: a rule of its own would show in the
    reasons that the mentee is told.
    """
    avoided: dict[str, set[str]] = defaultdict(set)
    for match in history:
        refused = match.status == "declined" or match.close_reason == NO_ANSWER
        recent = match.closed_at is not None and now - match.closed_at < REFUSAL_REMEMBERED
        if match.close_reason in _FOR_GOOD or (refused and recent):
            avoided[match.mentee_id].add(match.mentor_id)
    return avoided


def _mentee(row: Row[Any], name_of: Mapping[str, str], avoided: set[str], now: datetime) -> Mentee:
    return Mentee(
        **_person(row, avoided, now),
        wants=frozenset(name_of[topic] for topic in row.wants),
        waiting_since=row.looking_since,
    )


def _mentor(row: Row[Any], name_of: Mapping[str, str], taken: int, now: datetime) -> Mentor:
    return Mentor(
        **_person(row, set(), now),
        offers=frozenset(name_of[topic] for topic in row.offers),
        capacity=row.capacity,
        taken=taken,
    )


def _person(row: Row[Any], avoided: set[str], now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "team": row.team,
        "years": row.experience_years,
        "languages": frozenset(row.languages),
        "calendar": Calendar(row.tz, days=frozenset(row.preferred_days)),
        "never_with": frozenset(row.never_with) | avoided,
        "paused": is_paused(row.paused_until, _date_in(row.tz, now)),
        "away": is_away(row.away_until, now),
    }


@lru_cache(maxsize=1000)
def _date_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


async def _rows(
    reading: Reading, statement: Select[*tuple[Any, ...]], key: InstrumentedAttribute[str]
) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    async for page in pages(reading, statement, key):
        rows += page
    return rows


async def pages(
    reading: Reading, statement: Select[*tuple[Any, ...]], key: InstrumentedAttribute[str]
) -> AsyncIterator[Sequence[Row[Any]]]:
    """Read what a statement finds, in the order of `key`, which is unique and its first column."""
    after = ""
    while True:
        async with reading() as session:
            found = await session.execute(statement.where(key > after).order_by(key).limit(PAGE))
            page = found.all()
        yield page
        if len(page) < PAGE:
            return
        after = page[-1][0]
        await asyncio.sleep(0)


def _people(workspace_id: str) -> Select[*tuple[Any, ...]]:
    profile = MentoringProfile
    return (
        select(
            Employee.id,
            Employee.team,
            Employee.tz,
            Employee.away_until,
            profile.offers,
            profile.wants,
            profile.experience_years,
            profile.languages,
            profile.capacity,
            profile.preferred_days,
            profile.never_with,
            profile.paused_until,
            profile.looking_since,
            profile.first_in_line,
        )
        .join(profile, of_one_person())
        .where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
    )


def of_one_person() -> Any:
    """Return the condition on which a directory row and a profile are the same person's."""
    return (Employee.workspace_id == MentoringProfile.workspace_id) & (
        Employee.id == MentoringProfile.employee_id
    )


def _matches(workspace_id: str) -> Select[*tuple[Any, ...]]:
    match = MentoringMatch
    return select(
        match.id,
        match.mentor_id,
        match.mentee_id,
        match.status,
        match.close_reason,
        match.closed_at,
        match.started_at,
    ).where(match.workspace_id == workspace_id)


def _managers(workspace_id: str) -> Select[*tuple[Any, ...]]:
    return select(Employee.id, Employee.manager_id).where(
        Employee.workspace_id == workspace_id, Employee.manager_id.is_not(None)
    )
