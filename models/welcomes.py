"""Welcoming newcomers: who was told of them, and the search for a buddy."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, SlackId, UtcDateTime, new_key


class Welcome(Base):
    """A newcomer's welcome. The search for a buddy is open → asked → accepted.

    It is open again after a no, after silence, and when the buddy leaves.
    """

    __tablename__ = "welcomes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "newcomer_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("workspace_id", "newcomer_id"),
        CheckConstraint("status IN ('open', 'asked', 'accepted')", name="status"),
        # A job looks for these every few seconds, among many that are over.
        Index(
            "ix_welcomes_introduce_at",
            "introduce_at",
            postgresql_where=text("introduce_at IS NOT NULL"),
            sqlite_where=text("introduce_at IS NOT NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random; buttons and messages to others carry it instead of the newcomer's id."""
    newcomer_id: Mapped[SlackId]
    starts_on: Mapped[date]
    """The first day, as it was when last looked at."""
    told_on: Mapped[date | None]
    """When somebody was told how to prepare the first day; empty while nobody was."""
    told_id: Mapped[SlackId | None]
    """The manager who was told; empty if HR's admins were."""
    status: Mapped[str] = mapped_column(String(16), default="open")
    buddy_id: Mapped[SlackId | None]
    """Who is asked, or has accepted. Empty as well after this person was forgotten."""
    asks: Mapped[int] = mapped_column(default=0)
    """How many people were asked; buttons carry the number."""
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the question to a buddy lapses."""
    declined: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Who could not be the buddy, so that nobody is asked twice."""
    introduce_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When newcomer and buddy are introduced to each other; empty before the yes, and after."""
