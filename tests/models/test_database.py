"""Transactions that only read, and locks that let rows refer to the locked one."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.mentoring.programme.outcomes import publish_outcomes
from bot.people.group_size import set_min_group_size
from bot.people.roles import change_hr_team
from models import SenderLease, Workspace
from models.database import Sessions, make_engine, make_sessions, reading
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company


async def test_a_reading_transaction_holds_up_no_writer(
    sessions: Sessions, database_url: str
) -> None:
    other = make_engine(database_url)
    async with reading(sessions) as session:
        await session.scalar(select(func.count()).select_from(Workspace))
        async with make_sessions(other).begin() as writer:
            await company(writer, {})
    await other.dispose()
    async with reading(sessions) as session:
        assert await session.scalar(select(func.count()).select_from(Workspace)) == 1


async def test_a_reader_does_not_wait_for_a_writer(sessions: Sessions, database_url: str) -> None:
    other = make_engine(database_url)
    async with make_sessions(other).begin() as writer:
        await company(writer, {})
        async with reading(sessions) as session:
            assert await session.scalar(select(func.count()).select_from(Workspace)) == 0
    await other.dispose()


async def test_the_connection_of_a_reader_can_write_again(sessions: Sessions) -> None:
    async with reading(sessions) as session:
        await session.scalar(select(func.count()).select_from(Workspace))
    async with sessions.begin() as session:
        await company(session, {})


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_postgresql_refuses_to_write_in_it(sessions: Sessions) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with reading(sessions) as session:
            await session.execute(text("DELETE FROM workspaces"))


async def _publish(session: AsyncSession) -> None:
    await publish_outcomes(session, WORKSPACE, [], NOW)


async def _let_managers_see(session: AsyncSession) -> None:
    actor = Actor(WORKSPACE, ADMIN)
    await change_hr_team(session, actor, [ADMIN], [], NOW, managers_see_team=True)


async def _resize(session: AsyncSession) -> None:
    await set_min_group_size(session, 7, NOW)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("hold", [_publish, _let_managers_see, _resize])
async def test_rows_of_a_workspace_can_be_added_while_it_is_locked(
    sessions: Sessions, hold: Callable[[AsyncSession], Awaitable[Any]]
) -> None:
    async with sessions.begin() as session:
        await company(session, {})
    async with sessions.begin() as session:
        await hold(session)
        async with sessions.begin() as other:
            await other.execute(text("SET LOCAL lock_timeout = '500ms'"))
            other.add(SenderLease(workspace_id=WORKSPACE, holder="me", held_until=NOW))
