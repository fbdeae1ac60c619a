"""Two presses, or a press and a lapse, at once: they end as one after the other, in any order."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.match_states import OPEN
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.departures import settle_departure
from bot.mentoring.profiles import service as profiles
from bot.mentoring.proposals import service as proposals
from bot.mentoring.proposals.service import Proposal
from bot.mentoring.refusals import MatchPressRefusedError
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pure.matching import Pair
from models import Delivery, Employee, MentoringMatch, MentoringProfile
from models.database import Base, Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import (
    actor,
    mentee,
    mentor,
    open_match,
    person,
    post_all,
    programme,
    proposed,
    run_jobs,
    runtime_on,
)

Use = Callable[[AsyncSession, MentoringMatch], Awaitable[Any]]


def press(use_case: Any, *, by_mentor: bool) -> Use:
    async def pressed(session: AsyncSession, match: MentoringMatch) -> Any:
        who = actor(match.mentor_id if by_mentor else match.mentee_id)
        try:
            return await use_case(session, who, match.id, moment_of(match))
        except MatchPressRefusedError as refused:
            return refused

    return pressed


def due(step: Any) -> Use:
    async def done(session: AsyncSession, match: MentoringMatch) -> Any:
        return await step(session, WORKSPACE, match.id, moment_of(match))

    return done


async def depart(session: AsyncSession, match: MentoringMatch) -> bool:
    """Let the mentor leave the company, and the scheduler notice."""
    gone = update(Employee).where(Employee.id == match.mentor_id).values(active=False)
    await session.execute(gone)
    return await settle_departure(session, WORKSPACE, match.id, moment_of(match))


async def leave(session: AsyncSession, match: MentoringMatch) -> bool:
    return await profiles.leave(session, actor(match.mentor_id))


def moment_of(match: MentoringMatch) -> datetime:
    """Return when an answer lapses, or a pair is looked at."""
    moment = match.answer_by or match.due_at
    assert moment
    return moment


USES: dict[str, Use] = {
    "accept": press(proposals.accept, by_mentor=True),
    "decline": press(proposals.decline, by_mentor=True),
    "pause": press(proposals.pause_me, by_mentor=True),
    "take back": press(proposals.take_back, by_mentor=True),
    "confirm": press(proposals.confirm, by_mentor=False),
    "pass": press(proposals.pass_on, by_mentor=False),
    "lapse": due(proposals.settle_due),
    "rematch": press(pairs.rematch, by_mentor=False),
    "end": press(pairs.end, by_mentor=True),
    "advance": due(pairs.advance),
    "depart": depart,
    "leave": leave,
}
LEADS_TO = {
    "proposed": {
        "accept": "accepted",
        "decline": "declined",
        "pause": "declined",
        "lapse": "lapsed",
        "depart": "ended",
    },
    "accepted": {
        "take back": "declined",
        "confirm": "active",
        "pass": "ended",
        "lapse": "lapsed",
        "depart": "ended",
    },
    "active": {"rematch": "ended", "end": "ended", "advance": "ended", "depart": "ended"},
}
CHANGING: tuple[type[Base], ...] = (MentoringProfile, MentoringMatch, Delivery)
OWN_LOCK = {"leave"}
"""Uses that do not touch the match, so nothing of the match waits for them."""


def path(status: str, *uses: str) -> list[str]:
    """Return the statuses that a match has one after the other when used so.

    What is fresh is not due yet: a new acceptance does not lapse, a new pair is not advanced.
    """
    passed = [status]
    for use in uses:
        is_fresh = len(passed) > 1 and passed[0] != passed[-1]
        if not (is_fresh and use in ("lapse", "advance")):
            passed.append(LEADS_TO.get(passed[-1], {}).get(use, passed[-1]))
    return passed


@pytest.mark.parametrize("start", ["proposed", "accepted", "active"])
async def test_any_two_at_the_same_time_end_as_one_after_the_other(
    sessions: Sessions, start: str
) -> None:
    mentor_id, mentee_id = person(0), person(1)
    async with sessions.begin() as session:
        await programme(session)
    match = await set_up(sessions, mentor_id, mentee_id, start)
    beginning = await rows_of(sessions)
    for first, second in product(USES, USES):
        if not {first, second} & {*LEADS_TO[start], *OWN_LOCK}:
            continue  # neither does anything
        await put_back(sessions, beginning)
        async with sessions.begin() as session:
            await USES[first](session, match)
            waiting = asyncio.create_task(use_alone(sessions, USES[second], match))
            await asyncio.sleep(0.02)
            assert waiting.done() <= bool({first, second} & OWN_LOCK), (first, second)
        await waiting
        expected = path(start, first, second)
        async with sessions.begin() as session:
            stored = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
            assert stored.status == expected[-1], (start, first, second)
            assert (stored.closed_at is None) == (stored.status in OPEN)
            written = list(
                await session.scalars(select(Delivery).where(Delivery.key.contains(match.id)))
            )
        assert_told_once(written, was_accepted={"accepted", "active"} & {*expected})
        await assert_closed_after_leaving(sessions, match)


def assert_told_once(written: Sequence[Delivery], *, was_accepted: object) -> None:
    """Check that the mentee is asked after a yes alone, and that nobody reads two endings."""
    asked = [letter for letter in written if letter.kind == "mentor_confirm"]
    assert len(asked) == bool(was_accepted)
    told = [letter.recipient for letter in written if letter.kind == "mentor_news"]
    assert len(told) == len(set(told))


async def assert_closed_after_leaving(sessions: Sessions, match: MentoringMatch) -> None:
    """Check that the scheduler closes what somebody who left has left open."""
    async with sessions.begin() as session:
        await settle_departure(session, WORKSPACE, match.id, moment_of(match))
        stored = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
        if await session.get(MentoringProfile, (WORKSPACE, match.mentor_id)) is None:
            assert stored.status not in OPEN


async def set_up(sessions: Sessions, mentor_id: str, mentee_id: str, status: str) -> MentoringMatch:
    """Store a match whose answer lapses now, or a pair that has been silent for too long."""
    async with sessions.begin() as session:
        session.add_all([mentor(mentor_id), mentee(mentee_id)])
        await session.flush()
        match = await proposed(session, mentor_id, mentee_id)
        if status != "proposed":
            await proposals.accept(session, actor(mentor_id), match.id, NOW)
        if status == "active":
            await proposals.confirm(session, actor(mentee_id), match.id, NOW)
            match.nudges = match.silences = pairs.MOST_SILENCES
            match.fit_asked = True
        else:
            match.due_at = match.answer_by
        await post_all(session)
        await session.flush()
        return await open_match(session, mentee_id)


async def rows_of(sessions: Sessions) -> dict[type[Base], list[dict[str, Any]]]:
    """Return what the tables hold that the uses change."""
    async with sessions.begin() as session:
        return {
            table: [dict(row) for row in await everything(session, table)] for table in CHANGING
        }


async def everything(session: AsyncSession, table: type[Base]) -> Sequence[RowMapping]:
    return (await session.execute(select(table.__table__))).mappings().all()


async def put_back(sessions: Sessions, rows: dict[type[Base], list[dict[str, Any]]]) -> None:
    """Let the tables hold this again."""
    async with sessions.begin() as session:
        for table in reversed(CHANGING):
            await session.execute(delete(table))
        for table in CHANGING:
            await session.execute(insert(table), rows[table])
        await session.execute(update(Employee).values(active=True))


async def use_alone(sessions: Sessions, use: Use, match: MentoringMatch) -> Any:
    async with sessions.begin() as session:
        return await use(session, match)


async def test_many_presses_and_lapses_at_once_leave_one_state(sessions: Sessions) -> None:
    mentor_id, mentee_id = person(0), person(1)
    async with sessions.begin() as session:
        await programme(session)
    match = await set_up(sessions, mentor_id, mentee_id, "proposed")
    chosen = ["accept", "lapse", "decline", "confirm"] * 8
    steps = await asyncio.gather(*(use_alone(sessions, USES[use], match) for use in chosen))
    async with sessions.begin() as session:
        stored = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
    assert stored.status in {"active", "declined", "lapsed"}
    accepted = [
        step
        for use, step in zip(chosen, steps, strict=True)
        if use == "confirm" and isinstance(step, Proposal)
    ]
    assert bool(accepted) == (stored.started_at is not None)
    assert all(isinstance(step, Proposal | MatchPressRefusedError | bool) for step in steps)


async def test_a_mentor_with_one_place_is_asked_once_however_many_ask_at_once(
    sessions: Sessions,
) -> None:
    mentor_id, *mentees = (person(number) for number in range(6))
    async with sessions.begin() as session:
        await programme(session, mentor(mentor_id), *(mentee(each) for each in mentees))

    async def ask(mentee_id: str) -> bool:
        async with sessions.begin() as session:
            pair = Pair(mentee_id, mentor_id, 0.5, ())
            return await rounds.propose(session, WORKSPACE, pair, NOW)

    asked = await asyncio.gather(*(ask(each) for each in mentees * 2))
    assert sum(asked) == 1


async def test_two_schedulers_ask_the_next_mentor_once(sessions: Sessions) -> None:
    first, second, third, mentee_id = (person(number) for number in range(4))
    async with sessions.begin() as session:
        await programme(session, mentor(first), mentor(second), mentor(third), mentee(mentee_id))
        match = await proposed(session, first, mentee_id)
        await proposals.decline(session, actor(first), match.id, NOW)
    async with runtime_on(sessions) as one, runtime_on(sessions) as other:
        await asyncio.gather(run_jobs(one, NOW), run_jobs(other, NOW))
    async with sessions.begin() as session:
        matches = (await session.scalars(select(MentoringMatch))).all()
        assert sorted(match.status for match in matches) == ["declined", "proposed"]
