"""Notes and reads when something last happened, for `python -m bot doctor`."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from models import LastTime
from models.database import insert_into

SCHEDULER: Final = "scheduler"
BACKUP: Final = "backup"


async def note_time(session: AsyncSession, name: str, at: datetime) -> None:
    """Store that something happened at a moment."""
    row = insert_into(session, LastTime).values(name=name, at=at)
    await session.execute(
        row.on_conflict_do_update(index_elements=[LastTime.name], set_={"at": at})
    )


async def last_time(session: AsyncSession, name: str) -> datetime | None:
    """Return when something last happened; None if it never did."""
    row = await session.get(LastTime, name)
    return row.at if row else None
