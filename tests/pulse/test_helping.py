"""Who is offered a mentor beneath an answer, and that the offer tells nothing."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select
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


async def test_what_is_stored_is_the_same_whether_or_not_a_mentor_is_offered(
    session: AsyncSession,
) -> None:
    """Each person answers low and, in another life, high; the offer is in the message alone."""
    questions = [question(driver="growth")]
    wave = await opened_wave(session, {"Design": 12}, questions=questions)
    offered: dict[int, int] = {1: 0, 5: 0}
    before = await contents(session)
    for me in wave.people:
        lives: list[Contents] = []
        for value in offered:
            life = await session.begin_nested()
            step = await service.answer(session, actor(me), wave.press(me, 0, value))
            assert isinstance(step, DoneStep)
            shown = str(blocks.done_message(step).blocks)
            offered[value] += blocks.FIND_MENTOR in shown
            lives.append(await contents(session))
            await life.rollback()
        low, high = lives
        assert low == high
        changed = {name for name, rows in low.items() if rows != before[name]}
        assert "open_answers" in changed
        assert changed <= {"invitations", "open_answers"}
    assert offered[1] == len(wave.people)
    assert 0 < offered[5] < len(wave.people), "some high answers bring the offer, some do not"
