"""Mentoring: profiles, rounds, matches, and what becomes of the pairs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key

_OPEN = text("status IN ('proposed', 'accepted', 'active')")


def _match_reference() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "match_id"],
        ["mentoring_matches.workspace_id", "mentoring_matches.id"],
        ondelete="CASCADE",
    )


class MentoringProfile(Base):
    """What a person offers and looks for. It is deleted when they leave the programme."""

    __tablename__ = "mentoring_profiles"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("capacity BETWEEN 0 AND 5", name="capacity"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    offers: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Topics in their one spelling, such as `Kubernetes`."""
    wants: Mapped[list[str]] = mapped_column(JSON, default=list)
    hopes: Mapped[str] = mapped_column(Text, default="")
    """What the person hopes for, in their words; a proposed mentor reads it."""
    experience_years: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Two-letter codes (ISO 639-1)."""
    capacity: Mapped[int] = mapped_column(default=1)
    """How many mentees at once, 0 to 5."""
    preferred_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    """0 is Monday; empty means any working day."""
    never_with: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Confidential: only matching reads it, and only its author sees it."""
    paused_until: Mapped[date | None]
    """The first day on which the person may be matched again."""
    findable: Mapped[bool] = mapped_column(default=False)
    """Agreed to be listed by `/mentor find`."""
    coffee: Mapped[bool] = mapped_column(default=False)
    """Takes part in coffee pairs."""
    looking_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the person has waited for a mentor; empty if they look for none. After losing a
    mentor, earlier waiting still counts: the date is backdated by it."""
    first_in_line: Mapped[bool] = mapped_column(default=False)
    """Lost a mentor through no choice of their own, so the next round serves them first."""
    joined_at: Mapped[Moment]


class MentoringOffer(Base):
    """A topic by which a person is found: the offers of a findable profile, one row each.

    Choosing among many people needs an index, which a JSON list has not.
    """

    __tablename__ = "mentoring_offers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["mentoring_profiles.workspace_id", "mentoring_profiles.employee_id"],
            ondelete="CASCADE",
        ),
        Index(None, "workspace_id", "topic", "place"),
        Index(None, "workspace_id", "employee_id"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(120), primary_key=True)
    """In lower-case letters."""
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    place: Mapped[int]
    """Random, so that each search can begin with other people."""


class MentoringProgramme(Base):
    """How mentoring runs in a workspace. Writers of proposals lock this row."""

    __tablename__ = "mentoring_programmes"
    __table_args__ = (
        CheckConstraint("length_weeks BETWEEN 4 AND 52", name="length_weeks"),
        CheckConstraint("every_weeks IS NULL OR every_weeks BETWEEN 1 AND 26", name="every_weeks"),
        Index(None, "next_round_at"),
        Index(None, "next_coffee_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    weights: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    """By part of the score, 0 to 10; a part that is missing has its default."""
    length_weeks: Mapped[int] = mapped_column(default=12)
    """How long a pair meets."""
    every_weeks: Mapped[int | None]
    """Weeks between scheduled rounds; empty when HR starts each by hand."""
    next_round_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    coffee_weeks: Mapped[int | None]
    """Weeks between rounds of coffee pairs; empty while there are none."""
    next_coffee_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MentoringRound(Base):
    """One matching of everybody waiting: planned, then done."""

    __tablename__ = "mentoring_rounds"
    __table_args__ = (
        CheckConstraint("status IN ('planned', 'done')", name="status"),
        CheckConstraint("kind IN ('mentors', 'coffee')", name="kind"),
        Index(
            "uq_mentoring_rounds_planned",
            "workspace_id",
            "kind",
            unique=True,
            sqlite_where=text("status = 'planned'"),
            postgresql_where=text("status = 'planned'"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(16), default="mentors")
    status: Mapped[str] = mapped_column(String(16), default="planned")
    seed: Mapped[int]
    """Breaks ties, so that the same pool gives the same round."""
    started_by: Mapped[SlackId | None]
    """Empty for a round that the schedule started."""
    planned_at: Mapped[Moment]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MentoringMatch(Base):
    """A mentor and a mentee: proposed → accepted → active → completed, or declined, lapsed, ended.

    `due_at` is when the row must be looked at next, whatever its status.
    """

    __tablename__ = "mentoring_matches"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'accepted', 'active', 'completed', 'declined', 'lapsed', "
            "'ended')",
            name="status",
        ),
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        # A mentee has one mentor, or one who is being asked, at a time.
        Index(
            "uq_mentoring_matches_open_mentee",
            "workspace_id",
            "mentee_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "workspace_id", "mentor_id"),
        Index(None, "due_at"),
        Index(None, "status", "introduced"),
        # A job looks for these every few seconds, among many matches that are over.
        Index(
            "ix_mentoring_matches_uninvited",
            "first_meeting_at",
            postgresql_where=text("invited_at IS NULL"),
            sqlite_where=text("invited_at IS NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random; buttons carry it."""
    round_id: Mapped[Key | None]
    mentor_id: Mapped[SlackId]
    mentee_id: Mapped[SlackId]
    status: Mapped[str] = mapped_column(String(16), default="proposed")
    score: Mapped[float]
    """0..1."""
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Up to three sentences why the two fit; nothing confidential."""
    waiting_since: Mapped[Moment]
    """Since when the mentee waits, to restore their place in line."""
    proposed_at: Mapped[Moment]
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the proposal or the mentee's confirmation lapses, in that person's working days."""
    reminded: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When both had agreed."""
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[str | None] = mapped_column(String(32))
    """A code, such as `no time`, `mentor gone`, `refit`. The other person never learns it."""
    channel: Mapped[SlackId | None]
    """The pair's group DM. Empty if Slack allows none; then each of the two gets a DM."""
    introduced: Mapped[bool] = mapped_column(default=False)
    first_meeting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the invitation proposes to meet."""
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When sending the calendar invitation was tried; it is sent at most once."""
    nudges: Mapped[int] = mapped_column(default=0)
    silences: Mapped[int] = mapped_column(default=0)
    """Unanswered nudges in a row; −1 if somebody has answered since the last one."""
    fit_asked: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MentoringMeeting(Base):
    """One question to a pair whether they have met."""

    __tablename__ = "mentoring_meetings"
    __table_args__ = (
        _match_reference(),
        CheckConstraint("outcome IN ('met', 'not yet', 'rescheduled')", name="outcome"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    match_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    asked_at: Mapped[Moment]
    outcome: Mapped[str | None] = mapped_column(String(16))
    """Empty while nobody has answered."""


class MentoringFeedback(Base):
    """A private rating by one of a pair: of a meeting, of the fit, or at the end."""

    __tablename__ = "mentoring_feedback"
    __table_args__ = (
        _match_reference(),
        CheckConstraint("about IN ('meeting', 'fit', 'closing')", name="about"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        Index(None, "workspace_id", "employee_id"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    match_id: Mapped[Key] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """The meeting's number; 0 for the fit and the end."""
    rating: Mapped[int]


class MentoringOutcome(Base):
    """A published figure of the programme. HR sees nothing else of how it goes."""

    __tablename__ = "mentoring_outcomes"

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    measure: Mapped[str] = mapped_column(String(16), primary_key=True)
    n: Mapped[int]
    """How many people, or answers by different people, it is based on."""
    value: Mapped[float]
    """A count, a number of days, or a share 0..1."""
    published_at: Mapped[Moment]


class CoffeeGroup(Base):
    """Two or three people who were invited to a coffee together."""

    __tablename__ = "coffee_groups"
    __table_args__ = (
        Index(None, "workspace_id", "round_id"),
        Index(
            "ix_coffee_groups_unintroduced",
            "made_at",
            postgresql_where=text("introduced_at IS NULL"),
            sqlite_where=text("introduced_at IS NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    round_id: Mapped[Key]
    people: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[Moment]
    introduced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
