"""Which channels get the weekly digest, when, and what they were told."""

from datetime import time

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId


class DigestSubscription(Base):
    """A channel's weekly digest."""

    __tablename__ = "digest_subscriptions"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        Index(None, "next_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[SlackId] = mapped_column(primary_key=True)
    weekday: Mapped[int]
    """0 is Monday."""
    post_at: Mapped[time]
    """Local time in `tz`."""
    tz: Mapped[str] = mapped_column(String(64))
    created_by: Mapped[SlackId]
    created_at: Mapped[Moment]
    """The digest leaves out waves that were published before this moment."""
    next_at: Mapped[Moment]
    """When the next digest is due."""


class ToldWave(Base):
    """A wave that a digest has told a channel about."""

    __tablename__ = "told_waves"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "wave_id"], ["waves.workspace_id", "waves.id"], ondelete="CASCADE"
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    channel_id: Mapped[SlackId] = mapped_column(primary_key=True)
    wave_id: Mapped[Key] = mapped_column(primary_key=True)
    told_at: Mapped[Moment]
