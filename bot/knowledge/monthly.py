"""What HR sees of questions: the stored figures of calendar months, and no question of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights.looks import look_at_month
from bot.insights.pure.monthly_figures import Row
from bot.insights.pure.months import Month
from bot.insights.tallies import MonthResults, Subject
from bot.knowledge.pure.states import Status
from bot.knowledge.service import LASTS
from bot.mentoring.profiles.pure.topics import curated
from models import KnowledgeQuestion

FROM_CARD: Final = "from a kept answer"
BY_COLLEAGUE: Final = "by a colleague"
NOT_ANSWERED: Final = "not answered"
OTHER_TOPICS: Final = "Other topics"
_HOUR: Final = timedelta(hours=1)


async def read_questions(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return how a month's questions with a name ended, with the hours to the first answer.

    A question belongs to the month in which its week was over: by then each is answered or closed.
    """
    questions = await session.scalars(
        select(KnowledgeQuestion).where(
            KnowledgeQuestion.workspace_id == workspace_id,
            KnowledgeQuestion.asker_id.is_not(None),
            KnowledgeQuestion.asked_at >= month.begins - LASTS,
            KnowledgeQuestion.asked_at < month.ends - LASTS,
        )
    )
    return [_row(each) for each in questions]


def _row(question: KnowledgeQuestion) -> Row:
    asker = question.asker_id or ""
    if question.status == Status.FOUND:
        return Row(asker, FROM_CARD)
    if question.answered_at is None:
        return Row(asker, NOT_ANSWERED)
    return Row(asker, BY_COLLEAGUE, (question.answered_at - question.asked_at) / _HOUR)


async def read_unknown(session: AsyncSession, workspace_id: str, month: Month) -> Sequence[Row]:
    """Return the groups of topics of a month's questions that nobody could be asked."""
    questions = await session.execute(
        select(KnowledgeQuestion.asker_id, KnowledgeQuestion.topic).where(
            KnowledgeQuestion.workspace_id == workspace_id,
            KnowledgeQuestion.status == Status.NOBODY,
            KnowledgeQuestion.asked_at >= month.begins,
            KnowledgeQuestion.asked_at < month.ends,
        )
    )
    group_of = {topic.name: topic.group for topic in curated()}
    return [Row(asker or "", group_of.get(topic, OTHER_TOPICS)) for asker, topic in questions]


QUESTIONS: Final = Subject("questions", (FROM_CARD, BY_COLLEAGUE, NOT_ANSWERED), read_questions)
UNKNOWN: Final = Subject(
    "questions to nobody",
    (*dict.fromkeys(topic.group for topic in curated()), OTHER_TOPICS),
    read_unknown,
)


@dataclass(frozen=True)
class Figures:
    """The latest month: everybody first, then teams."""

    questions: tuple[MonthResults, ...]
    unknown: tuple[MonthResults, ...]
    """Of questions that nobody could be asked, by group of topics."""


async def figures(session: AsyncSession, actor: Actor, now: datetime) -> Figures:
    """Return the latest month's figures and record the look; raise NotAllowedError for others."""
    found = await look_at_month(session, actor, (QUESTIONS, UNKNOWN), now)
    return Figures(*(tuple(each) for each in found))
