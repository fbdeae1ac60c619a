"""Time to learn: the company's policy, booked slots, and who got their time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key


def _employee() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "employee_id"],
        ["employees.workspace_id", "employees.id"],
        ondelete="CASCADE",
    )


class LearningPolicy(Base):
    """How much time and money the company gives for learning, and when people are asked next."""

    __tablename__ = "learning_policies"
    __table_args__ = (
        CheckConstraint("hours BETWEEN 1 AND 40", name="hours"),
        Index(None, "ask_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    hours: Mapped[int]
    """A month."""
    budget: Mapped[str] = mapped_column(String(300), default="")
    """In HR's words, with where to apply."""
    ask_at: Mapped[Moment]
    """When everybody is asked next whether they got their time."""


class LearningSlot(Base):
    """Time that a person booked to learn, and what they explored in it."""

    __tablename__ = "learning_slots"
    __table_args__ = (
        _employee(),
        CheckConstraint("starts_at < ends_at", name="takes_time"),
        CheckConstraint("shown_to IN ('nobody', 'topic', 'channel')", name="shown_to"),
        Index(None, "workspace_id", "employee_id", "starts_at"),
        Index(None, "workspace_id", "shown_to", "noted_at"),
        # A job looks for these every few seconds, among many slots that are over.
        Index(
            "ix_learning_slots_unsent",
            "starts_at",
            postgresql_where=text("sent_at IS NULL"),
            sqlite_where=text("sent_at IS NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    employee_id: Mapped[SlackId]
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    moves: Mapped[int] = mapped_column(default=0)
    """How often it was moved; SEQUENCE of its calendar file (RFC 5545, 3.8.7.4)."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When sending the calendar file was tried; at most once for each time that it moves."""
    note: Mapped[str | None] = mapped_column(String(300))
    """What the person explored, in a line; with names masked if it is shown to others."""
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_to: Mapped[str] = mapped_column(String(16), default="nobody")
    topic: Mapped[str | None] = mapped_column(String(60))
    """The topic whose people see the note."""
    channel: Mapped[SlackId | None]
    """The public channel in which the note is posted."""


class LearningAnswer(Base):
    """Whether a person got their time in a month; deleted once the month's figures are made."""

    __tablename__ = "learning_answers"
    __table_args__ = (
        _employee(),
        CheckConstraint("got IN ('all', 'some', 'none')", name="got"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day."""
    got: Mapped[str] = mapped_column(String(8))
    taken_by: Mapped[str | None] = mapped_column(String(16))
    """What took the time, as a code."""
