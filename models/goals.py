"""Employees' own goals, and what they said of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key


class Goal(Base):
    """An employee's own goal: open, then reached or dropped. Private unless they share it."""

    __tablename__ = "goals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("status IN ('open', 'reached', 'dropped')", name="status"),
        CheckConstraint("shared_with <> employee_id", name="shared_with_another"),
        Index(None, "workspace_id", "employee_id"),
        Index(None, "workspace_id", "shared_with"),
        Index(None, "ask_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random; buttons carry it."""
    employee_id: Mapped[SlackId]
    text: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(String(200))
    """How the person will see that they reached it, in their words."""
    due_on: Mapped[date]
    company_goal: Mapped[str | None] = mapped_column(String(150))
    """The company's goal that it serves, in the words that HR had when it was chosen."""
    shared_with: Mapped[SlackId | None]
    """The one colleague who may see it; empty for nobody."""
    status: Mapped[str] = mapped_column(String(16), default="open")
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its owner is asked next; all open goals of a person have the same. Empty once over."""


class GoalCheckin(Base):
    """What its owner said of a goal in one round of two weeks."""

    __tablename__ = "goal_checkins"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "goal_id"], ["goals.workspace_id", "goals.id"], ondelete="CASCADE"
        ),
        CheckConstraint(
            "state IN ('on track', 'at risk', 'stuck', 'kept', 'changed', 'dropped', 'reached')",
            name="state",
        ),
        Index(None, "workspace_id", "asked_on"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    goal_id: Mapped[Key] = mapped_column(primary_key=True)
    asked_on: Mapped[date] = mapped_column(primary_key=True)
    """The day (UTC) on which the round began."""
    employee_id: Mapped[SlackId]
    """The goal's owner."""
    state: Mapped[str] = mapped_column(String(16))
    learned: Mapped[str] = mapped_column(String(300), default="")
    """What the person learned, in a line, when they looked back."""
