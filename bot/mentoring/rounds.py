"""Rounds: the pool is read, matched outside of any transaction, and stored as proposals.

While a round is computed people go on pressing, so storing it looks at each pair once more.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring import outbox
from bot.mentoring.matching import Pair, Round, Unmatched, propose_round
from bot.mentoring.profiles import is_paused, local_date
from bot.mentoring.programme import locked_programme, programme_of
from bot.mentoring.rules import Pool
from bot.mentoring.scoring import Mentee, Mentor, Reason, Weights
from bot.mentoring.states import MENTOR_PAUSED, NO_ANSWER, OPEN
from bot.mentoring.timing import REMIND_BEFORE
from bot.mentoring.worktime import Calendar, three_working_days
from models import Employee, MentoringMatch, MentoringProfile, MentoringRound
from models.database import new_key

LAPSE_REMEMBERED: Final = timedelta(weeks=12)
"""A mentor who let a proposal lapse is not asked for the same mentee again for so long."""
LARGE: Final = 50_000
"""Pairs from which a round is computed in a process of its own: it would hold up the others."""


@dataclass(frozen=True)
class Task:
    """All that computing a round needs; plain values that another process can be given."""

    pool: Pool
    first_in_line: frozenset[str]
    """Mentees who lost a mentor through no choice of their own."""
    weights: Weights
    now: datetime
    seed: int


def compute(task: Task) -> Round:
    """Match the pool; of rounds with as many pairs, one that serves who is first in line.

    >>> from datetime import UTC
    >>> day = datetime(2026, 11, 3, tzinfo=UTC)
    >>> waits = [Mentee(id=name, wants=frozenset({"Go"}), waiting_since=day) for name in "ab"]
    >>> pool = Pool(tuple(waits), (Mentor(id="m", offers=frozenset({"Go"})),), {})
    >>> [pair.mentee_id for pair in compute(Task(pool, frozenset("b"), Weights(), day, 1)).pairs]
    ['b']
    """
    return propose_round(task.pool, task.weights, task.now, task.seed, task.first_in_line)


async def computed(task: Task) -> Round:
    """Compute a round while the event loop goes on answering."""
    if len(task.pool.mentees) * len(task.pool.mentors) < LARGE:
        return await asyncio.to_thread(compute, task)
    # Spawned: a fork would take the database's connections and the threads' locks along.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own_process:
        return await asyncio.get_running_loop().run_in_executor(own_process, compute, task)


async def planned_rounds(session: AsyncSession, kind: str) -> list[tuple[str, str]]:
    """Return workspace and id of the rounds that are to be held."""
    rows = await session.execute(
        select(MentoringRound.workspace_id, MentoringRound.id)
        .where(MentoringRound.status == "planned", MentoringRound.kind == kind)
        .order_by(MentoringRound.planned_at, MentoringRound.id)
    )
    return [(workspace_id, round_id) for workspace_id, round_id in rows]


async def task_of(session: AsyncSession, workspace_id: str, now: datetime, seed: int) -> Task:
    """Read the pool as it is now, for a round or its preview."""
    rows = (await session.execute(_everybody(workspace_id))).all()
    history = (await session.scalars(_matches(workspace_id))).all()
    taken = Counter(match.mentor_id for match in history if match.status in OPEN)
    provided = {match.mentee_id for match in history if match.status in OPEN}
    avoided = _avoided(history, now)
    looking = [
        (profile, employee)
        for profile, employee in rows
        if profile.looking_since is not None and employee.id not in provided
    ]
    return Task(
        pool=Pool(
            mentees=tuple(_mentee(*row, avoided[row[1].id], now) for row in looking),
            mentors=tuple(
                _mentor(profile, employee, taken[employee.id], now)
                for profile, employee in rows
                if profile.offers and profile.capacity
            ),
            managers=await _managers(session, workspace_id),
            earlier=frozenset(
                frozenset((match.mentor_id, match.mentee_id))
                for match in history
                if match.started_at is not None
            ),
        ),
        first_in_line=frozenset(employee.id for row, employee in looking if row.first_in_line),
        weights=(await programme_of(session, workspace_id)).weights,
        now=now,
        seed=seed,
    )


async def planned_task(
    session: AsyncSession, workspace_id: str, round_id: str, now: datetime
) -> Task | None:
    """Read the pool for a planned round; None when somebody else has held it."""
    planned = await session.get(MentoringRound, (workspace_id, round_id))
    if planned is None or planned.status != "planned":
        return None
    return await task_of(session, workspace_id, now, planned.seed)


async def store_round(
    session: AsyncSession, workspace_id: str, round_id: str, result: Round, now: datetime
) -> int:
    """Store a computed round: mentors are asked, whoever is left is told why.

    Returns how many mentors are asked. A round that was stored already stays as it is.
    """
    desk = await _open_desk(session, workspace_id, now)
    held = await session.get_one(MentoringRound, (workspace_id, round_id), populate_existing=True)
    if held.status != "planned":
        return 0
    held.status, held.done_at = "done", now
    asked = 0
    for pair in result.pairs:
        asked += await _propose(session, desk, pair, round_id)
    waiting = {gap.topic: gap.waiting for gap in result.gaps}
    for left in result.unmatched:
        if desk.is_waiting(left.mentee_id):
            await _tell_why(session, desk, round_id, left, waiting)
    return asked


async def propose(session: AsyncSession, workspace_id: str, pair: Pair, now: datetime) -> bool:
    """Ask one mentor outside of a round; False when the pair is no longer possible."""
    return await _propose(session, await _open_desk(session, workspace_id, now), pair, None)


@dataclass
class _Desk:
    """Who takes part and which places are taken, while nobody else makes proposals."""

    workspace_id: str
    now: datetime
    profiles: Mapping[str, MentoringProfile]
    """Of employees who are not paused."""
    taken: Counter[str]
    provided: set[str]

    def is_waiting(self, mentee: str) -> bool:
        profile = self.profiles.get(mentee)
        return bool(profile and profile.looking_since) and mentee not in self.provided

    def has_place(self, mentor: str) -> bool:
        return mentor in self.profiles and self.taken[mentor] < self.profiles[mentor].capacity


async def _open_desk(session: AsyncSession, workspace_id: str, now: datetime) -> _Desk:
    await locked_programme(session, workspace_id)
    open_matches = await session.execute(
        select(MentoringMatch.mentor_id, MentoringMatch.mentee_id).where(
            MentoringMatch.workspace_id == workspace_id, MentoringMatch.status.in_(OPEN)
        )
    )
    pairs = [(mentor, mentee) for mentor, mentee in open_matches]
    return _Desk(
        workspace_id,
        now,
        {
            employee.id: profile
            for profile, employee in await session.execute(_everybody(workspace_id))
            if not is_paused(profile.paused_until, local_date(employee, now))
        },
        Counter(mentor for mentor, _ in pairs),
        {mentee for _, mentee in pairs},
    )


async def _propose(session: AsyncSession, desk: _Desk, pair: Pair, round_id: str | None) -> bool:
    """Store a proposal if both are still free for it."""
    if not desk.is_waiting(pair.mentee_id) or not desk.has_place(pair.mentor_id):
        return False
    match = MentoringMatch(
        workspace_id=desk.workspace_id,
        id=new_key(),
        round_id=round_id,
        mentor_id=pair.mentor_id,
        mentee_id=pair.mentee_id,
        status="proposed",
        score=pair.score,
        reasons=[_as_json(reason) for reason in pair.reasons],
        waiting_since=desk.profiles[pair.mentee_id].looking_since,
        proposed_at=desk.now,
    )
    session.add(match)
    desk.taken[pair.mentor_id] += 1
    desk.provided.add(pair.mentee_id)
    await ask_for_answer(session, match, outbox.PROPOSAL, pair.mentor_id, desk.now)
    return True


async def ask_for_answer(
    session: AsyncSession, match: MentoringMatch, kind: str, person: str, now: datetime
) -> None:
    """Write to somebody and give them three of their working days to answer."""
    due_at = await outbox.enqueue(
        session, match.workspace_id, kind, person, match.id, now, match=match.id
    )
    calendar = await outbox.calendar_of(session, match.workspace_id, person) or Calendar()
    match.answer_by = three_working_days(due_at, calendar)
    match.due_at = match.answer_by - REMIND_BEFORE
    match.reminded = False


async def _tell_why(
    session: AsyncSession,
    desk: _Desk,
    round_id: str,
    left: Unmatched,
    waiting: Mapping[str, int],
) -> None:
    await outbox.enqueue(
        session,
        desk.workspace_id,
        outbox.WAITING,
        left.mentee_id,
        round_id,
        desk.now,
        why=left.why.value,
        missing=[[topic, waiting.get(topic, 1)] for topic in left.missing_topics],
    )


def _everybody(workspace_id: str) -> Any:
    return (
        select(MentoringProfile, Employee)
        .join(
            Employee,
            (Employee.workspace_id == MentoringProfile.workspace_id)
            & (Employee.id == MentoringProfile.employee_id),
        )
        .where(MentoringProfile.workspace_id == workspace_id, Employee.active.is_(True))
        .order_by(Employee.id)
    )


def _matches(workspace_id: str) -> Any:
    return (
        select(MentoringMatch)
        .where(MentoringMatch.workspace_id == workspace_id)
        .order_by(MentoringMatch.id)
    )


async def _managers(session: AsyncSession, workspace_id: str) -> dict[str, str]:
    rows = await session.execute(
        select(Employee.id, Employee.manager_id).where(
            Employee.workspace_id == workspace_id, Employee.manager_id.is_not(None)
        )
    )
    return {person: manager for person, manager in rows if manager}


def _avoided(history: Iterable[MentoringMatch], now: datetime) -> dict[str, set[str]]:
    """Return, for each mentee, mentors who said "not now" or did not answer.

    They are kept apart like people who asked not to be paired: a rule of its own would show in
    the reasons that the mentee is told.
    """
    avoided: dict[str, set[str]] = defaultdict(set)
    for match in history:
        recent = match.closed_at is not None and now - match.closed_at < LAPSE_REMEMBERED
        declined = match.status == "declined" and match.close_reason != MENTOR_PAUSED
        if declined or (match.close_reason == NO_ANSWER and recent):
            avoided[match.mentee_id].add(match.mentor_id)
    return avoided


def _mentee(
    profile: MentoringProfile, employee: Employee, avoided: set[str], now: datetime
) -> Mentee:
    return Mentee(
        **_person(profile, employee, avoided, now),
        wants=frozenset(profile.wants),
        waiting_since=profile.looking_since or now,
    )


def _mentor(profile: MentoringProfile, employee: Employee, taken: int, now: datetime) -> Mentor:
    return Mentor(
        **_person(profile, employee, set(), now),
        offers=frozenset(profile.offers),
        capacity=profile.capacity,
        taken=taken,
    )


def _person(
    profile: MentoringProfile, employee: Employee, avoided: set[str], now: datetime
) -> dict[str, Any]:
    return {
        "id": employee.id,
        "team": employee.team,
        "years": profile.experience_years,
        "languages": frozenset(profile.languages),
        "calendar": outbox.make_calendar(employee, profile),
        "never_with": frozenset(profile.never_with) | avoided,
        "paused": is_paused(profile.paused_until, local_date(employee, now)),
    }


def _as_json(reason: Reason) -> dict[str, Any]:
    return {"part": reason.part.value, "values": list(reason.values), "amount": reason.amount}
