"""The directory's names, which are masked in comments."""

import asyncio
from collections import OrderedDict
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.masking import Names
from models import Employee

MOST_WORKSPACES: Final = 8
"""How many workspaces' names stay in memory; 100,000 people take some 25 MiB."""

_Version = tuple[Any, ...]
_Kept = OrderedDict[str, tuple[_Version, Names]]

_read: Final[WeakKeyDictionary[Any, _Kept]] = WeakKeyDictionary()
"""By engine and workspace, the latest used last. Reading 100,000 people takes seconds."""


async def known_names(session: AsyncSession, workspace_id: str) -> Names:
    """Return the names of everybody in the directory, including people who left."""
    known = _read.setdefault(session.get_bind(), OrderedDict())
    version = await _version(session, workspace_id)
    kept = known.get(workspace_id)
    if kept is None or kept[0] != version:
        rows = await session.execute(
            select(Employee.name, Employee.nick).where(Employee.workspace_id == workspace_id)
        )
        names = [name for row in rows for name in row if name]
        # A large company takes seconds, and other requests must not wait.
        kept = (version, await asyncio.to_thread(Names.of, names))
    known[workspace_id] = kept
    known.move_to_end(workspace_id)
    while len(known) > MOST_WORKSPACES:
        known.popitem(last=False)
    return kept[1]


async def _version(session: AsyncSession, workspace_id: str) -> _Version:
    """Return a value that changes when anybody joins, leaves or changes their name."""
    counted = await session.execute(
        select(
            func.count(),
            func.max(Employee.slack_updated),
            func.sum(Employee.slack_updated),
            func.sum(func.length(Employee.name)),
        ).where(Employee.workspace_id == workspace_id)
    )
    return tuple(counted.one())
