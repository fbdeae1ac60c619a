"""Conversations with HR: by name, or without anything that leads to the author.

A row must not tell when its author wrote: what is written waits for the next night, and then all
rows of that night are written again, in the order of their random ids (`bot.voice.collecting`).
SQLite keeps these tables by key, without the row numbers that would tell the order of writing.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, SlackId, UtcDateTime, new_key
from models.encryption import Encrypted

_BY_KEY: Final = {"sqlite_with_rowid": False}
"""https://www.sqlite.org/withoutrowid.html"""


class VoiceThread(Base):
    """One conversation with HR."""

    __tablename__ = "voice_threads"
    __table_args__ = (
        CheckConstraint("way IN ('named', 'anonymous', 'reply')", name="way"),
        CheckConstraint(
            "status IN ('uncollected', 'new', 'waiting', 'answered', 'closed')", name="status"
        ),
        CheckConstraint("(way = 'named') = (author_id IS NOT NULL)", name="author"),
        Index(None, "workspace_id", "status"),
        Index(
            "ix_voice_threads_item",
            "workspace_id",
            "item_id",
            postgresql_where=text("item_id IS NOT NULL"),
            sqlite_where=text("item_id IS NOT NULL"),
        ),
        Index(
            "ix_voice_threads_author",
            "workspace_id",
            "author_id",
            postgresql_where=text("author_id IS NOT NULL"),
            sqlite_where=text("author_id IS NOT NULL"),
        ),
        _BY_KEY,
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random. If HR may answer an anonymous author: an HMAC of the token in the author's button,
    which is kept nowhere else (`bot.voice.pure.keys`)."""
    way: Mapped[str] = mapped_column(String(16))
    """`named`, `anonymous`, or `reply`: anonymous, and HR may answer."""
    author_id: Mapped[SlackId | None]
    """Only of a named conversation."""
    topic: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(16), default="uncollected")
    """`uncollected`: HR can't see it yet. `waiting`: the author wrote again after an answer."""
    label: Mapped[str | None] = mapped_column(String(20))
    """What HR sorted it under."""
    item_id: Mapped[Key | None]
    """The item for everybody that HR took it up as, or linked it to; empty if none."""


class VoiceMessage(Base):
    """One message of a conversation with HR."""

    __tablename__ = "voice_messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "thread_id"],
            ["voice_threads.workspace_id", "voice_threads.id"],
            ondelete="CASCADE",
        ),
        Index(
            "ix_voice_messages_uncollected",
            "collect_at",
            "workspace_id",
            postgresql_where=text("collect_at IS NOT NULL"),
            sqlite_where=text("collect_at IS NOT NULL"),
        ),
        Index(
            "ix_voice_messages_untold",
            "week",
            "workspace_id",
            postgresql_where=text("told IS false"),
            sqlite_where=text("told IS 0"),
        ),
        _BY_KEY,
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    thread_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Place in the conversation, from 1. What is collected at night moves to the end, so that it
    does not tell whether it was written before or after an answer of that day."""
    from_hr: Mapped[bool]
    text: Mapped[str] = mapped_column(Encrypted)
    """Of an anonymous author, masked: the raw text is never stored."""
    week: Mapped[date]
    """The Monday of the week in which it was written. Nothing finer is kept."""
    collect_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The midnight after which HR can read it; empty once collected, and for HR's own."""
    told: Mapped[bool] = mapped_column(default=True)
    """False for an answer of HR to an anonymous author that no news has counted yet."""
