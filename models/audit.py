"""The append-only record of who did what with Attune."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, new_key


class AuditEntry(Base):
    """One act worth showing to a works council.

    Rows are only ever added: the database itself refuses to change one, or to delete one while its
    workspace is there. Erasing a workspace deletes its entries.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "workspace_id", "action", "at"),
        Index(None, "workspace_id", "actor_id"),
        Index(None, "workspace_id", "subject"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    at: Mapped[Moment]
    actor_id: Mapped[SlackId | None]
    """Empty when Attune itself acted."""
    action: Mapped[str] = mapped_column(String(64))
    """What was done or refused, such as `figures.viewed` or `command.refused`."""
    subject: Mapped[str | None] = mapped_column(String(200))
    """What it was done to: a survey's or wave's id, a role, a command's name."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
