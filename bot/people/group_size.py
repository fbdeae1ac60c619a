"""The smallest group that figures are shown for: set by the operator, told to everybody."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import audit
from bot.people.audit import Attune
from models import Workspace

CHANGED: Final = "group_size.changed"
"""How the record calls it; its detail says `before` and `after`."""


async def set_min_group_size(session: AsyncSession, size: int, now: datetime) -> int:
    """Let waves that open from now on need groups of `size`; return how many workspaces changed.

    A wave that is open, or has closed, keeps the size under which its people answered.
    """
    others = await session.scalars(
        select(Workspace)
        .where(Workspace.min_group_size != size)
        .order_by(Workspace.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    changed = others.all()
    for workspace in changed:
        detail = {"before": workspace.min_group_size, "after": size}
        audit.record(session, Attune(workspace.id), CHANGED, detail=detail, now=now)
        workspace.min_group_size = size
    return len(changed)
