"""What is in people's way, and who helps."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime
from models.encryption import Encrypted

KINDS = "'waiting', 'access', 'decision', 'goal', 'load', 'other'"
_OPEN = text("closed_at IS NULL")


class Blocker(Base):
    """Something in a person's way: open → asked → helped → solved or dropped.

    `open` means that nobody is asked at present. A closed blocker is `solved`, `dropped` (it no
    longer matters) or `lapsed` (its asker is gone).
    """

    __tablename__ = "blockers"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        CheckConstraint(
            "status IN ('open', 'asked', 'helped', 'solved', 'dropped', 'lapsed')", name="status"
        ),
        CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        CheckConstraint("helper_id <> asker_id", name="two_people"),
        Index("ix_blockers_asker_id", "workspace_id", "asker_id"),
        Index("ix_blockers_helper_id", "workspace_id", "helper_id"),
        Index("ix_blockers_opened_at", "workspace_id", "opened_at"),
        Index("ix_blockers_closed_at", "workspace_id", "closed_at"),
        # Jobs look at these often, among many that are closed.
        Index(
            "ix_blockers_unfinished",
            "workspace_id",
            "answer_by",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True)
    """Random, made with the form, so that sending the form twice stores one blocker."""
    asker_id: Mapped[SlackId]
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Encrypted)
    """One sentence; whoever is asked reads it."""
    topic: Mapped[str] = mapped_column(String(60), default="")
    """What helpers should know about; empty if the person named none."""
    status: Mapped[str] = mapped_column(String(16), default="open")
    helper_id: Mapped[SlackId | None]
    """Who is asked, or helps; once closed, who helped."""
    passed_on: Mapped[bool] = mapped_column(default=False)
    """True if the person who was asked first suggested the present helper."""
    times_asked: Mapped[int] = mapped_column(default=0)
    """How many people were asked so far; keys of messages have it in place of an id."""
    postponed: Mapped[int] = mapped_column(default=0)
    """How often the helper chose "later today"."""
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When silence counts as "not me"; empty unless somebody is asked."""
    opened_at: Mapped[Moment]
    helped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    introduced: Mapped[bool] = mapped_column(default=False)
    """True once asker and helper were brought together."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BlockerRequest(Base):
    """A person who was asked to help with a blocker; each is asked once."""

    __tablename__ = "blocker_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "blocker_id"],
            ["blockers.workspace_id", "blockers.id"],
            ondelete="CASCADE",
        ),
        Index(None, "workspace_id", "helper_id", "asked_at"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    blocker_id: Mapped[Key] = mapped_column(primary_key=True)
    helper_id: Mapped[SlackId] = mapped_column(primary_key=True)
    asked_at: Mapped[Moment]


class BlockerPreference(Base):
    """How a person wants to take part; a row exists once they have chosen."""

    __tablename__ = "blocker_preferences"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("most_a_week BETWEEN 0 AND 5", name="most_a_week"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    employee_id: Mapped[SlackId] = mapped_column(primary_key=True)
    most_a_week: Mapped[int] = mapped_column(default=2)
    """How many colleagues may ask them for help in seven days."""
    weekly: Mapped[bool] = mapped_column(default=True)
    """True if Attune may ask once a week whether anything is in their way."""


class BlockerCheck(Base):
    """Exists while HR lets Attune ask everybody once a week."""

    __tablename__ = "blocker_checks"
    __table_args__ = (Index(None, "next_at"),)

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    next_at: Mapped[Moment]


class BlockerPool(Base):
    """The key of a month's counted blockers; deleted with them when the month is tallied."""

    __tablename__ = "blocker_pools"

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    """The month's first day, in the workspace's zone."""
    key: Mapped[str] = mapped_column(Encrypted)
    """64 hexadecimal characters."""


class CountedBlocker(Base):
    """A blocker that is only counted: no person, no words, no day."""

    __tablename__ = "counted_blockers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "month"],
            ["blocker_pools.workspace_id", "blocker_pools.month"],
            ondelete="CASCADE",
        ),
        CheckConstraint(f"kind IN ({KINDS})", name="kind"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Names the person under the month's key; see `bot.blockers.counting`."""
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
