"""Reads the people of a round, its preview, or the search for the next best mentor.

A large company is read in pages, each in its own transaction of a few milliseconds, so that the
event loop, and a database with one writer, can serve presses in between. Changes between pages do
no harm, because storing checks each pair again.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar, cast

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.countries import country_at
from bot.attention.pure.zones import zone_of
from bot.attention.readers import Preference, is_absent, preference_of
from bot.mentoring.match_states import MENTEE_PASSED, NO_ANSWER, OPEN
from bot.mentoring.profiles.pure.topics import merge_spellings
from bot.mentoring.profiles.queries import same_person
from bot.mentoring.profiles.service import is_paused
from bot.mentoring.programme.service import programme_of
from bot.mentoring.rounds.pure.matching import Pair
from bot.mentoring.rounds.pure.rules import Pool
from bot.mentoring.rounds.pure.scoring import Mentee, Mentor, Weights
from models import AttentionPreference, Employee, MentoringMatch, MentoringProfile, Workspace

PAGE: Final = 250
"""Rows per page: about 5 ms of work for the event loop."""
REFUSAL_REMEMBERED: Final = timedelta(weeks=12)
"""How long a mentor who had no time, or did not answer, is not asked for the same mentee again."""
_FOR_GOOD: Final = frozenset({MENTEE_PASSED, "topics", "level", "other"})
"""Close reasons after which the two are never matched again: the mentee's choice, or the mentor's
`proposals.WhyNot`. No time and a pause are temporary."""

Value = TypeVar("Value")
OpenTransaction = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction, such as `sessions.begin`."""


@dataclass(frozen=True)
class RoundTask:
    """Everything that a round is computed from, as plain values that can go to another process."""

    pool: Pool
    first_in_line: frozenset[str]
    """Mentees who lost a mentor through no choice of their own."""
    weights: Weights
    now: datetime
    seed: int


class NextBestSearch:
    """The pool in which the next best mentors of several mentees are found one after the other."""

    def __init__(self, task: RoundTask) -> None:
        self.task = task

    def note(self, pair: Pair) -> None:
        """Remove a proposed pair: the mentor has one place less, and the mentee no longer waits."""
        pool = self.task.pool
        mentors = tuple(
            replace(each, taken=each.taken + 1) if each.id == pair.mentor_id else each
            for each in pool.mentors
        )
        mentees = tuple(each for each in pool.mentees if each.id != pair.mentee_id)
        self.task = replace(self.task, pool=replace(pool, mentees=mentees, mentors=mentors))


async def read_task(
    reading: OpenTransaction, workspace_id: str, now: datetime, seed: int
) -> RoundTask:
    """Read the pool as it is now."""
    async with reading() as session:
        weights = (await programme_of(session, workspace_id)).weights
        usual = preference_of(await session.get_one(Workspace, workspace_id), None)
    history = await _all(reading, _matches(workspace_id), MentoringMatch.id, _past)
    managers = await _all(reading, _managers(workspace_id), Employee.id, _two)
    members = await _all(
        reading, _people(workspace_id, now), Employee.id, _Members(usual, now).read
    )
    # Building a pool of thousands of people takes a tenth of a second.
    pool, first = await asyncio.to_thread(_pool, members, history, dict(managers), now)
    return RoundTask(pool, first, weights, now, seed)


class _Past(NamedTuple):
    """What later rounds need to know of a match."""

    mentor_id: str
    mentee_id: str
    status: str
    close_reason: str | None
    closed_at: datetime | None
    started_at: datetime | None


class _Member(NamedTuple):
    """A person's profile before its topics are unified with those of the others."""

    id: str
    known: dict[str, Any]
    """Arguments of `Participant`."""
    wants: tuple[str, ...]
    offers: tuple[str, ...]
    capacity: int
    looking_since: datetime | None
    first_in_line: bool


class _Members:
    """Turns rows into members that share equal values.

    Each garbage collection stops the process for longer the more objects there are. Most people's
    languages, calendars and other values are equal, so sharing them keeps the number small.
    """

    def __init__(self, usual: Preference, now: datetime) -> None:
        self._usual = usual
        self._now = now
        self._one_of: dict[Any, Any] = {}
        self._today: dict[str, date] = {}

    def read(self, row: Row[Any]) -> _Member:
        if row.tz not in self._today:
            self._today[row.tz] = self._now.astimezone(zone_of(row.tz)).date()
        known = {
            "id": row.id,
            "team": self._shared(row.team),
            "years": row.experience_years,
            "languages": self._shared(frozenset(row.languages)),
            "calendar": self._shared(self._calendar(row)),
            "never_with": self._shared(frozenset(row.never_with)),
            "paused": is_paused(row.paused_until, self._today[row.tz]),
            "away": row.away,
        }
        wants, offers = (
            self._shared(tuple(self._shared(topic) for topic in topics))
            for topics in (row.wants, row.offers)
        )
        return _Member(
            row.id, known, wants, offers, row.capacity, row.looking_since, row.first_in_line
        )

    def _calendar(self, row: Row[Any]) -> Calendar:
        return Calendar(
            row.tz,
            country_at(row.location),
            frozenset(row.preferred_days),
            frozenset(row.working_days or ()),
            row.work_starts or self._usual.work_starts,
            row.work_ends or self._usual.work_ends,
        )

    def _shared(self, value: Value) -> Value:
        return cast("Value", self._one_of.setdefault(value, value))


def _pool(
    members: Sequence[_Member],
    history: Sequence[_Past],
    managers: Mapping[str, str],
    now: datetime,
) -> tuple[Pool, frozenset[str]]:
    """Return the pool, and the mentees who are first in line."""
    taken = Counter(match.mentor_id for match in history if match.status in OPEN)
    provided = {match.mentee_id for match in history if match.status in OPEN}
    avoided = avoided_mentors(history, now)
    name_of = merge_spellings(
        Counter(topic for each in members for topic in (*each.wants, *each.offers))
    )
    looking = [each for each in members if each.looking_since and each.id not in provided]
    pool = Pool(
        mentees=tuple(_mentee(each, name_of, avoided.get(each.id, set())) for each in looking),
        mentors=tuple(
            _mentor(each, name_of, taken[each.id])
            for each in members
            if each.offers and each.capacity
        ),
        managers=managers,
        earlier=frozenset(
            frozenset((match.mentor_id, match.mentee_id))
            for match in history
            if match.started_at is not None
        ),
    )
    return pool, frozenset(each.id for each in looking if each.first_in_line)


def avoided_mentors(history: Iterable[_Past], now: datetime) -> Mapping[str, set[str]]:
    """Return for each mentee the mentors who are not asked for them again, or not yet.

    They are treated like people who asked not to be paired: a separate rule would show in the
    reasons that the mentee is told.
    """
    avoided: dict[str, set[str]] = defaultdict(set)
    for match in history:
        refused = match.status == "declined" or match.close_reason == NO_ANSWER
        recent = match.closed_at is not None and now - match.closed_at < REFUSAL_REMEMBERED
        if match.close_reason in _FOR_GOOD or (refused and recent):
            avoided[match.mentee_id].add(match.mentor_id)
    return avoided


def _mentee(member: _Member, name_of: Mapping[str, str], avoided: set[str]) -> Mentee:
    known = member.known
    if avoided:
        known = known | {"never_with": known["never_with"] | avoided}
    wants = frozenset(name_of[topic] for topic in member.wants)
    return Mentee(**known, wants=wants, waiting_since=cast("datetime", member.looking_since))


def _mentor(member: _Member, name_of: Mapping[str, str], taken: int) -> Mentor:
    offers = frozenset(name_of[topic] for topic in member.offers)
    return Mentor(**member.known, offers=offers, capacity=member.capacity, taken=taken)


def _past(row: Row[Any]) -> _Past:
    return _Past(
        row.mentor_id, row.mentee_id, row.status, row.close_reason, row.closed_at, row.started_at
    )


def _two(row: Row[Any]) -> tuple[str, str]:
    return row.id, row.manager_id


async def _all(
    reading: OpenTransaction,
    statement: Select[*tuple[Any, ...]],
    key: InstrumentedAttribute[str],
    made_of: Callable[[Row[Any]], Value],
) -> list[Value]:
    """Read all rows of a statement, page by page, and convert each one."""
    found: list[Value] = []
    async for page in pages(reading, statement, key):
        found += [made_of(row) for row in page]
    return found


async def pages(
    reading: OpenTransaction, statement: Select[*tuple[Any, ...]], key: InstrumentedAttribute[str]
) -> AsyncIterator[Sequence[Row[Any]]]:
    """Read a statement's rows in pages, ordered by `key`, its unique first column."""
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


def _people(workspace_id: str, now: datetime) -> Select[*tuple[Any, ...]]:
    profile, chosen = MentoringProfile, AttentionPreference
    return (
        select(
            Employee.id,
            Employee.team,
            Employee.tz,
            Employee.location,
            is_absent(now).label("away"),
            chosen.working_days,
            chosen.work_starts,
            chosen.work_ends,
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
        .select_from(Employee)
        .join(profile, same_person())
        .outerjoin(
            chosen,
            (chosen.workspace_id == Employee.workspace_id) & (chosen.employee_id == Employee.id),
        )
        .where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
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
