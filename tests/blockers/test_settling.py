"""What becomes of a question when people leave, are away, or no longer need an answer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers import helping, service, settling
from bot.blockers.messages import KINDS
from bot.blockers.service import End
from bot.outbox.kinds import Composing
from models import Delivery, Employee
from tests.blockers.people import (
    ASKER,
    HELPER,
    OTHER,
    actor,
    asked,
    design_team,
    stored,
    written_to,
)
from tests.conftest import NOW
from tests.factories import WORKSPACE

THURSDAY_EVENING = datetime(2026, 11, 5, 16, 0, tzinfo=UTC)
"""The end of the second whole working day in Berlin after the Tuesday of the tests."""


@pytest.fixture
async def team(session: AsyncSession) -> AsyncSession:
    await design_team(session)
    return session


@pytest.mark.parametrize("status", ["asked", "helped"])
async def test_who_leaves_is_let_go(team: AsyncSession, status: str) -> None:
    blocker = await asked(team)
    if status == "helped":
        await helping.accept(team, actor(HELPER), blocker.id, NOW)
    (await team.get_one(Employee, (WORKSPACE, HELPER))).active = False
    await team.flush()

    assert await settling.due_blockers(team, NOW) == [(WORKSPACE, blocker.id)]
    assert await settling.settle(team, WORKSPACE, blocker.id, NOW)
    assert not await settling.settle(team, WORKSPACE, blocker.id, NOW)
    assert ("blocker_no", "no help") in await written_to(team, ASKER)


async def test_who_is_away_is_not_waited_for_but_keeps_what_they_took_on(
    team: AsyncSession,
) -> None:
    only_asked, helped = await asked(team), await asked(team, OTHER)
    await helping.accept(team, actor(OTHER), helped.id, NOW)
    for person in (HELPER, OTHER):
        away = await team.get_one(Employee, (WORKSPACE, person))
        away.away_until = NOW + timedelta(days=9)
    await team.flush()

    assert await settling.due_blockers(team, NOW) == [(WORKSPACE, only_asked.id)]


async def test_when_the_asker_leaves_it_is_closed_and_the_helper_told(team: AsyncSession) -> None:
    blocker = await asked(team)
    await helping.accept(team, actor(HELPER), blocker.id, NOW)
    (await team.get_one(Employee, (WORKSPACE, ASKER))).active = False
    await team.flush()

    assert await settling.settle(team, WORKSPACE, blocker.id, NOW)
    assert (await stored(team, blocker)).status == "lapsed"
    assert ("blocker_news", "asker left") in await written_to(team, HELPER)


async def test_an_introduction_happens_once_after_a_crash(team: AsyncSession) -> None:
    blocker = await asked(team)
    await helping.accept(team, actor(HELPER), blocker.id, NOW)

    assert await settling.introduce(team, WORKSPACE, blocker.id, "G0GROUP", NOW)
    assert not await settling.introduce(team, WORKSPACE, blocker.id, "G0GROUP", NOW)
    assert await settling.to_introduce(team) == []
    assert await written_to(team, "G0GROUP") == [("blocker_group", None)]


@pytest.mark.parametrize("kind", ["blocker_ask", "blocker_later"])
async def test_a_question_that_nobody_needs_any_more_is_not_sent(
    team: AsyncSession, kind: str
) -> None:
    blocker = await asked(team)
    await helping.postpone(team, actor(HELPER), blocker.id, NOW)
    await service.close(team, actor(ASKER), blocker.id, End.DROPPED, NOW)

    row = await team.scalar(select(Delivery).where(Delivery.kind == kind))
    assert row
    assert await KINDS[kind].compose(team, row, Composing(NOW, None)) is None


async def test_time_to_answer_begins_when_the_question_arrives(team: AsyncSession) -> None:
    blocker = await asked(team)
    row = await team.scalar(select(Delivery).where(Delivery.kind == "blocker_ask"))
    assert row

    await KINDS["blocker_ask"].compose(team, row, Composing(NOW + timedelta(days=1), None))

    assert (await stored(team, blocker)).answer_by == THURSDAY_EVENING + timedelta(days=1)
