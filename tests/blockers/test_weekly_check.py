"""The weekly question: HR switches it on, people off, and it never asks twice."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers import weekly
from bot.blockers.messages import KINDS
from bot.errors import NotAllowedError
from bot.outbox.kinds import Composing
from models import AuditEntry, BlockerCheck, Delivery
from models.database import Sessions
from scheduler.blockers import ask_weekly
from tests.blockers.people import ASKER, HELPER, actor, design_team
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.mentoring.programmes import runtime_on

MONDAY = datetime(2026, 11, 8, 23, 0, tzinfo=UTC)
"""Midnight in Berlin."""


async def test_only_hrs_admins_switch_it(session: AsyncSession) -> None:
    await design_team(session)
    with pytest.raises(NotAllowedError):
        await weekly.switch(session, actor(ASKER), on=True, now=NOW)

    for on in (True, True, False, False):
        await weekly.switch(session, actor(ADMIN), on=on, now=NOW)
        await session.flush()

    recorded = await session.scalars(select(AuditEntry.detail).order_by(AuditEntry.at))
    assert sorted(recorded, key=str) == [{"on": False}, {"on": True}]


async def test_each_person_is_asked_once_a_week_and_never_twice_at_once(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await design_team(session, size=3)
        await weekly.switch(session, actor(ADMIN), on=True, now=NOW)
        await weekly.save_preference(session, actor(HELPER), 2, weekly=False)

    async def asked() -> int:
        async with sessions.begin() as session:
            rows = await session.scalars(select(Delivery).where(Delivery.kind == weekly.CHECK))
            found = rows.all()
            assert HELPER not in {row.recipient for row in found}
            return len(found)

    async with runtime_on(sessions) as runtime:
        assert await ask_weekly(runtime, MONDAY - timedelta(seconds=1)) == 0
        assert await ask_weekly(runtime, MONDAY) == 1
        assert await ask_weekly(runtime, MONDAY) == 0
        assert await asked() == 3
        await ask_weekly(runtime, MONDAY + timedelta(days=7))
        assert await asked() == 3, "the first one still waits"
        async with sessions.begin() as session:
            await session.execute(update(Delivery).values(status="sent"))
        await ask_weekly(runtime, MONDAY + timedelta(days=14))
        assert await asked() == 6


async def test_a_job_that_died_halfway_asks_nobody_twice(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await design_team(session, size=3)
        await weekly.switch(session, actor(ADMIN), on=True, now=NOW)
    async with sessions.begin() as session:
        await weekly.queue_checks(session, WORKSPACE, [ASKER, HELPER], MONDAY)
        await session.execute(update(Delivery).values(status="sent"))

    async with runtime_on(sessions) as runtime:
        await ask_weekly(runtime, MONDAY)

    async with sessions.begin() as session:
        recipients = (await session.scalars(select(Delivery.recipient))).all()
        check = await session.get_one(BlockerCheck, WORKSPACE)
    assert len(recipients) == len(set(recipients)) == 4
    assert check.next_at == MONDAY + timedelta(days=7)


@pytest.mark.parametrize("who_ends_it", [ADMIN, ASKER])
async def test_what_nobody_wants_any_more_is_not_sent(
    session: AsyncSession, who_ends_it: str
) -> None:
    await design_team(session)
    await weekly.switch(session, actor(ADMIN), on=True, now=NOW)
    await weekly.queue_checks(session, WORKSPACE, [ASKER], MONDAY)
    row = (await session.scalars(select(Delivery))).one()
    assert await KINDS[weekly.CHECK].compose(session, row, Composing(NOW, None))

    if who_ends_it == ADMIN:
        await weekly.switch(session, actor(ADMIN), on=False, now=NOW)
    else:
        await weekly.save_preference(session, actor(ASKER), 2, weekly=False)
    await session.flush()

    assert await KINDS[weekly.CHECK].compose(session, row, Composing(NOW, None)) is None
