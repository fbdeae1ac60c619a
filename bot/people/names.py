"""The names of which comments are masked, read from the directory."""

import asyncio
from collections import OrderedDict
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.masking import Names
from models import Employee

MOST_WORKSPACES: Final = 8
"""Whose names are kept at hand; those of 100,000 people take some 25 MiB."""

_Version = tuple[Any, ...]
_Kept = OrderedDict[str, tuple[_Version, Names]]

_read: Final[WeakKeyDictionary[Any, _Kept]] = WeakKeyDictionary()
"""Per engine and workspace, the one asked for last behind: reading 100,000 people takes seconds."""


async def known_names(session: AsyncSession, workspace_id: str) -> Names:
    """Return the names of everybody in the directory, people who left included."""
    known = _read.setdefault(session.get_bind(), OrderedDict())
    version = await _version(session, workspace_id)
    kept = known.get(workspace_id)
    if kept is None or kept[0] != version:
        rows = await session.execute(
            select(Employee.name, Employee.nick).where(Employee.workspace_id == workspace_id)
        )
        names = [name for row in rows for name in row if name]
        # A large company takes seconds: other requests of this process go on meanwhile.
        kept = (version, await asyncio.to_thread(Names.of, names))
    known[workspace_id] = kept
    known.move_to_end(workspace_id)
    while len(known) > MOST_WORKSPACES:
        known.popitem(last=False)
    return kept[1]


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
