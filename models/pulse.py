"""Waves, invitations and answers.

While a wave is open, only its key can connect answers with people. Sealing destroys the key, and
publishing deletes the answers. Only the answers of named surveys are kept.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key
from models.encryption import Encrypted

NO_MEMBERS: Final = "0" * 64
"""The digest of an empty set of people."""


def _wave_reference() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "wave_id"], ["waves.workspace_id", "waves.id"], ondelete="CASCADE"
    )


class Wave(Base):
    """One round of a survey: open, then sealed, then published."""

    __tablename__ = "waves"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "survey_id"],
            ["surveys.workspace_id", "surveys.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("workspace_id", "survey_id", "held_on", "batch"),
        CheckConstraint("status IN ('open', 'sealed', 'published')", name="status"),
        CheckConstraint("min_group_size >= 4", name="min_group_size"),
        CheckConstraint("(status = 'open') = (key IS NOT NULL)", name="key_destroyed"),
        Index(None, "status", "closes_at"),
        Index(
            "ix_waves_unqueued",
            "status",
            postgresql_where=text("queued IS false"),
            sqlite_where=text("queued IS 0"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    survey_id: Mapped[Key]
    held_on: Mapped[date]
    """The local date of the wave; a survey asks at most one wave a day."""
    batch: Mapped[int] = mapped_column(default=0)
    """Of a milestone's survey: the number, from 1, of the batch of answers that came out of its
    pools that day. 0 for a wave that asks."""
    opened_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    ended_early_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When HR ended it early. It then needs more answers for figures."""
    status: Mapped[str] = mapped_column(String(16), default="open")
    """This column, not a clock, decides whether answers are accepted."""
    anonymous: Mapped[bool]
    min_group_size: Mapped[int]
    key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Secret key of this wave's respondent tokens; destroyed by sealing."""
    press_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Secret key of the proofs in this wave's buttons; destroyed by sealing. It unseals nothing, so
    backups keep it. Empty in waves from before it existed: theirs are made with `key`."""
    invited: Mapped[int]
    members: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON, default=dict)
    """Invited people per team, department and location, including people whose cohort omits it."""
    queued: Mapped[bool] = mapped_column(default=True)
    """True if everybody's question and reminder are in `deliveries`."""
    asked: Mapped[int | None]
    """Invited people except those who were away or had had their messages for the week; known
    once the wave is sealed."""
    responded: Mapped[int | None]
    """People who answered at least one question, of each cohort at most all but one, rounded down
    to a multiple of `min_group_size`; known from publication on, of the company pulse from sealing
    on."""
    stands_out: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What stands out in its figures (`bot.insights.pure.stands_out`), from publication on."""
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Cohort(Base):
    """Segment values shared by more than `min_group_size` invited people of a wave.

    In the company pulse, cohort 0 is everybody who is asked; the others are its teams, whoever of
    them is asked this week, and figures are about those.
    """

    __tablename__ = "cohorts"
    __table_args__ = (_wave_reference(),)

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    wave_id: Mapped[Key] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Number within the wave, from 0."""
    team: Mapped[str | None] = mapped_column(String(120))
    department: Mapped[str | None] = mapped_column(String(120))
    mentoring: Mapped[str | None] = mapped_column(String(20))
    """`in mentoring` or `not in mentoring`, if each side has more than `min_group_size` people;
    otherwise empty."""
    location: Mapped[str | None] = mapped_column(String(120))
    invited: Mapped[int]
    asked: Mapped[int | None]
    """Invited people whom the questions reached; known once the wave is sealed."""
    digest: Mapped[str] = mapped_column(String(64), default=NO_MEMBERS)
    """Identifies the set of its people without naming them. The rounding of a group's published
    numbers changes only when this does."""


class Invitation(Base):
    """One employee's place in one wave. It never records whether they answered, when, or what.

    If it did, a cohort with few answers would expose them, and PostgreSQL's xmin would link
    invitation and answer. While the wave is open, its key tells who has answered.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        _wave_reference(),
        CheckConstraint("status IN ('pending', 'asked', 'skipped', 'closed')", name="status"),
        Index(None, "workspace_id", "employee_id"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    wave_id: Mapped[Key] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    cohort_id: Mapped[int | None]
    """Copied into this person's answers while the wave is open; emptied by sealing."""
    status: Mapped[str] = mapped_column(String(16), default="pending")
    """`skipped`: passed the last question without an answer, and gets no reminder. `closed` for
    everybody once the wave is sealed."""
    positions: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """The questions that this person is asked, by position; empty for all. Emptied by sealing."""


class OpenAnswer(Base):
    """An answer of a wave that is not published yet. Publishing deletes it.

    Its author can change it while the wave is open. Once sealing has destroyed the key, nobody can
    tell whose token it carries. In a sealed wave of the company pulse, these are the answers that
    came out of pools: as if to the first question of their driver, each with a random token.
    """

    __tablename__ = "open_answers"
    __table_args__ = (_wave_reference(),)

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    wave_id: Mapped[Key] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    """HMAC-SHA256(wave key, employee id), hexadecimal."""
    position: Mapped[int] = mapped_column(primary_key=True)
    """The question's position in the survey; −1 for a comment on the whole pulse."""
    cohort_id: Mapped[int]
    value: Mapped[int | None]
    """The scale's value, or the chosen option's number from 0; empty for a free text."""
    comment: Mapped[str | None] = mapped_column(Encrypted)


class Answer(Base):
    """A chosen answer in a published wave of a named survey."""

    __tablename__ = "answers"
    __table_args__ = (_wave_reference(), Index(None, "workspace_id", "wave_id", "position"))

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    wave_id: Mapped[Key]
    response_id: Mapped[Key]
    """Shared by one respondent's answers in this wave."""
    position: Mapped[int]
    value: Mapped[int]


class Comment(Base):
    """A comment or free text in a published wave of a named survey, without its author's name."""

    __tablename__ = "comments"
    __table_args__ = (_wave_reference(), Index(None, "workspace_id", "wave_id"))

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    wave_id: Mapped[Key]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Encrypted)


class NamedResponse(Base):
    """The author of a response. Only for waves of named surveys (`anonymous` is false)."""

    __tablename__ = "named_responses"
    __table_args__ = (_wave_reference(), Index(None, "workspace_id", "employee_id"))

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    response_id: Mapped[Key] = mapped_column(primary_key=True)
    wave_id: Mapped[Key]
    employee_id: Mapped[SlackId]
