"""Erases a person from questions and kept answers, and old questions."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.pure.states import Status
from models import KnowledgeCard, KnowledgeQuestion, KnowledgeRequest

QUESTIONS_KEPT: Final = timedelta(days=90)
"""After they were asked. Cards stay until their author retires them, is forgotten or leaves."""


async def erase_own(session: AsyncSession, workspace_id: str, person: str) -> None:
    """Delete a person's questions, answers, cards and requests.

    Their questions without a name can't be found, and go after 90 days. A kept answer of a
    colleague stays with the question, which never names who asked. A job asks others in place of
    the person.
    """
    for table, column in (
        (KnowledgeQuestion, KnowledgeQuestion.asker_id),
        (KnowledgeRequest, KnowledgeRequest.helper_id),
        (KnowledgeCard, KnowledgeCard.author_id),
    ):
        await session.execute(
            delete(table).where(table.workspace_id == workspace_id, column == person)
        )
    await session.execute(
        update(KnowledgeQuestion)
        .where(
            KnowledgeQuestion.workspace_id == workspace_id, KnowledgeQuestion.author_id == person
        )
        .values(answer=None, author_id=None, status=Status.CLOSED)
    )


async def drop_old(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete questions that are past their retention; return how many."""
    result = await session.execute(
        delete(KnowledgeQuestion)
        .where(
            KnowledgeQuestion.workspace_id == workspace_id,
            KnowledgeQuestion.asked_at <= now - QUESTIONS_KEPT,
        )
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))
