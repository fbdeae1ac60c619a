"""Erases a person from blockers, and old blockers."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers.counting import erase_counted
from models import Blocker, BlockerPreference, BlockerRequest


async def erase_own(session: AsyncSession, workspace_id: str, person: str) -> None:
    """Delete a person's blockers, requests and choices, and take them off blockers of others.

    A job then tells the asker that somebody else can be asked.
    """
    await erase_counted(session, workspace_id, person)
    for table, column in (
        (Blocker, Blocker.asker_id),
        (BlockerRequest, BlockerRequest.helper_id),
        (BlockerPreference, BlockerPreference.employee_id),
    ):
        await session.execute(
            delete(table).where(table.workspace_id == workspace_id, column == person)
        )
    await session.execute(
        update(Blocker)
        .where(Blocker.workspace_id == workspace_id, Blocker.helper_id == person)
        .values(helper_id=None)
    )


async def drop_old(session: AsyncSession, workspace_id: str, opened_before: datetime) -> int:
    """Delete blockers that were opened before a moment; return how many."""
    result = await session.execute(
        delete(Blocker)
        .where(Blocker.workspace_id == workspace_id, Blocker.opened_at < opened_before)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))
