"""Half are offered a mentor beneath an answer on growth, and the offer tells nothing of it."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse import blocks, service
from bot.pulse.pure.mentor_offer import offers_mentor
from bot.pulse.steps import DoneStep
from models import Base, OpenAnswer
from tests.factories import question
from tests.pulse.waves import actor, opened_wave

NONCES = [hashlib.sha256(str(number).encode()).hexdigest()[:16] for number in range(400)]


def test_half_of_those_who_answer_on_growth_are_offered_a_mentor() -> None:
    assert 150 < sum(offers_mentor("growth", nonce) for nonce in NONCES) < 250
    assert not any(offers_mentor("workload", nonce) for nonce in NONCES)


Contents = dict[str, list[tuple[Any, ...]]]


async def contents(session: AsyncSession) -> Contents:
    """Return every row of every table, but for the answer's own value."""
    await session.flush()
    kept: Contents = {}
    for table in Base.metadata.sorted_tables:
        columns = [each for each in table.columns if each is not OpenAnswer.__table__.c.value]
        rows = await session.execute(select(*columns).order_by(*table.primary_key.columns))
        kept[table.name] = [tuple(row) for row in rows]
    return kept


@pytest.mark.parametrize("direction", [1, -1])
async def test_the_offer_and_what_is_stored_are_the_same_whatever_the_answer(
    session: AsyncSession, direction: int
) -> None:
    """Each person answers low and, in other lives, otherwise; the offer is in the message alone."""
    questions = [question(driver="growth", direction=direction)]
    wave = await opened_wave(session, {"Design": 12}, questions=questions)
    before = await contents(session)
    offers = []
    for me in wave.people:
        lives: list[tuple[str, Contents]] = []
        for value in range(1, 6):
            life = await session.begin_nested()
            step = await service.answer(session, actor(me), wave.press(me, 0, value))
            assert isinstance(step, DoneStep)
            lives.append((str(blocks.done_message(step).blocks), await contents(session)))
            await life.rollback()
        shown, low = lives[0]
        assert all(life == (shown, low) for life in lives)
        changed = {name for name, rows in low.items() if rows != before[name]}
        assert changed == {"open_answers"}
        offers.append(blocks.FIND_MENTOR in shown)
    assert True in offers
    assert False in offers
