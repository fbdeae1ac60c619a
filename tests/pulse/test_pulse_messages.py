from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.outbox.kinds import Composing
from bot.pulse import sealing, service
from bot.pulse.blocks import ANSWER, REMINDER
from bot.pulse.messages import compose_question, compose_reminder, follow_question, mark_asked
from bot.pulse.pure.tokens import Press
from models import Delivery, Employee, Wave
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.pulse.waves import OpenWave, actor, has_answered, opened_wave, questions, status_of

COMPOSERS = {"question": compose_question, "reminder": compose_reminder}


async def composed(session: AsyncSession, person: str, kind: str = "question") -> Message | None:
    return await COMPOSERS[kind](
        session, await delivery(session, person, kind), Composing(NOW, None)
    )


async def delivery(session: AsyncSession, person: str, kind: str = "question") -> Delivery:
    if kind == "reminder":
        await follow_question(session, [await delivery(session, person)], NOW)
    found = await session.scalars(
        select(Delivery).where(Delivery.recipient == person, Delivery.kind == kind)
    )
    return found.one()


def presses(message: Message) -> list[Press]:
    return [
        Press.decode(element["value"])
        for block in message.blocks
        if block.get("block_id") in (ANSWER, REMINDER)
        for element in block["elements"]
    ]


@pytest.mark.parametrize("kind", COMPOSERS)
async def test_the_question_and_its_reminder_can_be_answered_in_place(
    session: AsyncSession, kind: str
) -> None:
    wave = await opened_wave(session, questions=questions())
    me = wave.people[0]
    message = await composed(session, me, kind)
    assert message
    assert presses(message) == [wave.press(me, 0, value) for value in range(1, 6)]
    await service.answer(session, actor(me), presses(message)[3])
    assert await has_answered(session, wave, me)


async def answered(session: AsyncSession, wave: OpenWave, person: str) -> None:
    await service.answer(session, actor(person), wave.press(person, 0, 4))


async def skipped(session: AsyncSession, wave: OpenWave, person: str) -> None:
    await service.skip(session, actor(person), wave.press(person, 0))


async def closed(session: AsyncSession, wave: OpenWave, _person: str) -> None:
    await sealing.seal(session, WORKSPACE, wave.id, NOW)


async def left(session: AsyncSession, _wave: OpenWave, person: str) -> None:
    await session.execute(update(Employee).where(Employee.id == person).values(active=False))


async def belongs_to_no_wave(session: AsyncSession, _wave: OpenWave, person: str) -> None:
    await session.execute(update(Delivery).where(Delivery.recipient == person).values(wave_id=None))


@pytest.mark.parametrize("kind", COMPOSERS)
@pytest.mark.parametrize("happens", [answered, skipped, closed, left, belongs_to_no_wave])
async def test_what_became_pointless_is_not_sent(
    session: AsyncSession, kind: str, happens: object
) -> None:
    wave = await opened_wave(session)
    me, colleague, *_ = wave.people
    assert callable(happens)
    row = await delivery(session, me, kind)
    await happens(session, wave, me)
    assert await COMPOSERS[kind](session, row, Composing(NOW, None)) is None
    if happens is not closed:
        assert await composed(session, colleague, kind), "others are still asked"


@pytest.mark.parametrize(("hours", "is_sent"), [(-1, False), (0, False), (5, False), (6, True)])
async def test_no_reminder_comes_when_there_is_hardly_time_left(
    session: AsyncSession, hours: int, is_sent: bool
) -> None:
    """An early end moves the close, and reminders were planned before it."""
    wave = await opened_wave(session)
    closes_at = NOW + timedelta(hours=hours)
    await session.execute(update(Wave).where(Wave.id == wave.id).values(closes_at=closes_at))

    assert (await composed(session, wave.people[0], "reminder") is not None) is is_sent
    assert await composed(session, wave.people[0], "question"), "everybody is asked"


async def test_sending_marks_the_invitation_as_asked(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me, colleague, *_ = wave.people
    await mark_asked(session, [await delivery(session, me)], NOW)
    assert await status_of(session, wave, me) == "asked"
    assert await status_of(session, wave, colleague) == "pending"
    assert await composed(session, me, "reminder")


async def test_a_press_quicker_than_the_mark_stays_answered(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await answered(session, wave, me)
    await mark_asked(session, [await delivery(session, me)], NOW)
    assert await has_answered(session, wave, me)
