"""Rounds: read the pool, match it outside any transaction, and store proposals.

People keep pressing buttons while a round is computed, so storing checks each pair again.
"""

import asyncio
import pickle
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from multiprocessing import get_context
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import end_of_working_day_after
from bot.attention.pure.good_moments import REMIND_BEFORE, good_moment
from bot.attention.readers import is_absent
from bot.mentoring.enqueue import calendar_of, enqueue
from bot.mentoring.match_states import OPEN
from bot.mentoring.profiles.queries import same_person
from bot.mentoring.profiles.service import is_paused, local_date
from bot.mentoring.programme.service import locked_programme
from bot.mentoring.rounds.pure.matching import Pair, Round, Unmatched, propose_round
from bot.mentoring.rounds.pure.scoring import MatchReason
from bot.mentoring.rounds.read_pool import OpenTransaction, RoundTask, read_task
from models import Employee, MentoringMatch, MentoringProfile, MentoringRound
from models.database import new_key

MENTOR_PROPOSAL: Final = "mentor_proposal"
MENTOR_WAITING: Final = "mentor_waiting"
LARGE: Final = 50_000
"""Possible pairs from which a round is computed in a separate process, to not block this one."""
_STORED_AT_ONCE: Final = 5
"""Proposals or messages per transaction: about 10 ms."""
_PARCEL: Final = 1_000
"""People or pairs per parcel to and from the other process: about 5 ms of pickling, in which no
other thread of this process runs."""


def compute_round(task: RoundTask) -> Round:
    """Match the pool; among rounds with the most pairs, prefer people who are first in line.

    >>> from datetime import UTC
    >>> from bot.mentoring.rounds.pure.rules import Pool
    >>> from bot.mentoring.rounds.pure.scoring import Mentee, Mentor, Weights
    >>> day = datetime(2026, 11, 3, tzinfo=UTC)
    >>> waits = [Mentee(id=name, wants=frozenset({"Go"}), waiting_since=day) for name in "ab"]
    >>> pool = Pool(tuple(waits), (Mentor(id="m", offers=frozenset({"Go"})),), {})
    >>> task = RoundTask(pool, frozenset("b"), Weights(), day, seed=1)
    >>> [pair.mentee_id for pair in compute_round(task).pairs]
    ['b']
    """
    return propose_round(task.pool, task.weights, task.now, task.seed, task.first_in_line)


async def compute_round_in_background(task: RoundTask) -> Round:
    """Compute a round without blocking the event loop."""
    small = len(task.pool.mentees) * len(task.pool.mentors) < LARGE
    # A thread also starts and ends the process, because both would block the loop.
    return await asyncio.to_thread(compute_round if small else _compute_apart, task)


def _compute_apart(task: RoundTask) -> Round:
    pool = task.pool
    rest = replace(task, pool=replace(pool, mentees=(), mentors=()))
    # Spawned, because a fork would copy the database's connections and the threads' locks.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        found = process.submit(_compute_parcels, rest, _pack(pool.mentees), _pack(pool.mentors))
        result, pairs, unmatched = found.result()
    return replace(result, pairs=_unpack(pairs), unmatched=_unpack(unmatched))


def _compute_parcels(
    task: RoundTask, mentees: list[bytes], mentors: list[bytes]
) -> tuple[Round, list[bytes], list[bytes]]:
    """Compute a round whose people come in parcels; runs in the other process."""
    pool = replace(task.pool, mentees=_unpack(mentees), mentors=_unpack(mentors))
    result = compute_round(replace(task, pool=pool))
    rest = replace(result, pairs=(), unmatched=())
    return rest, _pack(result.pairs), _pack(result.unmatched)


def _pack(items: Sequence[Any]) -> list[bytes]:
    return [pickle.dumps(items[n : n + _PARCEL]) for n in range(0, len(items), _PARCEL)]


def _unpack(parcels: Iterable[bytes]) -> tuple[Any, ...]:
    # Safe to unpickle: only our own process has pickled it.
    return tuple(chain.from_iterable(pickle.loads(each) for each in parcels))  # noqa: S301


async def planned_rounds(session: AsyncSession, kind: str) -> list[tuple[str, str]]:
    """Return workspace and id of the planned rounds."""
    rows = await session.execute(
        select(MentoringRound.workspace_id, MentoringRound.id)
        .where(MentoringRound.status == "planned", MentoringRound.kind == kind)
        .order_by(MentoringRound.planned_at, MentoringRound.id)
    )
    return [(workspace_id, round_id) for workspace_id, round_id in rows]


async def planned_round_task(
    reading: OpenTransaction, workspace_id: str, round_id: str, now: datetime
) -> RoundTask | None:
    """Read the pool for a planned round; None if another process has held it."""
    async with reading() as session:
        planned = await session.get(MentoringRound, (workspace_id, round_id))
        if planned is None or planned.status != "planned":
            return None
        seed = planned.seed
    return await read_task(reading, workspace_id, now, seed)


async def store_round(
    opening: OpenTransaction, workspace_id: str, round_id: str, result: Round, now: datetime
) -> int:
    """Store a round: ask the mentors, and tell mentees without one why.

    Stores a few at a time, so that presses get their turn with the database. An interrupted round
    stays planned and is held again for the remaining people. A stored round does not change.
    Returns the number of mentors who are asked.
    """
    asked = 0
    found: tuple[Pair | Unmatched, ...] = (*result.pairs, *result.unmatched)
    waiting = {gap.topic: gap.waiting for gap in result.gaps}
    for start in range(0, len(found), _STORED_AT_ONCE):
        async with opening() as session:
            available = await _read_availability(
                session, workspace_id, now, found[start:][:_STORED_AT_ONCE]
            )
            if not await _is_planned(session, workspace_id, round_id):
                return asked
            for each in found[start:][:_STORED_AT_ONCE]:
                if isinstance(each, Pair):
                    asked += await _propose(session, available, each, round_id)
                elif available.is_waiting(each.mentee_id):
                    await tell_why(session, workspace_id, round_id, each, waiting, now)
    async with opening() as session:
        await locked_programme(session, workspace_id)
        if await _is_planned(session, workspace_id, round_id):
            held = await session.get_one(MentoringRound, (workspace_id, round_id))
            held.status, held.done_at = "done", now
    return asked


async def _is_planned(session: AsyncSession, workspace_id: str, round_id: str) -> bool:
    """Return True if the round has not been held; the caller holds the programme's lock."""
    key = (workspace_id, round_id)
    held = await session.get_one(MentoringRound, key, populate_existing=True)
    return held.status == "planned"


async def propose(session: AsyncSession, workspace_id: str, pair: Pair, now: datetime) -> bool:
    """Ask one mentor outside a round; False if the pair is no longer possible."""
    available = await _read_availability(session, workspace_id, now, [pair])
    return await _propose(session, available, pair, None)


@dataclass
class _Availability:
    """People and taken places, while the lock keeps others from making proposals."""

    workspace_id: str
    now: datetime
    people: Mapping[str, tuple[MentoringProfile, Employee]]
    """People who are neither paused nor away. Holding both rows saves `enqueue` its queries."""
    taken: Counter[str]
    provided: set[str]

    def is_waiting(self, mentee: str) -> bool:
        known = self.people.get(mentee)
        return known is not None and bool(known[0].looking_since) and mentee not in self.provided

    def has_place(self, mentor: str) -> bool:
        known = self.people.get(mentor)
        return known is not None and self.taken[mentor] < known[0].capacity


async def _read_availability(
    session: AsyncSession, workspace_id: str, now: datetime, found: Sequence[Pair | Unmatched]
) -> _Availability:
    """Lock the programme, and read these people and their open matches."""
    await locked_programme(session, workspace_id)
    people = {each.mentee_id for each in found}
    people |= {each.mentor_id for each in found if isinstance(each, Pair)}
    match = MentoringMatch
    open_matches = await session.execute(
        select(match.mentor_id, match.mentee_id).where(
            match.workspace_id == workspace_id,
            match.status.in_(OPEN),
            or_(match.mentor_id.in_(people), match.mentee_id.in_(people)),
        )
    )
    pairs = [(mentor, mentee) for mentor, mentee in open_matches]
    rows = await session.execute(
        select(MentoringProfile, Employee)
        .join(Employee, same_person())
        .where(
            MentoringProfile.workspace_id == workspace_id,
            Employee.active.is_(True),
            Employee.id.in_(people),
            ~is_absent(now),
        )
        # The session may hold older versions of these rows.
        .execution_options(populate_existing=True)
    )
    return _Availability(
        workspace_id,
        now,
        {
            employee.id: (profile, employee)
            for profile, employee in rows
            if not is_paused(profile.paused_until, local_date(employee, now))
        },
        Counter(mentor for mentor, _ in pairs),
        {mentee for _, mentee in pairs},
    )


async def _propose(
    session: AsyncSession, available: _Availability, pair: Pair, round_id: str | None
) -> bool:
    """Store a proposal if both are still free."""
    if not available.is_waiting(pair.mentee_id) or not available.has_place(pair.mentor_id):
        return False
    match = MentoringMatch(
        workspace_id=available.workspace_id,
        id=new_key(),
        round_id=round_id,
        mentor_id=pair.mentor_id,
        mentee_id=pair.mentee_id,
        status="proposed",
        score=pair.score,
        reasons=[_as_json(reason) for reason in pair.reasons],
        waiting_since=available.people[pair.mentee_id][0].looking_since,
        proposed_at=available.now,
    )
    session.add(match)
    available.taken[pair.mentor_id] += 1
    available.provided.add(pair.mentee_id)
    await ask_for_answer(session, match, MENTOR_PROPOSAL, pair.mentor_id, available.now)
    return True


async def ask_for_answer(
    session: AsyncSession, match: MentoringMatch, kind: str, person: str, now: datetime
) -> None:
    """Write to a person and give them three of their working days to answer."""
    await enqueue(session, match.workspace_id, kind, person, match.id, now, match=match.id)
    await give_time_to_answer(session, match, person, now)


async def give_time_to_answer(
    session: AsyncSession, match: MentoringMatch, person: str, now: datetime
) -> None:
    """Give a person three of their working days to answer, from their next good moment on."""
    calendar = await calendar_of(session, match.workspace_id, person)
    match.answer_by = end_of_working_day_after(good_moment(calendar, now), calendar)
    match.due_at = match.answer_by - REMIND_BEFORE
    match.reminded = False


async def tell_why(
    session: AsyncSession,
    workspace_id: str,
    round_id: str,
    left: Unmatched,
    waiting: Mapping[str, int],
    now: datetime,
) -> None:
    """Tell a mentee, once per round, why they have no mentor.

    `waiting` counts the people who wait for each topic.
    """
    await enqueue(
        session,
        workspace_id,
        MENTOR_WAITING,
        left.mentee_id,
        round_id,
        now,
        why=left.why.value,
        missing=[[topic, waiting.get(topic, 1)] for topic in left.missing_topics],
    )


def _as_json(reason: MatchReason) -> dict[str, Any]:
    return {"part": reason.part.value, "values": list(reason.values), "amount": reason.amount}
