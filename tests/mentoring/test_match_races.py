"""Two presses, or a press and a lapse, at once: they end as one after the other, in any order."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring import proposals, rounds
from bot.mentoring.matching import Pair
from bot.mentoring.proposals import Proposal, Refusal
from models import Delivery, MentoringMatch, MentoringProfile
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import (
    actor,
    house_on,
    mentee,
    mentor,
    open_match,
    person,
    post_all,
    programme,
    proposed,
    run_jobs,
)

Use = Callable[[AsyncSession, MentoringMatch], Awaitable[Any]]


def press(use_case: Any, *, by_mentor: bool) -> Use:
    async def pressed(session: AsyncSession, match: MentoringMatch) -> Any:
        who = actor(match.mentor_id if by_mentor else match.mentee_id)
        return await use_case(session, who, match.id, match.answer_by)

    return pressed


async def lapse(session: AsyncSession, match: MentoringMatch) -> bool:
    assert match.answer_by
    return await proposals.settle_due(session, WORKSPACE, match.id, match.answer_by)


USES: dict[str, Use] = {
    "accept": press(proposals.accept, by_mentor=True),
    "decline": press(proposals.decline, by_mentor=True),
    "pause": press(proposals.pause_me, by_mentor=True),
    "confirm": press(proposals.confirm, by_mentor=False),
    "pass": press(proposals.pass_on, by_mentor=False),
    "lapse": lapse,
}
LEADS_TO = {
    "proposed": {
        "accept": "accepted",
        "decline": "declined",
        "pause": "declined",
        "lapse": "lapsed",
    },
    "accepted": {
        "decline": "declined",
        "pause": "declined",
        "confirm": "active",
        "pass": "ended",
        "lapse": "lapsed",
    },
}


def after(status: str, *uses: str, just_accepted: bool = False) -> str:
    """Return the status after these one by one; a fresh acceptance does not lapse with the old."""
    for use in uses:
        if just_accepted and use == "lapse":
            continue
        before = status
        status = LEADS_TO.get(status, {}).get(use, status)
        just_accepted = just_accepted or (before, status) == ("proposed", "accepted")
    return status


async def test_any_two_at_the_same_time_end_as_one_after_the_other(sessions: Sessions) -> None:
    mentor_id, mentee_id = person(0), person(1)
    async with sessions.begin() as session:
        await programme(session)
    for start, first, second in product(("proposed", "accepted"), USES, USES):
        match = await set_up(sessions, mentor_id, mentee_id, start)
        async with sessions.begin() as session:
            await USES[first](session, match)
            waiting = asyncio.create_task(use_alone(sessions, USES[second], match))
            await asyncio.sleep(0.02)
            assert not waiting.done(), (start, first, second)
        await waiting
        async with sessions.begin() as session:
            stored = await session.get_one(MentoringMatch, (WORKSPACE, match.id))
            assert stored.status == after(start, first, second), (start, first, second)
            asked = await session.scalar(
                select(func.count()).where(
                    Delivery.kind == "mentor_confirm", Delivery.key.contains(match.id)
                )
            )
            accepted = start == "accepted" or after(start, first) == "accepted"
            accepted = accepted or (after(start, first), second) == ("proposed", "accept")
            assert asked == accepted
            await session.delete(stored)


async def set_up(sessions: Sessions, mentor_id: str, mentee_id: str, status: str) -> MentoringMatch:
    async with sessions.begin() as session:
        await session.execute(delete(MentoringProfile))
        session.add_all([mentor(mentor_id), mentee(mentee_id)])
        await session.flush()
        match = await proposed(session, mentor_id, mentee_id)
        if status == "accepted":
            await proposals.accept(session, actor(mentor_id), match.id, NOW)
            await post_all(session)
        match.due_at = match.answer_by
        await session.flush()
        return await open_match(session, mentee_id)


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
    assert all(isinstance(step, Proposal | Refusal | bool) for step in steps)


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
    async with house_on(sessions) as one, house_on(sessions) as other:
        await asyncio.gather(run_jobs(one, NOW), run_jobs(other, NOW))
    async with sessions.begin() as session:
        matches = (await session.scalars(select(MentoringMatch))).all()
        assert sorted(match.status for match in matches) == ["declined", "proposed"]
