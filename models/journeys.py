"""Journeys: HR's choices for each milestone, and which milestones people have passed."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, SlackId


class Milestone(Base):
    """What HR chose for one milestone; a workspace without rows has not started journeys."""

    __tablename__ = "milestones"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),)

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Of `bot.journeys.pure.milestones.MILESTONES`."""
    is_on: Mapped[bool] = mapped_column(default=True)
    weekday: Mapped[int | None]
    """The weekday on which it comes, 0 for Monday; empty for the next working day."""
    ask_at: Mapped[time]
    """Local time of the person."""
    survey_id: Mapped[Key | None]
    """The survey with its questions now; empty for a milestone that asks nothing."""


class JourneyStep(Base):
    """A milestone that a person has passed: greeted or asked. It never tells of an answer.

    The key keeps a milestone from coming twice, whatever crashes.
    """

    __tablename__ = "journey_steps"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    milestone: Mapped[str] = mapped_column(String(20), primary_key=True)
    anchor: Mapped[date] = mapped_column(primary_key=True)
    """The date from which its day was counted: the first day, the last, or the first one back."""
    passed_on: Mapped[date]


class JourneyPause(Base):
    """A person whose journeys HR has paused: no milestone comes until HR goes on with them."""

    __tablename__ = "journey_pauses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    paused_on: Mapped[date]
