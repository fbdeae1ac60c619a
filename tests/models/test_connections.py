"""Connections: a dead one costs no press, and SQLite's transactions end as they should."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models import SeenRequest, Workspace, database
from models.database import Sessions, quick
from tests.conftest import NOW
from tests.factories import workspace

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROCESS = text("SELECT pg_backend_pid()")
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def end_connection(sessions: Sessions) -> int:
    """End the connection that the pool gives next; return the server's process behind it.

    The loop does not run meanwhile, so that the driver has not heard of it.
    """
    async with sessions.begin() as session:
        process = int(await session.scalar(PROCESS) or 0)
    os.kill(process, signal.SIGTERM)
    with suppress(ProcessLookupError):
        while True:
            os.kill(process, 0)
            time.sleep(0.01)  # noqa: ASYNC251
    return process


@POSTGRESQL
async def test_a_connection_that_the_server_closed_is_replaced(sessions: Sessions) -> None:
    process = await end_connection(sessions)
    await asyncio.sleep(0.1)
    async with sessions.begin() as session:
        assert await session.scalar(PROCESS) != process


@POSTGRESQL
async def test_a_connection_that_rested_is_asked_before_it_is_used(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TRUSTED_SECONDS", -1)
    process = await end_connection(sessions)
    async with sessions.begin() as session:
        assert await session.scalar(PROCESS) != process


@SQLITE
async def test_what_was_not_committed_is_undone(sessions: Sessions) -> None:
    async with sessions() as session:
        session.add(workspace())
        await session.flush()
        await session.rollback()
    async with sessions.begin() as session:
        assert (await session.scalars(select(Workspace))).all() == []
        session.add(workspace())
    async with sessions.begin() as session:
        pass
    async with sessions.begin() as session:
        assert len((await session.scalars(select(Workspace))).all()) == 1


@SQLITE
async def test_a_transaction_takes_the_write_lock_with_its_first_statement(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("SELECT 1"))
        raw = (await (await session.connection()).get_raw_connection()).driver_connection
        assert raw
        assert raw.in_transaction
    assert not raw.in_transaction


@SQLITE
@pytest.mark.parametrize("commits", [True, False])
async def test_one_transaction_is_quick_and_ends_as_others_do(
    sessions: Sessions, commits: bool
) -> None:
    request = {"fingerprint": "1", "forget_at": NOW}
    with suppress(LookupError):
        async with quick(sessions) as connection:
            visits = await visits_of(connection)
            await connection.execute(insert(SeenRequest), request)
            assert len(visits) == 1, "the first statement may wait for a lock"
            await connection.execute(text("SELECT 1"))
            assert len(visits) == 1
            if not commits:
                raise LookupError
    assert len(visits) == 2
    async with sessions.begin() as session:
        assert len((await session.scalars(select(SeenRequest))).all()) == commits
        await session.execute(text("SELECT 1"))
        assert len(visits) == 4


async def visits_of(connection: AsyncConnection) -> list[Any]:
    """Return what the thread of a connection is given from now on."""
    opened: Any = (await connection.get_raw_connection()).driver_connection
    visits: list[Any] = []
    execute = opened._execute

    async def visit(*what: Any) -> Any:
        visits.append(what)
        return await execute(*what)

    opened._execute = visit
    return visits
