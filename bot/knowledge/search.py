"""Finds cards by the words of a question, the same ones on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, cast, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.pure.words import fts5_query, searched, tsquery, ways_to_match
from models import KnowledgeCard
from models.database import backend

MOST_FOUND: Final = 3

_LEXEMES: Final = "array_to_tsvector(string_to_array(btrim(knowledge_cards.words), ' '))"
"""As the index `fts_cards` has it: PostgreSQL uses an index for the same expression only."""


@dataclass(frozen=True)
class Card:
    """A kept answer, as everybody reads it."""

    id: int
    question: str
    answer: str
    topic: str
    author_id: str
    checked_on: date
    """When its author last said that it is true."""


async def find_cards(session: AsyncSession, workspace_id: str, question: str) -> tuple[Card, ...]:
    """Return up to three cards, best first: with most of the question's words, then the newest.

    A card must have three of the six longest words of the question; of up to four words, more than
    half.
    """
    words = searched(question)
    if not words:
        return ()
    shared: ColumnElement[int] = literal_column("0")
    for word in words:
        shared += case((KnowledgeCard.words.contains(f" {word} "), 1), else_=0)
    found = await session.scalars(
        select(KnowledgeCard)
        .where(KnowledgeCard.workspace_id == workspace_id, matches(session, words))
        .order_by(shared.desc(), KnowledgeCard.checked_on.desc(), KnowledgeCard.id)
        .limit(MOST_FOUND)
    )
    return tuple(card_of(each) for each in found)


def card_of(row: KnowledgeCard) -> Card:
    """Return a stored card as a plain value."""
    return Card(row.id, row.question, row.answer, row.topic, row.author_id, row.checked_on)


def matches(session: AsyncSession, words: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a card has enough of the words, by the full-text index."""
    ways = ways_to_match(words)
    if backend(session) == "postgresql":
        return literal_column(_LEXEMES).bool_op("@@")(cast(tsquery(ways), TSQUERY))
    rows: Select[Any] = (
        select(literal_column("rowid"))
        .select_from(text("fts_cards"))
        .where(literal_column("fts_cards").match(fts5_query(ways)))
    )
    return KnowledgeCard.id.in_(rows)
