"""After sealing nobody can tell whose an answer is; after publishing there are no answers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.service import running_waves
from bot.outbox.states import AWAY
from bot.pulse import sealing, service
from bot.pulse.asking import QUESTION
from bot.pulse.pure.tokens import press_nonce, respondent_token
from bot.pulse.steps import Refusal
from models import (
    Answer,
    Base,
    Comment,
    Delivery,
    Figure,
    Invitation,
    NamedResponse,
    OpenAnswer,
    Wave,
)
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.insights.waves import publish
from tests.pulse.waves import OpenWave, actor, count, opened_wave, outcome_of, questions

LATER = NOW + timedelta(days=4)


async def seal(session: AsyncSession, wave: OpenWave) -> bool:
    return await sealing.seal(session, WORKSPACE, wave.id, LATER)


async def answered(session: AsyncSession, wave: OpenWave) -> None:
    """Let all but the last two people answer, each differently, and some comment."""
    for number, person in enumerate(wave.people[:-2]):
        for position, value in ((0, 1 + number % 5), (2, number % 11), (3, number % 2)):
            press = wave.press(person, position, value)
            await service.answer(session, actor(person), press)
        if number % 3 == 0:
            await service.comment(
                session, actor(person), wave.press(person, 1), f"Idea {number}", after_thanks=False
            )
    await service.skip(session, actor(wave.people[-1]), wave.press(wave.people[-1], 3))


async def test_sealing_destroys_the_key_and_refuses_later_answers(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    await answered(session, wave)
    before = await count(session, OpenAnswer)

    assert await seal(session, wave)

    row = await session.get_one(Wave, (WORKSPACE, wave.id), populate_existing=True)
    assert (row.status, row.key, row.sealed_at) == ("sealed", None, LATER)
    late = wave.people[-1]
    answering = service.answer(session, actor(late), wave.press(late, 0, 3))
    assert await outcome_of(answering) == Refusal.CLOSED
    assert await count(session, OpenAnswer) == before
    assert await count(session, NamedResponse) == 0


async def test_invitations_and_messages_come_to_rest(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    await answered(session, wave)
    reminders = update(Delivery).where(Delivery.kind == "reminder")
    await session.execute(
        reminders.where(Delivery.recipient == wave.people[0]).values(status="settled")
    )
    await session.execute(
        reminders.where(Delivery.recipient == wave.people[1]).values(status="claimed")
    )

    await seal(session, wave)

    statuses = await session.scalars(select(Invitation.status).order_by(Invitation.employee_id))
    assert set(statuses) == {"closed"}, "whoever answered, skipped, or did neither"
    rows = await session.execute(select(Delivery.kind, Delivery.status, Delivery.reason))
    assert {tuple(row) for row in rows} == {("question", "dropped", "closed")}


async def test_sealing_twice_seals_once(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    assert await seal(session, wave)
    assert not await seal(session, wave)
    assert not await sealing.seal(session, WORKSPACE, "nowhere", LATER)


async def test_waves_close_when_their_time_is_over(session: AsyncSession) -> None:
    wave = await opened_wave(session, open_hours=48)
    closes_at = NOW + timedelta(hours=48)
    assert await sealing.waves_to_close(session, closes_at - timedelta(seconds=1)) == []
    assert await sealing.waves_to_close(session, closes_at) == [(WORKSPACE, wave.id)]
    await seal(session, wave)
    assert await sealing.waves_to_close(session, closes_at) == []


async def test_a_named_survey_keeps_its_names(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions(), anonymous=False)
    await answered(session, wave)
    await seal(session, wave)
    await publish(session, WORKSPACE, wave.id, LATER)
    rows = await session.execute(
        select(NamedResponse.employee_id, Answer.value)
        .join(Answer, Answer.response_id == NamedResponse.response_id)
        .where(Answer.position == 2)
    )
    assert sorted(tuple(row) for row in rows) == [
        (person, number % 11) for number, person in enumerate(wave.people[:-2])
    ]
    comments = await session.scalars(select(Comment.text))
    assert sorted(comments) == ["Idea 0", "Idea 3", "Idea 6", "Idea 9"]
    assert await count(session, OpenAnswer) == 0


async def test_a_named_survey_keeps_no_name_of_who_only_wrote(session: AsyncSession) -> None:
    wave = await opened_wave(session, anonymous=False)
    writer, chooser = wave.people[:2]
    press = wave.press(writer, 0)
    await service.comment(session, actor(writer), press, "Dreadful", after_thanks=False)
    await service.answer(session, actor(chooser), wave.press(chooser, 0, 4))
    await seal(session, wave)
    await publish(session, WORKSPACE, wave.id, LATER)
    assert list(await session.scalars(select(NamedResponse.employee_id))) == [chooser]
    assert await count(session, Comment) == 1


async def dump(session: AsyncSession) -> dict[str, dict[str, set[str]]]:
    """Read all tables: the values of each column, as texts."""
    tables: dict[str, dict[str, set[str]]] = {}
    for table in Base.metadata.sorted_tables:
        rows = (await session.execute(text(f"SELECT * FROM {table.name}"))).mappings().all()  # noqa: S608 (our own name)
        tables[table.name] = {
            column.name: {_text(row[column.name]) for row in rows} - {"None"}
            for column in table.columns
        }
    return tables


def _text(value: Any) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


async def test_no_column_ties_an_answer_to_a_person(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    await answered(session, wave)
    before = await dump(session)
    tokens = {respondent_token(wave.key, person) for person in wave.people}
    proofs = {press_nonce(wave.press_key, person) for person in wave.people}
    secrets = {wave.key.hex(), wave.press_key.hex()} | proofs
    assert before["open_answers"]["token"] <= tokens, "the attack reads what it looks for"

    await seal(session, wave)
    sealed = await dump(session)
    await publish(session, WORKSPACE, wave.id, LATER)
    published = await dump(session)

    def holds(tables: dict[str, dict[str, set[str]]], sought: set[str]) -> set[str]:
        return {
            f"{table}.{column}"
            for table, columns in tables.items()
            for column, values in columns.items()
            if any(secret in value for secret in sought for value in values)
        }

    assert not holds(sealed, secrets)
    assert holds(sealed, tokens) == {"open_answers.token"}, "names without a key"
    assert not holds(published, secrets | tokens | {"Idea"})


@pytest.mark.parametrize("away", [True, False])
async def test_those_whom_the_question_never_reached_do_not_hide_that_all_others_answered(
    session: AsyncSession, away: bool
) -> None:
    wave = await opened_wave(session, {"Design": 5})
    missing, *others = wave.people
    assert len(others) == 5
    held = Delivery.recipient == missing, Delivery.kind == QUESTION
    await session.execute(update(Delivery).values(status="sent"))
    if away:
        await session.execute(update(Delivery).where(*held).values(status="waiting", reason=AWAY))
    for person in others:
        await service.answer(session, actor(person), wave.press(person, 0, 4))
    (running,) = await running_waves(session, WORKSPACE)
    assert running.at_least == (0 if away else 5)
    assert await seal(session, wave)
    assert await publish(session, WORKSPACE, wave.id, LATER)
    row = await session.get_one(Wave, (WORKSPACE, wave.id), populate_existing=True)
    assert (row.asked, row.responded) == ((5, 0) if away else (6, 5))
    assert bool(await count(session, Figure)) is not away
