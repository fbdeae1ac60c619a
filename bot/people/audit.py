"""The append-only record of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.actor import Actor
from models import AuditEntry


def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    now: datetime,
    subject: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one entry. `action` reads `figures.viewed`; `detail` never holds an answer or a name."""
    session.add(
        AuditEntry(
            workspace_id=actor.workspace_id,
            actor_id=actor.user_id,
            action=action,
            subject=subject,
            detail=detail or {},
            at=now,
        )
    )
