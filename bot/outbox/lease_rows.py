"""The lease of a workspace: one process at a time sends for it. scheduler/lease.py renews it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from models import SenderLease
from models.database import insert_into

SENDER_LEASE: Final = timedelta(seconds=6)
"""How long a workspace waits for a sender that died."""


async def hold_lease(
    session: AsyncSession,
    workspace_id: str,
    holder: str,
    clock: datetime,
    stale: datetime | None = None,
) -> datetime | None:
    """Take or renew the right to send for a workspace.

    Returns None when this process holds it now. Otherwise returns until when the lease of another
    process says it is held. That lease is taken over if it still says `stale`.
    """
    mine = {"holder": holder, "held_until": clock + SENDER_LEASE}
    taken = await session.scalar(
        insert_into(session, SenderLease)
        .values(workspace_id=workspace_id, **mine)
        .on_conflict_do_update(
            index_elements=[SenderLease.workspace_id],
            set_=mine,
            where=or_(SenderLease.holder == holder, SenderLease.held_until == stale),
        )
        .returning(SenderLease.holder)
    )
    if taken is not None:
        return None
    lease = await session.get(SenderLease, workspace_id, populate_existing=True)
    return lease.held_until if lease else clock


async def release_lease(session: AsyncSession, workspace_id: str, holder: str) -> None:
    """Let another process send for the workspace at once."""
    await session.execute(
        delete(SenderLease).where(
            SenderLease.workspace_id == workspace_id, SenderLease.holder == holder
        )
    )
