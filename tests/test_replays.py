"""A signed request is taken once, by whichever process it reaches."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.replays import REMEMBERED_SECONDS, RequestRefusedError, SeenRequests, forget_requests
from models import SeenRequest
from models.database import Sessions, make_sessions

NOW = int(time.time())


async def remembered(sessions: Sessions) -> int:
    async with sessions.begin() as session:
        return int(await session.scalar(select(func.count()).select_from(SeenRequest)) or 0)


async def test_a_copy_is_refused_by_the_same_process_and_by_another(sessions: Sessions) -> None:
    here, there = SeenRequests(sessions), SeenRequests(sessions)
    await here.check("v0=1", NOW)
    for process in (here, there):
        with pytest.raises(RequestRefusedError) as refused:
            await process.check("v0=1", NOW)
        assert refused.value.status == 401
    await there.check("v0=2", NOW)


async def test_a_copy_is_refused_where_the_request_was_remembered_with_what_it_stored(
    sessions: Sessions,
) -> None:
    here, there = SeenRequests(sessions), SeenRequests(sessions)
    async with sessions.begin() as session:
        await here.mark("v0=1", NOW).store(session)
    with pytest.raises(RequestRefusedError):
        here.mark("v0=1", NOW)
    copy = there.mark("v0=1", NOW)
    with pytest.raises(RequestRefusedError):
        async with sessions.begin() as session:
            await copy.store(session)


async def test_a_request_that_stored_nothing_is_not_remembered(sessions: Sessions) -> None:
    async with sessions() as session:
        await SeenRequests(sessions).mark("v0=1", NOW).store(session)
        await session.rollback()
    assert await remembered(sessions) == 0


async def test_without_a_database_one_process_still_knows_copies(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = create_async_engine("postgresql+asyncpg://127.0.0.1:1/nowhere")
    seen = SeenRequests(make_sessions(engine))
    await seen.check("v0=secret", NOW)
    with pytest.raises(RequestRefusedError):
        await seen.check("v0=secret", NOW)
    assert "secret" not in caplog.text
    await engine.dispose()


async def test_rows_tell_no_time_nearer_than_the_hour_and_go_once_they_are_stale(
    sessions: Sessions,
) -> None:
    await SeenRequests(sessions).check("v0=1", NOW)
    async with sessions.begin() as session:
        row = (await session.scalars(select(SeenRequest))).one()
        assert "v0" not in row.fingerprint
        assert (row.forget_at.minute, row.forget_at.second, row.forget_at.microsecond) == (0, 0, 0)
    stale = datetime.fromtimestamp(NOW + REMEMBERED_SECONDS, UTC)
    async with sessions.begin() as session:
        assert await forget_requests(session, stale) == 0
        assert await forget_requests(session, stale + timedelta(hours=1)) == 1
    assert await remembered(sessions) == 0


async def test_a_process_forgets_what_is_stale_anyway(sessions: Sessions) -> None:
    seen = SeenRequests(sessions)
    for second in range(0, 3000, 10):
        await seen.check(f"v0={second}", NOW + second)
    assert len(seen._here) <= REMEMBERED_SECONDS // 10 + 1
