"""Open questions are looked after: passed on from who can't answer, and closed in time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.readers import is_absent
from bot.knowledge.helpers import MOST_AT_ONCE, Wanted, choose_helpers
from bot.knowledge.pure.states import Status
from bot.knowledge.service import (
    LASTS,
    LOOK_EVERY,
    MOST_ASKED,
    ask_helpers,
    get_question,
    lock,
    tell_asker,
)
from bot.people.roles import is_employee
from models import Employee, KnowledgeQuestion, KnowledgeRequest, MentoringProfile


async def due_questions(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of open questions that are to be looked after."""
    found = await session.execute(
        select(KnowledgeQuestion.workspace_id, KnowledgeQuestion.id)
        .where(KnowledgeQuestion.due_at <= now)
        .order_by(KnowledgeQuestion.due_at)
    )
    return [(workspace, question) for workspace, question in found]


async def look_after(
    session: AsyncSession, workspace_id: str, question_id: str, now: datetime
) -> int:
    """Ask somebody else in place of who passed a question on or is away, or close it; 0 if over.

    A question without a name goes to nobody else: choosing would need to know who asked.
    """
    await lock(session, workspace_id)
    question = await get_question(session, workspace_id, question_id)
    if question.status != Status.OPEN or question.due_at is None or question.due_at > now:
        return 0
    requests = await _requests(session, question)
    there = await _still_there(session, question, requests, now)
    for each in requests:
        if each.status == "asked" and each.helper_id not in there:
            each.status = "gone"
    waiting = sum(each.status == "asked" for each in requests)
    if now < question.asked_at + LASTS:
        count = min(MOST_AT_ONCE - waiting, MOST_ASKED - len(requests))
        waiting += await _ask_more(session, question, requests, count, now)
    else:
        waiting = 0
    question.due_at = now + LOOK_EVERY
    if not waiting:
        question.status, question.due_at = Status.CLOSED, None
        await tell_asker(session, question, now)
    return 1


async def _ask_more(
    session: AsyncSession,
    question: KnowledgeQuestion,
    requests: Collection[KnowledgeRequest],
    count: int,
    now: datetime,
) -> int:
    """Ask up to `count` colleagues more; return how many."""
    asker = question.asker_id
    if asker is None or count <= 0:
        return 0
    if not await is_employee(session, Actor(question.workspace_id, asker)):
        return 0
    asked = frozenset(each.helper_id for each in requests)
    wanted = Wanted(question.workspace_id, question.topic, asker, asked)
    helpers = await choose_helpers(session, wanted, count, now)
    await ask_helpers(session, question, helpers, now)
    return len(helpers)


async def _requests(session: AsyncSession, question: KnowledgeQuestion) -> list[KnowledgeRequest]:
    found = await session.scalars(
        select(KnowledgeRequest)
        .where(
            KnowledgeRequest.workspace_id == question.workspace_id,
            KnowledgeRequest.question_id == question.id,
        )
        .execution_options(populate_existing=True)
    )
    return list(found)


async def _still_there(
    session: AsyncSession,
    question: KnowledgeQuestion,
    requests: Collection[KnowledgeRequest],
    now: datetime,
) -> set[str]:
    """Return those who were asked, are not away, and still agree to be found."""
    found = await session.scalars(
        select(Employee.id)
        .join(
            MentoringProfile,
            (Employee.workspace_id == MentoringProfile.workspace_id)
            & (Employee.id == MentoringProfile.employee_id),
        )
        .where(
            Employee.workspace_id == question.workspace_id,
            Employee.id.in_([each.helper_id for each in requests]),
            Employee.active.is_(True),
            MentoringProfile.findable.is_(True),
            ~is_absent(now),
        )
    )
    return set(found)
