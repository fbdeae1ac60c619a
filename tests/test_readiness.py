"""Whether the database answers, and whether it takes a write."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import readiness
from bot.readiness import Readiness
from models.database import Sessions, normalise_url


async def test_a_sound_database_is_ready_again_and_again(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "REMEMBERED_SECONDS", 0.0)
    tried = Readiness(sessions)
    for _ in range(2):
        assert await tried.can_read()
        assert await tried.can_write()
    async with sessions.begin() as session:
        assert await session.scalar(text("SELECT count(*) FROM seen_requests")) == 1


async def test_a_database_that_takes_no_write_is_alive_and_not_ready(
    sessions: Sessions, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "SECONDS", 0.3)
    async with engine.connect() as other:
        if engine.dialect.name == "sqlite":
            # The pool's one connection; it keeps this.
            await other.exec_driver_sql("PRAGMA query_only=ON")
            await other.close()
        else:
            await other.exec_driver_sql("LOCK TABLE seen_requests IN EXCLUSIVE MODE")
        tried = Readiness(sessions)
        assert await tried.can_read()
        assert not await tried.can_write()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_being_alive_takes_no_write_lock(sessions: Sessions, database_url: str) -> None:
    path = normalise_url(database_url).database
    assert path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await Readiness(sessions).can_read()
    other.close()


async def test_writing_is_tried_once_in_a_while(sessions: Sessions, engine: AsyncEngine) -> None:
    tried = Readiness(sessions)
    assert await tried.can_write()
    await engine.dispose()
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM seen_requests"))
    assert await tried.can_write()
    async with sessions.begin() as session:
        assert await session.scalar(text("SELECT count(*) FROM seen_requests")) == 0
