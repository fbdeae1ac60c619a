"""Surveys and their questions."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key


class Survey(Base):
    """A survey of HR: questions, audience, cadence, anonymity."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint(
            "audience IN ('everyone', 'channel', 'usergroup', 'team', 'chosen', 'milestone')",
            name="audience",
        ),
        CheckConstraint(
            "cadence IN ('once', 'daily', 'weekly', 'biweekly', 'monthly', 'quarterly', "
            "'standing')",
            name="cadence",
        ),
        CheckConstraint("status IN ('draft', 'active', 'paused', 'ended')", name="status"),
        CheckConstraint("open_hours BETWEEN 1 AND 720", name="open_hours"),
        Index(None, "status", "next_open_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    name: Mapped[str] = mapped_column(String(120))
    created_by: Mapped[SlackId]
    created_at: Mapped[Moment]
    anonymous: Mapped[bool] = mapped_column(default=True)
    audience: Mapped[str] = mapped_column(String(16), default="everyone")
    audience_ref: Mapped[str | None] = mapped_column(String(120))
    """The channel's or user group's Slack id, the team's name, or the milestone's key; empty for
    everyone."""
    audience_filter: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Of the audience `chosen`: teams, departments, locations, managers and time since joining, as
    `bot.surveys.audience.Filters` reads them; else empty."""
    audience_size: Mapped[int | None]
    """Size of the audience when the author saw the preview."""
    cadence: Mapped[str] = mapped_column(String(16), default="once")
    starts_on: Mapped[date]
    """First local date on which the survey may be asked."""
    ask_at: Mapped[time | None]
    """Local time in each employee's zone; empty means at once everywhere."""
    ends_on: Mapped[date | None]
    """Last local date on which a repeating survey may be asked; empty if HR ends it."""
    working_in: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166 code of the country whose working days a repeating survey keeps to: a wave on any
    other day moves to the next working day. `ZZ` for an unknown country; empty for any day."""
    open_hours: Mapped[int]
    """How long a wave stays open after the last invited person was asked."""
    status: Mapped[str] = mapped_column(String(16), default="active")
    """`draft` until its author has confirmed the preview. Drafts are shown nowhere."""
    next_open_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the next wave opens: as soon as the first zone reaches `ask_at`."""
    next_on: Mapped[date | None]
    """The local date of the next wave."""
    questions_a_week: Mapped[int | None]
    """Of the company pulse (`standing`): the most questions for a person in a week; else empty."""
    half_width: Mapped[float | None]
    """Of the company pulse: how sure HR wants to be of each figure, as half of a 95 % interval out
    of ten; else empty."""
    prepared: Mapped[str | None] = mapped_column(String(16))
    """`wellbeing` for the prepared survey that asks its questions in turn; else empty."""
    replaces: Mapped[Key | None]
    """The survey that this one goes on for, with other questions or people; else empty."""

    questions: Mapped[list["SurveyQuestion"]] = relationship(
        order_by="SurveyQuestion.position", lazy="selectin", cascade="all, delete-orphan"
    )


class SurveyQuestion(Base):
    """One question of a survey. It is never edited, so that waves can be compared."""

    __tablename__ = "survey_questions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "survey_id"],
            ["surveys.workspace_id", "surveys.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("scale IN ('agree', 'enps', 'choice', 'text')", name="scale"),
        CheckConstraint("direction IN (-1, 1)", name="direction"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    survey_id: Mapped[Key] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """0 for the first question."""
    text: Mapped[str] = mapped_column(String(300))
    driver: Mapped[str] = mapped_column(String(40))
    """Key of the driver in the question bank, or `own` for a question that HR wrote."""
    scale: Mapped[str] = mapped_column(String(16))
    direction: Mapped[int] = mapped_column(default=1)
    """−1 if agreeing is unfavourable."""
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The choices of a single-choice question, else empty."""
    translations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """HR's own translations, as `bot.surveys.translations.stored` returns them.

    They may change between waves.
    """
    bank_key: Mapped[str | None] = mapped_column(String(60))
