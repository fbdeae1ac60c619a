"""Erases what has been kept long enough."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.replays import forget_requests
from bot.rights import retention
from bot.rights.service import ERASED_FROM, erase_again
from bot.runtime import Runtime
from models import Base
from models.database import overwrite_deleted
from scheduler.sweeps import run_each

Unit = tuple[str, str]
"""A workspace and a person of it."""


async def apply_retention(runtime: Runtime, now: datetime) -> int:
    """Erase old comments, messages and drafts, and people who left, in each workspace."""
    async with runtime.sessions.begin() as session:
        # Requests are stamped by the real clock, so `now` does not count here.
        requests = await forget_requests(session, runtime.wall_clock())
        workspaces = await retention.all_workspaces(session)
    kept = await run_each(runtime, "apply_retention", workspaces, partial(_retain, runtime, now))
    # Even if nothing was deleted: a process may have died before it overwrote the disk.
    await overwrite_deleted(runtime.sessions, ERASED_FROM, retention.REWRITTEN)
    return requests + kept


async def _retain(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    months = runtime.settings.attune_retention_months
    async with runtime.sessions.begin() as session:
        done = await retention.drop_old(session, workspace_id, months, now)
    for drop in (
        retention.drop_messages,
        retention.drop_interruptions,
        retention.drop_invitations,
        retention.drop_questions,
        retention.drop_learning,
    ):
        done += await _in_parts(runtime, partial(drop, workspace_id=workspace_id, now=now))
    async with runtime.reading() as session:
        left_over = await retention.left_over(session, workspace_id)
        leavers = await retention.leavers(session, workspace_id, now)
    again = partial(_erase_again, runtime)
    done += await run_each(runtime, "apply_retention", _units(workspace_id, left_over), again)
    leave = partial(_erase_leaver, runtime, now)
    return done + await run_each(runtime, "apply_retention", _units(workspace_id, leavers), leave)


async def _in_parts(runtime: Runtime, drop: Callable[[AsyncSession], Awaitable[int]]) -> int:
    """Delete rows in several transactions, so that presses get their turn, until none are left."""
    done = 0
    while not runtime.stopping.is_set():
        async with runtime.sessions.begin() as session:
            dropped = await drop(session)
        done += dropped
        if dropped < retention.ROWS_AT_ONCE:
            break
    return done


def _units(workspace_id: str, people: Iterable[str]) -> list[Unit]:
    return [(workspace_id, person_id) for person_id in people]


async def _erase_again(runtime: Runtime, unit: Unit) -> int:
    async with runtime.sessions.begin() as session:
        await erase_again(session, *unit)
    return 1


async def _erase_leaver(runtime: Runtime, now: datetime, unit: Unit) -> int:
    async with runtime.sessions.begin() as session:
        await retention.erase_one_leaver(session, *unit, now)
    return 1


async def erase_uninstalled(runtime: Runtime, now: datetime) -> int:
    """Erase workspaces that removed Attune a month ago."""
    async with runtime.reading() as session:
        workspaces = await retention.uninstalled_workspaces(session, now)
    erased = await run_each(runtime, "erase_uninstalled", workspaces, partial(_erase, runtime, now))
    if erased:
        await overwrite_deleted(runtime.sessions, Base.metadata.tables)
    return erased


async def _erase(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    async with runtime.sessions.begin() as session:
        return await retention.erase_workspace(session, workspace_id, now)
