"""The files of the database forget what was deleted, not only its tables."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.insights.publishing import (
    ANSWER_TABLES,
    compute_publication,
    read_sealed_wave,
    store_publication,
)
from bot.pulse import service
from bot.pulse.pure.tokens import respondent_token
from bot.pulse.sealing import seal
from bot.runtime import Runtime
from bot.voice import collecting
from bot.voice import service as voice
from bot.voice.service import Way
from models import Wave
from models.database import Sessions, make_engine, make_sessions, overwrite_deleted
from scheduler.insights import empty_log, publish_waves
from scheduler.rights import apply_retention
from tests.conftest import NOW
from tests.factories import WORKSPACE, employee
from tests.pulse.waves import OpenWave, actor, open_for, store_survey
from tests.voice.acting import store

LATER = NOW + timedelta(days=4)


async def answered_wave(sessions: Sessions) -> OpenWave:
    """Open a wave of twelve people; ten answer, and nine write: too few for HR to read.

    No other test may write the same: PostgreSQL's files keep what earlier tests deleted.
    """
    async with sessions.begin() as session:
        session.add_all(employee(f"U0MEMBER{number:02}", team="Design") for number in range(12))
        await session.flush()
        wave = await open_for(session, await store_survey(session))
    for number, person in enumerate(wave.people[:10]):
        async with sessions.begin() as session:
            press = wave.press(person, 0, 1 + number % 5)
            await service.answer(session, actor(person), press)
            if number < 9:
                await service.comment(
                    session, actor(person), press, f"Forget me {number}", after_thanks=False
                )
    return wave


async def test_every_file_of_the_database_forgets(
    runtime: Runtime,
) -> None:
    """Key, tokens and comments are in no file once a wave is published, the log included."""
    sessions, engine = runtime.sessions, runtime.sessions.kw["bind"]
    wave = await answered_wave(sessions)
    sought = [
        wave.key,
        wave.key.hex().encode(),
        *(respondent_token(wave.key, person).encode() for person in wave.people[:-2]),
        b"Forget me 0",
    ]
    before = await content_of(engine)
    assert all(any(each in before for each in pair) for pair in (sought[:2], sought[2:3])), (
        "the attack finds what it looks for"
    )

    async with sessions.begin() as session:
        await seal(session, WORKSPACE, wave.id, LATER)
    assert await publish_waves(runtime, LATER) == 1

    after = await content_of(engine)
    assert not [each for each in sought if each in after]


async def test_what_a_process_that_died_while_publishing_left_goes_with_retention(
    runtime: Runtime,
) -> None:
    sessions, engine = runtime.sessions, runtime.sessions.kw["bind"]
    wave = await answered_wave(sessions)
    async with sessions.begin() as session:
        await seal(session, WORKSPACE, wave.id, LATER)
        source = await read_sealed_wave(session, WORKSPACE, wave.id)
    assert source
    async with sessions.begin() as session:
        assert await store_publication(session, compute_publication(source), LATER)
    assert b"Forget me 0" in await content_of(engine)

    assert await apply_retention(runtime, LATER) == 0, "nothing else to delete"
    assert b"Forget me 0" not in await content_of(engine)


async def test_no_file_keeps_a_leaver(runtime: Runtime) -> None:
    engine = runtime.sessions.kw["bind"]
    async with runtime.sessions.begin() as session:
        left = {"active": False, "left_at": NOW - timedelta(days=30)}
        session.add(employee("U0LEFT", name="Ana Zeppelin", **left))
    assert b"Ana Zeppelin" in await content_of(engine)

    assert await apply_retention(runtime, NOW) == 1
    assert b"Ana Zeppelin" not in await content_of(engine)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_publishing_waits_while_another_process_holds_the_log(
    runtime: Runtime,
) -> None:
    sessions, engine = runtime.sessions, runtime.sessions.kw["bind"]
    wave = await answered_wave(sessions)
    other = make_engine(engine.url.render_as_string(hide_password=False))
    async with sessions.begin() as session:
        await session.execute(text("PRAGMA busy_timeout=100"))
    reader = make_sessions(other)()
    await reader.execute(text("COMMIT"))
    await reader.execute(text("BEGIN"))
    await reader.execute(select(Wave.id))

    async with sessions.begin() as session:
        await seal(session, WORKSPACE, wave.id, LATER)
    assert not await overwrite_deleted(sessions, ANSWER_TABLES)
    assert await publish_waves(runtime, LATER) == 0

    await reader.close()
    await other.dispose()
    assert await publish_waves(runtime, LATER) == 1


async def content_of(engine: AsyncEngine) -> bytes:
    """Read every file that the database's tables are in; on SQLite the log as well.

    Not PostgreSQL's indexes: names without a key stay there until the page is used again.
    """
    if engine.dialect.name == "sqlite":
        return _content_of_files(str(engine.url.database))
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("CHECKPOINT")
        files = await connection.exec_driver_sql(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
            "WHERE relkind IN ('r', 't') AND relnamespace = 'public'::regnamespace"
        )
        return b"".join(content for (content,) in files)


def _content_of_files(name: str) -> bytes:
    paths = [Path(name + suffix) for suffix in ("", "-wal", "-shm")]
    return b"".join(path.read_bytes() for path in paths if path.exists())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_log_is_emptied_whatever_was_written(runtime: Runtime) -> None:
    engine = runtime.sessions.kw["bind"]
    async with runtime.sessions.begin() as session:
        session.add(employee("U0SOMEBODY"))
    name = str(engine.url.database)
    assert _sizes(name)["-wal"] > 0
    assert await empty_log(runtime, NOW) == 0
    assert _sizes(name)["-wal"] == 0


def _sizes(name: str) -> dict[str, int]:
    return {suffix: Path(name + suffix).stat().st_size for suffix in ("", "-wal")}


async def test_what_a_process_left_behind_that_died_after_collecting_is_removed(
    runtime: Runtime,
) -> None:
    """And what an author withdrew: rows that are deleted stay in PostgreSQL's files for a time."""
    engine = runtime.sessions.kw["bind"]
    async with runtime.sessions.begin() as session:
        session.add_all(employee(f"UDESI00{number}", team="Design") for number in range(6))
        await session.flush()
        kept = await store(session, "UDESI001", Way.REPLY, "The lifts are slow", NOW)
        gone = await store(session, "UDESI002", Way.REPLY, "The rota is unfair", NOW)
    assert kept
    assert gone
    async with runtime.sessions.begin() as session:
        await collecting.collect(session, WORKSPACE, NOW + timedelta(days=1))
    async with runtime.sessions.begin() as session:
        await voice.withdraw(session, actor("UDESI002"), gone, NOW + timedelta(days=1))

    await apply_retention(runtime, NOW + timedelta(days=1))
    content = await content_of(engine)
    assert content.count(b"The lifts are slow") == 1, "only the row that was collected"
    assert b"The rota is unfair" not in content
