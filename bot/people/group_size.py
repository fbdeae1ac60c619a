"""The smallest group with figures: set by the operator, visible to everybody."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import audit
from bot.people.audit import Attune
from models import Workspace

CHANGED: Final = "group_size.changed"
"""Its name in the audit table; the detail has `before` and `after`."""


async def set_min_group_size(session: AsyncSession, size: int, now: datetime) -> int:
    """Set the group size of waves that open from now on; return how many workspaces changed.

    Open and closed waves keep the size that was promised to their people.
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
