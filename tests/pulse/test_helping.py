"""Who is offered a mentor beneath an answer, and that the offer tells nothing."""

import hashlib

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse import blocks, service
from bot.pulse.helping import offers_mentor
from bot.pulse.steps import DoneStep
from bot.surveys.scales import Scale
from models import Base, OpenAnswer
from tests.factories import question
from tests.pulse.waves import actor, opened_wave

TOKENS = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(400)]


@pytest.mark.parametrize(("direction", "low"), [(1, {1, 2}), (-1, {4, 5})])
def test_everybody_low_is_offered_one_and_half_of_the_others(direction: int, low: set[int]) -> None:
    for value in range(1, 6):
        offered = sum(
            offers_mentor("growth", Scale.AGREE, direction, value, token) for token in TOKENS
        )
        assert offered == len(TOKENS) if value in low else 150 < offered < 250


def test_other_questions_bring_no_offer() -> None:
    assert not any(offers_mentor("workload", Scale.AGREE, 1, 1, token) for token in TOKENS)
    assert not any(offers_mentor("growth", Scale.CHOICE, 1, 0, token) for token in TOKENS)


async def test_the_offer_is_in_the_same_message_and_stored_nowhere(session: AsyncSession) -> None:
    wave = await opened_wave(session, {"Design": 6}, questions=[question(driver="growth")])
    me = wave.people[0]
    step = await service.answer(session, actor(me), wave.press(me, 0, 1))
    assert isinstance(step, DoneStep)
    shown = str(blocks.done_message(step).blocks)
    assert blocks.FIND_MENTOR in shown
    counted = {
        table.name: await session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name.startswith(("mentoring_", "deliveries", "audit"))
    }
    assert counted["mentoring_profiles"] == 0
    assert counted["deliveries"] == 2 * len(wave.people)
    stored = (await session.scalars(select(OpenAnswer))).one()
    assert (stored.value, stored.comment) == (1, None)
