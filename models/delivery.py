"""Messages that must reach Slack once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key


class Delivery(Base):
    """One proactive message: waiting, due, claimed, then sent, dropped (nothing to say) or failed.

    A waiting message is not planned yet: `bot/attention` decides when it becomes due.

    A message of a discreet kind ends as `settled`, whether it was sent or there was nothing to say.
    Otherwise a reminder's row would tell who had answered by then, and the row of a question to a
    colleague that the colleague asked never to be paired with the asker.
    `bot/outbox/states.py` says which status may follow which.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        CheckConstraint(
            "status IN ('waiting', 'due', 'claimed', 'sent', 'dropped', 'settled', 'failed')",
            name="status",
        ),
        Index(None, "workspace_id", "status", "due_at"),
        Index(None, "workspace_id", "wave_id"),
        Index(None, "workspace_id", "recipient"),
        Index(
            "ix_deliveries_asked_by",
            "workspace_id",
            "asked_by",
            postgresql_where=text("asked_by IS NOT NULL"),
            sqlite_where=text("asked_by IS NOT NULL"),
        ),
        # The only messages to others that name people: erasing searches them for a person.
        Index(
            "ix_deliveries_coffee",
            "workspace_id",
            postgresql_where=text("kind = 'mentor_coffee'"),
            sqlite_where=text("kind = 'mentor_coffee'"),
        ),
        # The planner and the sender look for these every few seconds, among rows that are over.
        Index(
            "ix_deliveries_waiting",
            "look_at",
            "workspace_id",
            postgresql_where=text("status = 'waiting'"),
            sqlite_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_deliveries_bundle",
            "workspace_id",
            "bundle",
            postgresql_where=text("bundle IS NOT NULL"),
            sqlite_where=text("bundle IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_due",
            "due_at",
            postgresql_where=text("status = 'due'"),
            sqlite_where=text("status = 'due'"),
        ),
        Index(
            "ix_deliveries_claimed",
            "status",
            "workspace_id",
            postgresql_where=text("status = 'claimed'"),
            sqlite_where=text("status = 'claimed'"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Goes out in the message's metadata, so that a lost delivery can be looked up."""
    key: Mapped[str] = mapped_column(String(200))
    """What, to whom, for which wave or week: a job that runs twice inserts once."""
    kind: Mapped[str] = mapped_column(String(16))
    """Which kind of message it is: its name in a table `KINDS`, or "notice": see bot/outbox."""
    recipient: Mapped[SlackId]
    """A user's id (Slack opens the DM itself) or a channel's."""
    readers: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The people of a group DM, whose attention the message takes; empty for a DM or a channel."""
    asked_by: Mapped[SlackId | None]
    """The person who had it sent to somebody else, such as a question to a colleague. `detail` may
    say so as well, but is not searched."""
    wave_id: Mapped[Key | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the composer needs besides the wave; never an answer or a comment."""
    due_at: Mapped[Moment]
    """The earliest moment; the reader's hours and budget may delay it."""
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """While the message waits: when the planner looks at it next; then, when it was planned."""
    send_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Once planned: the end of its readers' working day. Later, it waits for the next one."""
    bundle: Mapped[Key | None]
    """Shared by the deliveries that go out as one message; empty for one that goes alone."""
    status: Mapped[str] = mapped_column(String(16), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """End of the claim. After it, the message may have been posted or not, and is looked up."""
    channel: Mapped[SlackId | None]
    ts: Mapped[str | None] = mapped_column(String(32))
    """Where Slack put the message."""
    reason: Mapped[str | None] = mapped_column(String(120))
    """Why it was dropped, failed or postponed: a code, never a person's text."""


class Interruption(Base):
    """A day on which Attune writes to a person: at most one message a day, and a few a week.

    A reminder counts whether or not it turned out to be needed. Otherwise these rows would tell who
    had answered.
    """

    __tablename__ = "interruptions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """In the person's own zone."""
    message_id: Mapped[Key]
    """The delivery's id, or the bundle's."""


class SenderLease(Base):
    """Which process sends for a workspace: Slack's limits are per workspace, so one at a time."""

    __tablename__ = "sender_leases"

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    holder: Mapped[str] = mapped_column(String(64))
    held_until: Mapped[Moment]
