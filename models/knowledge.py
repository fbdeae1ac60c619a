"""Questions to colleagues, who was asked, and the answers that are kept for others."""

import secrets
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
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
from models.encryption import Encrypted

_NUMBER_BITS: Final = 63


def new_number() -> int:
    """Return a fresh random row id that is a number, as SQLite's full-text search needs it."""
    return secrets.randbits(_NUMBER_BITS)


class KnowledgeQuestion(Base):
    """A question to colleagues: open → answered → helped → kept, or closed.

    A question that a card answered ends as `found`, one that nobody could be asked as `nobody`;
    they have no text. `bot/knowledge/pure/states.py` says which status may follow which.
    SQLite keeps the table by key, without row numbers that would tell the order of asking.
    """

    __tablename__ = "knowledge_questions"
    __table_args__ = (
        CheckConstraint(
            "status IN ('open', 'answered', 'helped', 'kept', 'closed', 'found', 'nobody')",
            name="status",
        ),
        CheckConstraint(
            "status NOT IN ('answered', 'helped', 'kept') OR answer IS NOT NULL", name="answer"
        ),
        Index(None, "workspace_id", "asked_at"),
        Index(None, "workspace_id", "asker_id"),
        Index(None, "workspace_id", "author_id"),
        # A job looks for these every few seconds, among many questions that are over.
        Index(
            "ix_knowledge_questions_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random. Of a question without a name: an HMAC of the token in the asker's button, which is
    kept nowhere else."""
    asker_id: Mapped[SlackId | None]
    """Empty if the question was asked without a name."""
    topic: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Encrypted, default="")
    """As colleagues read it: masked."""
    status: Mapped[str] = mapped_column(String(16), default="open")
    asked_at: Mapped[Moment]
    """Without a name: the midnight after it was asked, so that the time tells nobody who asked."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody else may have to be asked, or the question closes; empty once it is answered
    or closed."""
    answer: Mapped[str | None] = mapped_column(Encrypted)
    author_id: Mapped[SlackId | None]
    """Who answered first."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    may_keep: Mapped[bool] = mapped_column(default=False)
    """True if the author agreed that the answer is kept for others."""


class KnowledgeRequest(Base):
    """One colleague who was asked."""

    __tablename__ = "knowledge_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "question_id"],
            ["knowledge_questions.workspace_id", "knowledge_questions.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("status IN ('asked', 'declined', 'gone')", name="status"),
        Index(None, "workspace_id", "helper_id", "asked_at"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    question_id: Mapped[Key] = mapped_column(primary_key=True)
    helper_id: Mapped[SlackId] = mapped_column(primary_key=True)
    asked_at: Mapped[Moment]
    """Counts for the most questions that a person gets in a week."""
    status: Mapped[str] = mapped_column(String(16), default="asked")
    """`gone`: away, or no longer to be found, so that somebody else is asked as well."""


class KnowledgeCard(Base):
    """A question with its answer, kept for others until it is retired.

    `fts_cards` is its full-text index: a table of SQLite's FTS5, which triggers keep, and an index
    of PostgreSQL. Both are made by a migration, and index the same words.
    """

    __tablename__ = "knowledge_cards"
    __table_args__ = (
        Index(None, "workspace_id", "topic", "author_id"),
        Index(None, "workspace_id", "author_id"),
        Index(
            "ix_knowledge_cards_review",
            "review_at",
            postgresql_where=text("review_at IS NOT NULL"),
            sqlite_where=text("review_at IS NOT NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=new_number
    )
    """Random; buttons carry it."""
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    """Both masked, as everybody reads them."""
    topic: Mapped[str] = mapped_column(String(60))
    author_id: Mapped[SlackId]
    checked_on: Mapped[date]
    """When the author last said that it is true."""
    words: Mapped[str] = mapped_column(Text)
    """What the search compares: see `bot/knowledge/pure/words.py`."""
    review_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the author is asked whether it is still true; empty once they were asked."""
