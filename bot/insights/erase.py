"""Erases old comments, and the names on responses to named surveys. It reads nothing."""

from datetime import datetime

from sqlalchemy import Delete, delete, exists
from sqlalchemy.ext.asyncio import AsyncSession

from models import Comment, NamedResponse, PublishedComment, Wave


async def drop_comments(session: AsyncSession, workspace_id: str, sealed_before: datetime) -> int:
    """Delete comments, published or not, of waves sealed before a moment; return how many."""
    dropped = 0
    for table in (Comment, PublishedComment):
        of_old_wave = exists().where(
            Wave.workspace_id == table.workspace_id,
            Wave.id == table.wave_id,
            Wave.sealed_at < sealed_before,
        )
        statement = delete(table).where(table.workspace_id == workspace_id, of_old_wave)
        dropped += await _run(session, statement)
    return dropped


async def unname_responses(session: AsyncSession, workspace_id: str, employee_id: str) -> None:
    """Remove a person's name from their responses to named surveys; the answers stay."""
    await _run(
        session,
        delete(NamedResponse).where(
            NamedResponse.workspace_id == workspace_id, NamedResponse.employee_id == employee_id
        ),
    )


async def _run(session: AsyncSession, statement: Delete) -> int:
    result = await session.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))
