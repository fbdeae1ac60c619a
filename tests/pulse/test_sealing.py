"""After sealing, nothing in the database ties an answer to a person."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, insert, literal_column, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.pulse import sealing, service
from bot.pulse.tokens import press_nonce, respondent_token
from models import (
    Answer,
    Base,
    Cohort,
    Comment,
    Delivery,
    Invitation,
    NamedResponse,
    OpenAnswer,
    Wave,
)
from models.database import Sessions, new_key
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, question
from tests.pulse.waves import OpenWave, actor, count, open_for, opened_wave, questions, store_survey

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


async def test_answers_move_to_where_nobody_can_trace_them(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    await answered(session, wave)
    open_rows = list(await session.scalars(select(OpenAnswer).where(OpenAnswer.value.is_not(None))))
    expected = sorted((row.cohort_id, row.position, row.value or 0) for row in open_rows)
    assert await seal(session, wave)

    answers = list(await session.scalars(select(Answer)))
    assert sorted((row.cohort_id, row.position, row.value) for row in answers) == expected
    respondents = len(wave.people) - 2
    assert len({row.response_id for row in answers}) == respondents
    assert len({row.id for row in answers}) == len(answers) == 3 * respondents
    comments = list(await session.scalars(select(Comment)))
    assert sorted(row.text for row in comments) == ["Idea 0", "Idea 3", "Idea 6", "Idea 9"]
    assert {row.position for row in comments} == {1}
    assert await count(session, OpenAnswer) == 0
    assert await count(session, NamedResponse) == 0

    row = await session.get_one(Wave, (WORKSPACE, wave.id), populate_existing=True)
    assert (row.status, row.key, row.responded, row.sealed_at) == (
        "sealed",
        None,
        respondents,
        LATER,
    )


async def test_invitations_and_messages_come_to_rest(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    await answered(session, wave)
    reminders = update(Delivery).where(Delivery.kind == "reminder")
    await session.execute(
        reminders.where(Delivery.recipient == wave.people[0]).values(status="sent")
    )
    await session.execute(
        reminders.where(Delivery.recipient == wave.people[1]).values(status="claimed")
    )
    await seal(session, wave)
    statuses = await session.scalars(select(Invitation.status).order_by(Invitation.employee_id))
    assert set(statuses) == {"closed"}, "whoever answered, skipped, or did neither"
    rows = await session.execute(
        select(Delivery.status, Delivery.reason)
        .where(Delivery.kind == "reminder")
        .order_by(Delivery.recipient)
    )
    assert [tuple(row) for row in rows] == [
        ("sent", None),
        ("claimed", None),
        *[("dropped", "closed")] * (len(wave.people) - 2),
    ]


async def test_sealing_twice_seals_once(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    await answered(session, wave)
    assert await seal(session, wave)
    before = await count(session, Answer)
    assert not await seal(session, wave)
    assert not await sealing.seal(session, WORKSPACE, "nowhere", LATER)
    assert await count(session, Answer) == before


async def test_a_wave_that_nobody_answered_is_sealed_too(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    assert await seal(session, wave)
    row = await session.get_one(Wave, (WORKSPACE, wave.id), populate_existing=True)
    assert row.responded == 0


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
    rows = await session.execute(
        select(NamedResponse.employee_id, Answer.value)
        .join(Answer, Answer.response_id == NamedResponse.response_id)
        .where(Answer.position == 2)
    )
    assert sorted(tuple(row) for row in rows) == [
        (person, number % 11) for number, person in enumerate(wave.people[:-2])
    ]


async def test_a_named_survey_keeps_no_name_of_who_only_wrote(session: AsyncSession) -> None:
    wave = await opened_wave(session, anonymous=False)
    writer, chooser = wave.people[:2]
    press = wave.press(writer, 0)
    await service.comment(session, actor(writer), press, "Dreadful", after_thanks=False)
    await service.answer(session, actor(chooser), wave.press(chooser, 0, 4))
    await seal(session, wave)
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
    await seal(session, wave)
    after = await dump(session)

    secrets = {wave.key.hex()}
    secrets |= {respondent_token(wave.key, person) for person in wave.people}
    secrets |= {press_nonce(wave.key, person) for person in wave.people}
    everything = " ".join(
        value for columns in after.values() for values in columns.values() for value in values
    )
    assert not [secret for secret in secrets if secret in everything]
    assert before["open_answers"]["token"] <= secrets, "the attack reads what it looks for"

    sealed = {"answers", "comments"}
    shared = {
        f"{table}.{column}"
        for table in sealed
        for column, values in after[table].items()
        for other in after.keys() - sealed
        for other_values in after[other].values()
        if any(len(value) > 3 for value in values & other_values)
    }
    assert shared == {
        f"{table}.{column}" for table in sealed for column in ("workspace_id", "wave_id")
    }
    fresh = after["answers"]["id"] | after["answers"]["response_id"] | after["comments"]["id"]
    was_there = {
        value for columns in before.values() for values in columns.values() for value in values
    }
    assert not fresh & was_there
    assert not after["comments"]["id"] & after["answers"]["response_id"]
    large_enough = await session.scalars(select(Cohort.invited))
    assert min(large_enough) >= 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_sqlite_file_forgets_the_tokens(engine: AsyncEngine, sessions: Sessions) -> None:
    # PostgreSQL keeps deleted rows until its vacuum comes by; docs/privacy.md says so.
    async with sessions.begin() as session:
        wave = await opened_wave(session, questions=questions())
        await answered(session, wave)
    token = respondent_token(wave.key, wave.people[0]).encode()
    await checkpoint(engine)
    assert token in content_of(engine)
    async with sessions.begin() as session:
        await seal(session, wave)
    await checkpoint(engine)
    assert token not in content_of(engine)
    assert wave.key not in content_of(engine)


async def checkpoint(engine: AsyncEngine) -> None:
    """Bring the write-ahead log into the file and empty it."""
    async with engine.connect() as connection:
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await connection.exec_driver_sql("BEGIN")


def content_of(engine: AsyncEngine) -> bytes:
    return Path(str(engine.url.database)).read_bytes()


WAVES = 30
PEOPLE = 11


async def test_order_tells_no_more_than_chance(session: AsyncSession) -> None:
    """Match the n-th sealed answer with the n-th of those who answered, in every order there is.

    Each of a wave's people gives another answer, so a guess is right or wrong. By chance each
    wave has one hit on average, with variance 1 (fixed points of a random permutation).
    """
    sqlite = session.get_bind().dialect.name == "sqlite"
    stored: ColumnElement[Any] = literal_column("rowid" if sqlite else "ctid")
    hits = dict.fromkeys(("before", "stored", "id", "response"), 0)
    await company(session, {"Design": PEOPLE - 1})
    for number in range(WAVES):
        made = await store_survey(
            session, name=f"Pulse {number}", questions=[question(0, scale="enps")]
        )
        wave = await open_for(session, made)
        await session.execute(insert(OpenAnswer), open_answers(wave))
        hits["before"] += await hits_of(session, OpenAnswer, wave, stored)
        await seal(session, wave)
        hits["stored"] += await hits_of(session, Answer, wave, stored)
        hits["id"] += await hits_of(session, Answer, wave, Answer.id)
        hits["response"] += await hits_of(session, Answer, wave, Answer.response_id)
    assert hits.pop("before") == WAVES * PEOPLE, "before sealing the attack always works"
    assert max(hits.values()) < WAVES + 6 * WAVES**0.5


async def hits_of(
    session: AsyncSession, table: type[OpenAnswer | Answer], wave: OpenWave, order: Any
) -> int:
    values = await session.scalars(
        select(table.value).where(table.wave_id == wave.id).order_by(order)
    )
    return sum(place == value for place, value in enumerate(values))


def open_answers(wave: OpenWave) -> list[dict[str, Any]]:
    """The n-th person answers n; what is compared is the order of their answering."""
    return [
        {
            "workspace_id": WORKSPACE,
            "wave_id": wave.id,
            "token": f"{number:02}{new_key()}",
            "position": 0,
            "cohort_id": 0,
            "value": number,
        }
        for number in range(PEOPLE)
    ]
