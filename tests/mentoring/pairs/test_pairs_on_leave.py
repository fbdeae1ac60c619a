"""What follows for pairs and proposals when the planner holds their messages."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from bot.attention.planning import decide, read_page, store
from bot.mentoring.pairs import introductions
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pure.matching import Pair
from bot.outbox.kinds import kind_of
from bot.runtime import Runtime
from models import AttentionPreference, Delivery, Employee
from models.database import Sessions
from scheduler.kinds import KINDS
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.pairs.test_pairs import MENTEE, MENTOR, paired, reread
from tests.mentoring.programmes import (
    JOBS,
    mentee,
    mentor,
    open_match,
    programme,
    runtime_on,
)

DAY = timedelta(days=1)


async def live(runtime: Runtime, days: int) -> None:
    """Run mentoring's jobs, the planner, and a sender that always succeeds, thrice a day."""
    for step in range(3 * days):
        now = NOW + timedelta(hours=8 * step)
        for job in JOBS:
            await job(runtime, now)
        async with runtime.sessions.begin() as session:
            for workspace_id, match_id in await introductions.pairs_to_introduce(session):
                await introductions.introduce_pair(session, workspace_id, match_id, None, now)
        async with runtime.sessions.begin() as session:
            page = await read_page(session, WORKSPACE, partial(kind_of, KINDS), now)
            await store(session, WORKSPACE, decide(page, now), now)
            await session.execute(
                update(Delivery).where(Delivery.status == "due").values(status="sent")
            )


async def test_a_pair_on_leave_is_not_ended_for_a_silence_it_was_never_asked_about(
    sessions: Sessions,
) -> None:
    """Both are on leave for twelve weeks, as HR's import says; Attune holds every message."""
    match = await paired(sessions, length_weeks=26)
    async with sessions.begin() as session:
        await session.execute(
            update(Employee)
            .where(Employee.id.in_((MENTOR, MENTEE)))
            .values(absent_from=NOW.date(), absent_until=(NOW + 84 * DAY).date())
        )
    async with runtime_on(sessions) as runtime:
        await live(runtime, 77)
    async with sessions.begin() as session:
        rows = await session.execute(
            select(Delivery.kind, Delivery.status, Delivery.reason).where(
                Delivery.recipient == MENTOR, Delivery.kind.like("mentor_%")
            )
        )
        letters = [tuple(row) for row in rows]
    assert not [each for each in letters if each[0] == "mentor_nudge" and each[1] == "sent"]
    found = await reread(sessions, match)
    assert found.status == "active", (found.status, found.close_reason, letters)


async def test_who_hears_once_in_four_weeks_does_not_lose_the_pair(sessions: Sessions) -> None:
    """One nudge in four weeks fits the budget; the others lapse and count as silence."""
    match = await paired(sessions, length_weeks=26)
    async with sessions.begin() as session:
        for who in (MENTOR, MENTEE):
            session.add(AttentionPreference(workspace_id=WORKSPACE, employee_id=who, every_weeks=4))
    async with runtime_on(sessions) as runtime:
        await live(runtime, 80)
    async with sessions.begin() as session:
        rows = await session.execute(
            select(Delivery.kind, Delivery.status, Delivery.reason)
            .where(Delivery.recipient == MENTOR, Delivery.kind.like("mentor_%"))
            .order_by(Delivery.due_at)
        )
        letters = [tuple(row) for row in rows]
    found = await reread(sessions, match)
    asked = [each for each in letters if each[0] == "mentor_silence" and each[1] == "sent"]
    assert found.status == "active" or asked, (found.status, found.close_reason, letters)


async def test_a_mentee_does_not_wait_for_a_mentor_who_went_away_before_being_asked(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await programme(session, mentor(MENTOR), mentee(MENTEE))
        assert await rounds.propose(session, WORKSPACE, Pair(MENTEE, MENTOR, 0.8, ()), NOW)
        first = await open_match(session, MENTEE)
        session.add(
            AttentionPreference(
                workspace_id=WORKSPACE,
                employee_id=MENTOR,
                paused_until=(NOW + 60 * DAY).date(),
            )
        )
    async with runtime_on(sessions) as runtime:
        await live(runtime, 6)
    found = await reread(sessions, first)
    assert (found.status, found.close_reason) == ("lapsed", "mentor paused")
