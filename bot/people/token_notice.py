"""Tells HR's admins when a workspace works again whose token Slack had refused."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import add_notice
from bot.people import roles
from models import Workspace

RECONNECTED: Final = "reconnected"


async def record_recovery(session: AsyncSession, workspace_id: str, now: datetime) -> bool:
    """Record that Slack accepts the token. If it had not, tell HR's admins and return True."""
    workspace = await session.get(
        Workspace, workspace_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if workspace is None or workspace.token_refused_at is None:
        return False
    since = workspace.token_refused_at
    workspace.token_refused_at = workspace.token_retry_at = None
    detail = {"about": RECONNECTED, "since": since.isoformat(), "until": now.isoformat()}
    for admin in (await roles.hr_team(session, workspace_id)).admins:
        key = f"{admin}:{since.isoformat()}"
        await add_notice(session, workspace_id, key, admin, detail, now)
    return True
