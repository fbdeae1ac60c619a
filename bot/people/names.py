"""The names of which comments are masked, read from the directory."""

import asyncio
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.masking import Names
from models import Employee

_Version = tuple[Any, ...]

_read: Final[WeakKeyDictionary[Any, dict[str, tuple[_Version, Names]]]] = WeakKeyDictionary()
"""Per engine and workspace: every comment asks, and 100,000 people take a second to read."""


async def known_names(session: AsyncSession, workspace_id: str) -> Names:
    """Return the names of everybody in the directory, people who left included."""
    known = _read.setdefault(session.get_bind(), {})
    version = await _version(session, workspace_id)
    if workspace_id not in known or known[workspace_id][0] != version:
        rows = await session.execute(
            select(Employee.name, Employee.nick).where(Employee.workspace_id == workspace_id)
        )
        names = [name for row in rows for name in row if name]
        # A large company takes a second: other requests of this process go on meanwhile.
        known[workspace_id] = (version, await asyncio.to_thread(Names.of, names))
    return known[workspace_id][1]


async def _version(session: AsyncSession, workspace_id: str) -> _Version:
    """Return what changes when anybody joins, goes or takes another name."""
    counted = await session.execute(
        select(
            func.count(),
            func.max(Employee.slack_updated),
            func.sum(Employee.slack_updated),
            func.sum(func.length(Employee.name)),
        ).where(Employee.workspace_id == workspace_id)
    )
    return tuple(counted.one())
