"""Which channels get a digest or alerts, when, and what they were told."""

from datetime import time

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId


class DigestSubscription(Base):
    """A channel's weekly or monthly digest."""

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
    ordinal: Mapped[str | None] = mapped_column(String(4))
    """Which such day of a month: `1st` to `4th`, or `last`. Empty for a weekly digest."""
    post_at: Mapped[time]
    """Local time in `tz`."""
    tz: Mapped[str] = mapped_column(String(64))
    with_teams: Mapped[bool] = mapped_column(default=False)
    """True if it names teams and other groups that stand out."""
    with_quotes: Mapped[bool] = mapped_column(default=False)
    """True if it quotes published comments."""
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


class AlertChannel(Base):
    """HR's channel in which Attune says at once what stands out in a published wave."""

    __tablename__ = "alert_channels"

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[SlackId]
    created_by: Mapped[SlackId]
    created_at: Mapped[Moment]


class ToldAlert(Base):
    """A cell that an alert has told HR about. The same cell comes at most once a week."""

    __tablename__ = "told_alerts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "wave_id"], ["waves.workspace_id", "waves.id"], ondelete="CASCADE"
        ),
        Index(None, "workspace_id", "told_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    wave_id: Mapped[Key] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(16), primary_key=True)
    measure_ref: Mapped[str] = mapped_column(String(60), primary_key=True)
    segment: Mapped[str] = mapped_column(String(16), primary_key=True)
    segment_ref: Mapped[str] = mapped_column(String(400), primary_key=True)
    told_at: Mapped[Moment]
