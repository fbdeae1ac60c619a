"""A question goes to colleagues who know, until the first one answers or time is over."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.good_moments import good_moment
from bot.blockkit.text import shorten
from bot.errors import UserError
from bot.knowledge.helpers import MOST_AT_ONCE, Wanted, choose_helpers
from bot.knowledge.pure.states import Status
from bot.languages import _, marked, write_number
from bot.masking import mask
from bot.mentoring.enqueue import calendar_of, key_of
from bot.outbox import deliveries
from bot.people.names import known_names
from bot.people.roles import is_employee
from models import (
    KnowledgeQuestion,
    KnowledgeRequest,
    Workspace,
)
from models.database import KEY_SHARE

QUESTION_LENGTH: Final = 500
ANSWER_LENGTH: Final = 2_000
MOST_OPEN: Final = 3
"""Questions of one person that wait at a time."""
MOST_ASKED: Final = 6
"""Colleagues who get one question in all, those who passed it on included."""
LASTS: Final = timedelta(days=7)
LOOK_EVERY: Final = timedelta(days=1)
"""How often an open question's colleagues are looked after: somebody may be away since."""

ASK_QUESTION: Final = "ask_question"
ASK_RESULT: Final = "ask_result"
ASK_THANKS: Final = "ask_thanks"

NOT_AN_EMPLOYEE: Final = marked("Only employees of this workspace can ask and answer with Attune.")
TOO_MANY_OPEN: Final = marked(
    "{most} of your questions still wait for an answer, so please give your colleagues a "
    "little time. Each is answered or closed within a week."
)
ASKED_ALREADY: Final = marked(
    "You have asked this already. I'll tell you as soon as somebody answers."
)
TOO_LATE: Final = marked(
    "A colleague was faster, or the question has been closed: there is nothing left to do. Thank "
    "you for helping."
)
NOT_ASKED: Final = marked("This question isn't with you any more, so nothing has changed.")
GONE: Final = marked("This question is no longer there: I delete questions after 90 days.")


@dataclass(frozen=True)
class Question:
    """A question with what became of it."""

    id: str
    topic: str
    text: str
    """Masked, as colleagues read it."""
    status: Status
    asker_id: str | None
    """Empty if it was asked without a name."""
    author_id: str | None = None
    answer: str | None = None
    may_keep: bool = False


@dataclass(frozen=True)
class HomeQuestions:
    """What a person's Home tab says of questions."""

    to_answer: tuple[Question, ...]
    own: tuple[Question, ...]
    """Their own open ones; not those without a name, which lead to nobody."""


@dataclass(frozen=True)
class Stored:
    """An answer that was the first."""

    question: Question
    others: tuple[str, ...]
    """The other colleagues who were asked."""


async def require_employee(session: AsyncSession, actor: Actor) -> None:
    """Raise UserError for guests and strangers."""
    if not await is_employee(session, actor):
        raise UserError(_(NOT_AN_EMPLOYEE))


async def masked(session: AsyncSession, workspace_id: str, text: str, limit: int) -> str:
    """Return a text as others read it, without names, addresses and numbers, cut to a length."""
    return shorten(mask(text, await known_names(session, workspace_id)).text, limit)


async def lock(session: AsyncSession, workspace_id: str) -> Workspace:
    """Let one transaction at a time choose helpers, so that nobody gets more than their most."""
    return await session.get_one(
        Workspace, workspace_id, with_for_update=KEY_SHARE, populate_existing=True
    )


async def ask(
    session: AsyncSession, actor: Actor, topic: str, text: str, now: datetime
) -> tuple[str, ...]:
    """Ask up to three colleagues with the asker's name; return them, none if there is nobody.

    Raises UserError for guests, for a fourth open question, and for the same one again.
    """
    await require_employee(session, actor)
    await lock(session, actor.workspace_id)
    written = await masked(session, actor.workspace_id, text, QUESTION_LENGTH)
    waiting = await open_questions(session, actor)
    if any((each.topic, each.text) == (topic, written) for each in waiting):
        raise UserError(_(ASKED_ALREADY))
    if len(waiting) >= MOST_OPEN:
        raise UserError(_(TOO_MANY_OPEN).format(most=write_number(MOST_OPEN)))
    question = KnowledgeQuestion(
        workspace_id=actor.workspace_id, asker_id=actor.user_id, topic=topic, asked_at=now
    )
    wanted = Wanted(actor.workspace_id, topic, actor.user_id)
    return await send_out(session, question, wanted, written, now)


async def send_out(
    session: AsyncSession, question: KnowledgeQuestion, wanted: Wanted, text: str, now: datetime
) -> tuple[str, ...]:
    """Store a new question and ask the first colleagues; without any, only that nobody was there.

    A question without a name leaves no row if there is nobody to ask.
    """
    helpers = await choose_helpers(session, wanted, MOST_AT_ONCE, now)
    if not helpers:
        if question.asker_id:
            question.status = Status.NOBODY
            session.add(question)
        return ()
    question.text, question.status = text, Status.OPEN
    question.due_at = question.asked_at + LOOK_EVERY
    session.add(question)
    await session.flush()
    await ask_helpers(session, question, helpers, question.asked_at)
    return tuple(helpers)


async def note_found(session: AsyncSession, actor: Actor, topic: str, now: datetime) -> None:
    """Count that a card answered somebody's question, which nobody has to read any more."""
    await require_employee(session, actor)
    session.add(
        KnowledgeQuestion(
            workspace_id=actor.workspace_id,
            asker_id=actor.user_id,
            topic=topic,
            status=Status.FOUND,
            asked_at=now,
        )
    )


async def question_for(
    session: AsyncSession, actor: Actor, question_id: str, *, locked: bool = False
) -> KnowledgeQuestion:
    """Return an open question that a person was asked.

    Raises UserError if it is gone or over, or was never theirs.
    """
    question = await get_question(session, actor.workspace_id, question_id, locked=locked)
    request = await session.get(
        KnowledgeRequest, (actor.workspace_id, question_id, actor.user_id), populate_existing=True
    )
    if request is None:
        raise UserError(_(NOT_ASKED))
    if question.status != Status.OPEN:
        raise UserError(_(TOO_LATE))
    await require_employee(session, actor)
    return question


async def get_question(
    session: AsyncSession, workspace_id: str, question_id: str, *, locked: bool = True
) -> KnowledgeQuestion:
    """Return a question, locked until the transaction ends; raise UserError if it is gone."""
    question = await session.get(
        KnowledgeQuestion,
        (workspace_id, question_id),
        with_for_update=True if locked else None,
        populate_existing=True,
    )
    if question is None:
        raise UserError(_(GONE))
    return question


async def answer(
    session: AsyncSession,
    actor: Actor,
    question_id: str,
    text: str,
    may_keep: bool,
    now: datetime,
) -> Stored:
    """Store the first answer and tell the asker.

    Raises what `question_for` raises.
    """
    question = await question_for(session, actor, question_id, locked=True)
    question.status, question.answer, question.author_id = Status.ANSWERED, text, actor.user_id
    question.answered_at, question.may_keep, question.due_at = now, may_keep, None
    await tell_asker(session, question, now)
    others = await session.scalars(
        select(KnowledgeRequest.helper_id).where(
            KnowledgeRequest.workspace_id == actor.workspace_id,
            KnowledgeRequest.question_id == question_id,
            KnowledgeRequest.helper_id != actor.user_id,
        )
    )
    return Stored(question_of(question), tuple(others))


async def decline(session: AsyncSession, actor: Actor, question_id: str, now: datetime) -> None:
    """Pass a question on: a job asks the next colleague. The asker is not told who did.

    Raises what `question_for` raises.
    """
    question = await question_for(session, actor, question_id, locked=True)
    request = await session.get_one(
        KnowledgeRequest, (actor.workspace_id, question_id, actor.user_id)
    )
    request.status, question.due_at = "declined", now


async def open_questions(session: AsyncSession, actor: Actor) -> list[Question]:
    """Return a person's own open questions, the oldest first."""
    found = await session.scalars(
        select(KnowledgeQuestion)
        .where(
            KnowledgeQuestion.workspace_id == actor.workspace_id,
            KnowledgeQuestion.asker_id == actor.user_id,
            KnowledgeQuestion.status == Status.OPEN,
        )
        .order_by(KnowledgeQuestion.asked_at)
    )
    return [question_of(each) for each in found]


async def home_questions(
    session: AsyncSession, actor: Actor, now: datetime
) -> HomeQuestions | None:
    """Return what waits for a person, and what they wait for; None for guests."""
    if not await is_employee(session, actor):
        return None
    own = await open_questions(session, actor)
    return HomeQuestions(await _to_answer(session, actor, now), tuple(own))


async def _to_answer(session: AsyncSession, actor: Actor, now: datetime) -> tuple[Question, ...]:
    """Return the open questions that wait for a person's answer, the oldest first."""
    found = await session.scalars(
        select(KnowledgeQuestion)
        .join(
            KnowledgeRequest,
            (KnowledgeRequest.workspace_id == KnowledgeQuestion.workspace_id)
            & (KnowledgeRequest.question_id == KnowledgeQuestion.id),
        )
        .where(
            KnowledgeRequest.workspace_id == actor.workspace_id,
            KnowledgeRequest.helper_id == actor.user_id,
            KnowledgeRequest.status == "asked",
            KnowledgeRequest.asked_at <= now,
            KnowledgeRequest.asked_at > now - LASTS,
            KnowledgeQuestion.status == Status.OPEN,
        )
        .order_by(KnowledgeRequest.asked_at)
    )
    return tuple(question_of(each) for each in found)


def question_of(row: KnowledgeQuestion) -> Question:
    """Return a stored question as a plain value."""
    return Question(
        row.id,
        row.topic,
        row.text,
        Status(row.status),
        row.asker_id,
        row.author_id,
        row.answer,
        row.may_keep,
    )


async def tell_asker(session: AsyncSession, question: KnowledgeQuestion, now: datetime) -> None:
    """Tell the asker what became of their question, at a good moment; nobody without a name."""
    if question.asker_id is None:
        return
    calendar = await calendar_of(session, question.workspace_id, question.asker_id)
    await enqueue(session, question, ASK_RESULT, question.asker_id, good_moment(calendar, now))


async def enqueue(
    session: AsyncSession,
    question: KnowledgeQuestion,
    kind: str,
    recipient: str,
    due_at: datetime,
) -> None:
    """Have a message about a question wait for the planner, once."""
    await deliveries.enqueue(
        session,
        question.workspace_id,
        key_of(kind, question.id, recipient),
        kind,
        recipient,
        due_at,
        detail={"question": question.id},
    )


async def ask_helpers(
    session: AsyncSession, question: KnowledgeQuestion, helpers: Collection[str], at: datetime
) -> None:
    """Have a question wait for more colleagues."""
    for helper in helpers:
        session.add(
            KnowledgeRequest(
                workspace_id=question.workspace_id,
                question_id=question.id,
                helper_id=helper,
                asked_at=at,
            )
        )
        await enqueue(session, question, ASK_QUESTION, helper, at)
