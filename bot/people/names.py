"""The names of which comments are masked, read from the directory."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.masking import Names
from models import Employee


async def known_names(session: AsyncSession, workspace_id: str) -> Names:
    """Return the names of everybody in the directory, people who left included."""
    rows = await session.execute(
        select(Employee.name, Employee.nick).where(Employee.workspace_id == workspace_id)
    )
    names = [name for row in rows for name in row if name]
    # A large company takes half a second: other requests of this process go on meanwhile.
    return await asyncio.to_thread(Names.of, names)
