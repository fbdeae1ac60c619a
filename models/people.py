"""The directory: employees and their roles."""

from datetime import date, datetime, time

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime


class Employee(Base):
    """A person of the workspace, as Slack's directory and HR's import describe them."""

    __tablename__ = "employees"
    __table_args__ = (
        Index(None, "workspace_id", "team"),
        Index(None, "workspace_id", "email"),
        Index(None, "workspace_id", "manager_id"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[SlackId] = mapped_column(primary_key=True)
    """Slack's user id."""
    name: Mapped[str] = mapped_column(String(200))
    nick: Mapped[str | None] = mapped_column(String(80))
    """Slack's display name if it differs from `name`; it is masked in comments as well."""
    email: Mapped[str | None] = mapped_column(String(320))
    active: Mapped[bool]
    """True for an employee: a person of this workspace, not deactivated, no bot, no guest."""
    tz: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str | None] = mapped_column(String(16))
    team: Mapped[str | None] = mapped_column(String(120))
    department: Mapped[str | None] = mapped_column(String(120))
    counted_team: Mapped[str | None] = mapped_column(String(120))
    """The team that figures count the person under, until `counted_team_until`; then `team`."""
    counted_team_until: Mapped[date | None]
    """Empty if `team` counts already. `bot.people.pure.counted_teams` has the rule."""
    counted_department: Mapped[str | None] = mapped_column(String(120))
    counted_department_until: Mapped[date | None]
    counted_location: Mapped[str | None] = mapped_column(String(120))
    counted_location_until: Mapped[date | None]
    location: Mapped[str | None] = mapped_column(String(120))
    manager_id: Mapped[SlackId | None]
    hired_on: Mapped[date | None]
    """First working day. This and the next two dates begin journeys (`bot.journeys`); HR's import
    or HR itself gives them."""
    leaves_on: Mapped[date | None]
    """Last working day."""
    back_on: Mapped[date | None]
    """First working day after a long leave."""
    seen_on: Mapped[date | None]
    """When Slack told that the person joined or came back; empty for those of the first sync."""
    slack_updated: Mapped[int] = mapped_column(BigInteger, default=0)
    """Slack's `updated` (Unix seconds). An older event never overwrites a newer one."""
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    away_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when the person is away according to their Slack status. The status is not kept."""
    quiet_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when Slack holds notifications back (do not disturb), as far as it has told us."""
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]
    """First and last day of an absence, from HR's import; without a last day it has no end."""
    introduced: Mapped[bool] = mapped_column(default=False)
    """True once a question has reached the person, which the first time says what Attune is."""
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    """True after the person asked to be forgotten. Only the id is kept, so that no sync brings the
    rest back."""


class AttentionPreference(Base):
    """When and how often a person wants to hear from Attune; a row exists once they have chosen."""

    __tablename__ = "attention_preferences"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("days_a_week BETWEEN 1 AND 5", name="days_a_week"),
        CheckConstraint("every_weeks IN (1, 2, 4)", name="every_weeks"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    working_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    """0 is Monday; empty for the usual working days of the person's country."""
    work_starts: Mapped[time | None]
    work_ends: Mapped[time | None]
    """Local times; empty for the workspace's."""
    days_a_week: Mapped[int | None]
    """Most days a week with a message; empty for the workspace's."""
    every_weeks: Mapped[int] = mapped_column(default=1)
    """2 or 4: only one day with a message in so many weeks."""
    paused_until: Mapped[date | None]
    """The first day on which Attune writes again."""
    locale: Mapped[str | None] = mapped_column(String(16))
    """The chosen language; empty for Slack's."""
    reminders: Mapped[bool] = mapped_column(default=True)
    team_talks: Mapped[bool] = mapped_column(default=True)
    """False if this manager wants no help for team talks."""
    talks_unopened: Mapped[int] = mapped_column(default=0)
    """How many of these messages were sent since the person last opened one."""
    last_talk_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last of these messages was sent."""


class TeamReading(Base):
    """A person's team as HR's last reading of Slack found it, until HR imports the reading.

    The rows go when any import is stored, when Slack is read again, and after a day.
    """

    __tablename__ = "team_readings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    reading: Mapped[Key]
    """Random id of the reading, the same in all its rows."""
    team: Mapped[str] = mapped_column(String(120))
    read_at: Mapped[Moment]


class RoleGrant(Base):
    """A role beyond being an employee."""

    __tablename__ = "role_grants"
    __table_args__ = (CheckConstraint("role IN ('admin', 'analyst')", name="role"),)

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    granted_by: Mapped[SlackId | None]
    """Empty for a grant by installation or by the environment."""
    granted_at: Mapped[Moment]
