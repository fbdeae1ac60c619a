"""Whether the database takes a write, is migrated, and opens with the process's key."""

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import readiness
from bot.readiness import NO_WRITE, UNMIGRATED, WRONG_KEY, Readiness
from models import SeenRequest
from models.database import Sessions
from models.encryption import Keyring, new_secret_key, use_keyring
from tests.factories import workspace

SET_VERSION = text("UPDATE alembic_version SET version_num = :version")


async def test_a_sound_database_is_ready_again_and_again(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "REMEMBERED_SECONDS", 0.0)
    tried = Readiness(sessions)
    for _ in range(2):
        assert await tried.obstacle() is None
    async with sessions.begin() as session:
        assert await session.scalar(select(func.count(SeenRequest.fingerprint))) == 1


async def test_a_database_that_takes_no_write_is_not_ready(
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
        assert await Readiness(sessions).obstacle() == NO_WRITE


@pytest.mark.parametrize(
    ("version", "obstacle"), [("0001", UNMIGRATED), ("of a newer release", None)]
)
async def test_only_a_version_before_this_codes_own_waits_for_migrations(
    sessions: Sessions, version: str, obstacle: str | None
) -> None:
    async with sessions.begin() as session:
        head = await session.scalar(text("SELECT version_num FROM alembic_version"))
        await session.execute(SET_VERSION, {"version": version})
    try:
        assert await Readiness(sessions).obstacle() == obstacle
    finally:
        async with sessions.begin() as session:
            await session.execute(SET_VERSION, {"version": head})


async def test_a_database_of_another_key_is_not_ready(sessions: Sessions) -> None:
    use_keyring(Keyring([new_secret_key()]))
    try:
        async with sessions.begin() as session:
            session.add(workspace(bot_token="xoxb-1"))
        assert await Readiness(sessions).obstacle() is None
        use_keyring(Keyring([new_secret_key()]))
        assert await Readiness(sessions).obstacle() == WRONG_KEY
    finally:
        use_keyring(Keyring())


async def test_it_is_tried_once_in_a_while(sessions: Sessions, engine: AsyncEngine) -> None:
    tried = Readiness(sessions)
    assert await tried.obstacle() is None
    await engine.dispose()
    async with sessions.begin() as session:
        await session.execute(delete(SeenRequest))
    assert await tried.obstacle() is None
    async with sessions.begin() as session:
        assert await session.scalar(select(func.count(SeenRequest.fingerprint))) == 0
