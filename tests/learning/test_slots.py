"""Slots under two presses at once, crashes, strangers and people who are gone."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError, UserError
from bot.learning import months, slots
from bot.learning.months import Got, TakenBy
from bot.learning.slots import SlotView
from bot.runtime import Runtime
from models import Delivery, Employee, LearningAnswer, LearningPolicy, LearningSlot
from models.database import Sessions
from scheduler.learning import ask_about_months
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.mentoring.programmes import actor, person, runtime_on

ANN, BOB = person(0), person(1)
MONTH = NOW.date().replace(day=1)
NEARLY_OVER = datetime.fromisoformat("2026-11-25T08:00+00:00")


@pytest.fixture
async def open_company(sessions: Sessions) -> Sessions:
    async with sessions.begin() as session:
        await company(session, {"Design": 5})
    return sessions


async def book(sessions: Sessions, who: str = ANN) -> SlotView:
    async with sessions.begin() as session:
        return await slots.book(session, actor(who), 60, NOW)


async def test_two_presses_at_once_book_two_different_times(open_company: Sessions) -> None:
    first, second = await asyncio.gather(book(open_company), book(open_company))
    assert first.starts_at != second.starts_at
    assert first.ends_at <= second.starts_at or second.ends_at <= first.starts_at


async def test_two_moves_at_once_to_one_time_keep_the_slots_apart(open_company: Sessions) -> None:
    booked = [await book(open_company) for _ in range(2)]
    to = booked[1].ends_at + timedelta(days=6, hours=2)

    async def move(slot: SlotView) -> bool:
        async with open_company.begin() as session:
            try:
                await slots.move(session, actor(ANN), slot.id, NOW, to)
            except UserError:
                return False
            return True

    assert sorted(await asyncio.gather(*(move(slot) for slot in booked))) == [False, True]


async def test_nobody_books_without_end(open_company: Sessions) -> None:
    for _ in range(slots.MOST_AHEAD):
        await book(open_company)
    with pytest.raises(UserError, match="slots ahead"):
        await book(open_company)


async def test_strangers_press_in_vain(open_company: Sessions) -> None:
    slot = await book(open_company)
    async with open_company.begin() as session:
        with pytest.raises(UserError, match="gone"):
            await slots.move(session, actor(BOB), slot.id, NOW)
        await slots.cancel(session, actor(BOB), slot.id)
        assert await session.get(LearningSlot, (WORKSPACE, slot.id))


@pytest.mark.parametrize("to", [NOW - timedelta(days=1), NOW + timedelta(hours=13)])
async def test_a_time_that_is_past_or_at_night_is_refused(
    open_company: Sessions, to: datetime
) -> None:
    slot = await book(open_company)
    async with open_company.begin() as session:
        with pytest.raises(UserError, match="no longer free"):
            await slots.move(session, actor(ANN), slot.id, NOW, to)


async def test_a_calendar_file_is_tried_once_for_each_time(open_company: Sessions) -> None:
    slot = await book(open_company)
    async with open_company.begin() as session:
        taken = await slots.take_appointment(session, WORKSPACE, slot.id, NOW)
        assert taken
        assert taken[1].moves == 0
        assert await slots.take_appointment(session, WORKSPACE, slot.id, NOW) is None
        await slots.move(session, actor(ANN), slot.id, NOW)
        assert await slots.slots_to_send(session, NOW) == [(WORKSPACE, slot.id)]
        taken = await slots.take_appointment(session, WORKSPACE, slot.id, NOW)
        assert taken
        assert (taken[1].moves, taken[1].id) == (1, slot.id)
        assert await slots.slots_to_send(session, NOW) == []


@pytest.fixture
async def asking(open_company: Sessions, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """A company with a policy, whose people are asked two at a time."""
    monkeypatch.setattr(months, "PEOPLE_AT_ONCE", 2)
    async with open_company.begin() as session:
        await months.state_policy(session, actor(ADMIN), "4", "", NOW)
        gone = update(Employee).where(Employee.id == BOB).values(active=False)
        await session.execute(gone)
    return open_company


async def asked(session: AsyncSession) -> list[str]:
    rows = select(Delivery.recipient).where(Delivery.kind == months.LEARNING_MONTH)
    return sorted(await session.scalars(rows))


async def test_everybody_is_asked_once_even_after_a_crash(asking: Sessions) -> None:
    async with asking.begin() as session:
        assert await months.ask_some(session, WORKSPACE, "", NEARLY_OVER)
    async with runtime_on(asking) as runtime:
        assert await _ask_all(runtime) == 1
        assert await _ask_all(runtime) == 0
    async with asking.begin() as session:
        everybody = set(await session.scalars(select(Employee.id))) - {BOB}
        assert await asked(session) == sorted(everybody)
        policy = await session.get_one(LearningPolicy, WORKSPACE)
        assert policy.ask_at.date().isoformat() == "2026-12-26"


async def _ask_all(runtime: Runtime) -> int:
    return await ask_about_months(runtime, NEARLY_OVER)


async def test_answers_count_for_their_own_month_only(asking: Sessions) -> None:
    async with asking.begin() as session:
        with pytest.raises(OutdatedError):
            await months.say_what_took_it(session, actor(ANN), MONTH, TakenBy.OTHER, NOW)
        await months.answer(session, actor(ANN), MONTH, Got.NONE, NOW)
        await months.say_what_took_it(session, actor(ANN), MONTH, TakenBy.MEETINGS, NOW)
        await months.answer(session, actor(ANN), MONTH, Got.ALL, NOW)
        with pytest.raises(OutdatedError):
            await months.say_what_took_it(session, actor(ANN), MONTH, TakenBy.OTHER, NOW)
        with pytest.raises(OutdatedError):
            await months.answer(session, actor(ANN), MONTH, Got.NONE, NOW + timedelta(days=30))
        (kept,) = (await session.scalars(select(LearningAnswer))).all()
        assert (kept.got, kept.taken_by) == ("all", None)


async def test_an_ended_policy_asks_nobody(asking: Sessions) -> None:
    async with asking.begin() as session:
        await months.state_policy(session, actor(ADMIN), "", "", NOW)
        assert await months.policies_to_ask(session, NEARLY_OVER) == []
