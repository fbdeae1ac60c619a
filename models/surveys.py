"""What HR asks: surveys and their questions."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key


class Survey(Base):
    """What HR wrote or took from the bank: questions, audience, cadence, anonymity."""

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint(
            "audience IN ('everyone', 'channel', 'usergroup', 'team')", name="audience"
        ),
        CheckConstraint("cadence IN ('once', 'weekly', 'biweekly', 'monthly')", name="cadence"),
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
    """The channel's or user group's Slack id, or the team's name; empty for everyone."""
    audience_size: Mapped[int | None]
    """How many people the audience had when the author saw the preview."""
    cadence: Mapped[str] = mapped_column(String(16), default="once")
    starts_on: Mapped[date]
    """First local date on which the survey may be asked."""
    ask_at: Mapped[time | None]
    """Local time of each employee's own zone; empty means at once, wherever they are."""
    open_hours: Mapped[int]
    """How long a wave stays open after the last invited person was asked."""
    status: Mapped[str] = mapped_column(String(16), default="active")
    """`draft` until its author has seen the preview and confirmed; drafts are shown nowhere."""
    next_open_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the next wave opens: the moment at which the first zone reaches `ask_at`."""
    next_on: Mapped[date | None]
    """The local date that the next wave is for."""

    questions: Mapped[list["SurveyQuestion"]] = relationship(
        order_by="SurveyQuestion.position", lazy="selectin", cascade="all, delete-orphan"
    )


class SurveyQuestion(Base):
    """One question of a survey; never edited after the survey exists, so that waves compare."""

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
    """−1 where agreeing is unfavourable."""
    options: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The choices of a single-choice question, else empty."""
    bank_key: Mapped[str | None] = mapped_column(String(60))
