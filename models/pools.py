"""Sealed pools: answers that wait until enough people have answered, and who was asked what."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, SlackId, new_key
from models.encryption import Encrypted


class Pool(Base):
    """A group's answers about one thing that wait to be published together.

    A pool whose answers come out is deleted with its key, and the next one begins empty
    (`bot.pulse.pure.pools`).
    """

    __tablename__ = "pools"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "source", "topic", "label"),
        CheckConstraint("kind IN ('company', 'milestone', 'comments')", name="kind"),
        CheckConstraint("min_group_size >= 4", name="min_group_size"),
        Index(None, "workspace_id", "opened_on"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(16))
    """`company` for the company pulse, `milestone` for a milestone of journeys, `comments` for the
    comments there."""
    source: Mapped[Key]
    """What asks: the survey, or the milestone."""
    topic: Mapped[str] = mapped_column(String(40))
    """What the answers are about: the driver; of a milestone, a digest of the question; empty for
    comments."""
    label: Mapped[str] = mapped_column(String(120))
    """Whose answers they are: the team; empty for the people of small teams together, and for a
    milestone."""
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Secret key of the pool's tokens."""
    min_group_size: Mapped[int]
    """The largest minimum of the waves whose answers are in it."""
    opened_on: Mapped[date]
    looked: Mapped[int] = mapped_column(default=0)
    """Of a milestone and its comments: how many people had been asked at the last look."""


class PoolEntry(Base):
    """A person who was asked since the cell's last release, with their latest answer if any."""

    __tablename__ = "pool_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "pool_id"], ["pools.workspace_id", "pools.id"], ondelete="CASCADE"
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    pool_id: Mapped[Key] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    """HMAC-SHA256(pool key, employee id), hexadecimal; of a milestone, a random name in place of
    the id, so that nobody can find an entry again."""
    value: Mapped[int | None]
    """How favourable the answer is, in steps from 0, or a milestone's answer itself; in a pool of
    comments, the number that stands for an author. Empty if none waits."""


class PoolComment(Base):
    """A comment at a milestone, masked, that waits for those of others."""

    __tablename__ = "pool_comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "pool_id"], ["pools.workspace_id", "pools.id"], ondelete="CASCADE"
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    pool_id: Mapped[Key] = mapped_column(primary_key=True)
    author: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """A random number, so that a person counts once; it leads to nobody and to no answer."""
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A digest of the question; empty for a comment on all of them."""
    comment: Mapped[str] = mapped_column(Encrypted)


class QuestionAsked(Base):
    """A question that the company pulse asked a person. It never tells whether they answered."""

    __tablename__ = "questions_asked"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "survey_id"],
            ["surveys.workspace_id", "surveys.id"],
            ondelete="CASCADE",
        ),
        Index(None, "workspace_id", "employee_id"),
        Index(None, "workspace_id", "held_on"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    survey_id: Mapped[Key] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(primary_key=True)
    """The day of the wave."""
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """The question's position in the survey."""
    label: Mapped[str] = mapped_column(String(120))
    """The team that an answer counts for; empty for small teams together."""
