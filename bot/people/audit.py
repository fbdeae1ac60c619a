"""The append-only record of who did what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from models import AuditEntry


@dataclass(frozen=True)
class Attune:
    """The actor of what Attune does on its own, or its operator from the console."""

    workspace_id: str


def record(
    session: AsyncSession,
    actor: Actor | Attune,
    action: str,
    *,
    now: datetime,
    subject: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add an entry. `action` is like `figures.viewed`; `detail` never holds an answer or a name."""
    session.add(
        AuditEntry(
            workspace_id=actor.workspace_id,
            actor_id=actor.user_id if isinstance(actor, Actor) else None,
            action=action,
            subject=subject,
            detail=detail or {},
            at=now,
        )
    )
