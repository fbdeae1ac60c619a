"""The asker reads an answer and says whether it helped; with both agreeing it becomes a card."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import OutdatedError, UserError
from bot.knowledge import unnamed
from bot.knowledge.pure.states import FOLLOWS, Status
from bot.knowledge.pure.words import indexed
from bot.knowledge.search import Card, card_of
from bot.knowledge.service import (
    ANSWER_LENGTH,
    ASK_THANKS,
    Question,
    enqueue,
    get_question,
    masked,
    question_of,
    require_employee,
)
from bot.languages import _, marked
from bot.mentoring.enqueue import key_of
from bot.mentoring.profiles.service import local_date
from bot.outbox import deliveries
from bot.people.roles import is_employee
from models import Employee, KnowledgeCard, KnowledgeQuestion

REVIEWED_AFTER: Final = timedelta(days=90)
ASK_REVIEW: Final = "ask_review"

NOT_YOURS: Final = marked("Only the person who asked can do this, so nothing has changed.")
NOT_YOUR_CARD: Final = marked("Only the author of an answer can do this, so nothing has changed.")
CARD_GONE: Final = marked("This answer isn't kept any more, so there is nothing left to do.")
NO_ANSWER_YET: Final = marked("Nobody has answered this yet. I tell you as soon as somebody does.")
OVER: Final = marked("You have done this already, or the question is closed. Nothing has changed.")


@dataclass(frozen=True)
class Preview:
    """A question and its answer as everybody would read them."""

    question: str
    answer: str


async def own_question(
    session: AsyncSession, actor: Actor, value: str, now: datetime, *, locked: bool = False
) -> KnowledgeQuestion:
    """Return the question to which an asker's button leads.

    Raises UserError if it is not theirs, or gone.
    """
    question_id = value
    if "." in value:
        question_id = await unnamed.question_id(session, actor, value, now)
    question = await get_question(session, actor.workspace_id, question_id, locked=locked)
    if question_id == value and question.asker_id != actor.user_id:
        raise UserError(_(NOT_YOURS))
    return question


async def read(session: AsyncSession, actor: Actor, value: str, now: datetime) -> Question:
    """Return an own question with what became of it; raise what `own_question` raises."""
    return question_of(await own_question(session, actor, value, now))


async def helped(session: AsyncSession, actor: Actor, value: str, now: datetime) -> Question:
    """Note that an answer helped, and thank its author. Pressing again changes nothing.

    Raises what `own_question` raises, and UserError if there is no answer.
    """
    question = await own_question(session, actor, value, now, locked=True)
    if question.status != Status.HELPED:
        _follow(question, Status.HELPED)
        assert question.author_id  # noqa: S101 (who answered is stored with the answer)
        await enqueue(session, question, ASK_THANKS, question.author_id, now)
    return question_of(question)


async def did_not_help(session: AsyncSession, actor: Actor, value: str, now: datetime) -> Question:
    """Close a question whose answer did not help; its author is not told.

    Raises what `own_question` raises, and UserError if there is no answer.
    """
    question = await own_question(session, actor, value, now, locked=True)
    if question.status == Status.OPEN:
        raise UserError(_(NO_ANSWER_YET))
    if question.status != Status.CLOSED:
        _follow(question, Status.CLOSED)
    return question_of(question)


async def preview(session: AsyncSession, workspace_id: str, question: Question) -> Preview | None:
    """Return the card that a helpful answer would become.

    None if its author did not agree, if it is a card already, or if the author has left.
    """
    if question.status is not Status.HELPED or not question.may_keep:
        return None
    author = Actor(workspace_id, question.author_id or "")
    if not await is_employee(session, author):
        return None
    return Preview(
        question.text, await masked(session, workspace_id, question.answer or "", ANSWER_LENGTH)
    )


async def keep(session: AsyncSession, actor: Actor, value: str, now: datetime) -> Card:
    """Make a card of a helpful answer; return it, also when it is pressed twice.

    Raises what `own_question` raises, and UserError if its author did not agree or has left.
    """
    question = await own_question(session, actor, value, now, locked=True)
    if not question.may_keep or question.answer is None or question.author_id is None:
        raise UserError(_(OVER))
    author = await session.get(Employee, (actor.workspace_id, question.author_id))
    if author is None or not author.active:
        raise UserError(_(OVER))
    _follow(question, Status.KEPT)
    answer = await masked(session, actor.workspace_id, question.answer, ANSWER_LENGTH)
    card = KnowledgeCard(
        workspace_id=actor.workspace_id,
        question=question.text,
        answer=answer,
        topic=question.topic,
        author_id=question.author_id,
        checked_on=local_date(author, now),
        words=indexed(question.text, question.topic, answer),
        review_at=now + REVIEWED_AFTER,
    )
    session.add(card)
    await session.flush()
    return card_of(card)


async def own_card(
    session: AsyncSession, actor: Actor, card_id: int, *, locked: bool = False
) -> KnowledgeCard:
    """Return a card of the actor's own; raise UserError if it is not theirs, or gone."""
    card = await session.get(
        KnowledgeCard,
        (actor.workspace_id, card_id),
        with_for_update=True if locked else None,
        populate_existing=True,
    )
    if card is None:
        raise UserError(_(CARD_GONE))
    if card.author_id != actor.user_id:
        raise UserError(_(NOT_YOUR_CARD))
    await require_employee(session, actor)
    return card


async def still_true(session: AsyncSession, actor: Actor, card_id: int, now: datetime) -> None:
    """Note that a card is still true; its author is asked again after 90 days.

    Raises what `own_card` raises.
    """
    await _check(session, await own_card(session, actor, card_id, locked=True), now)


async def edit(
    session: AsyncSession, actor: Actor, card_id: int, answer: str, now: datetime
) -> None:
    """Replace a card's answer, masked; raise what `own_card` raises."""
    card = await own_card(session, actor, card_id, locked=True)
    card.answer = await masked(session, actor.workspace_id, answer, ANSWER_LENGTH)
    card.words = indexed(card.question, card.topic, card.answer)
    await _check(session, card, now)


async def retire(session: AsyncSession, actor: Actor, card_id: int) -> None:
    """Delete a card; raise what `own_card` raises."""
    await session.delete(await own_card(session, actor, card_id, locked=True))


async def due_reviews(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of cards whose author is to be asked whether they are still true."""
    found = await session.execute(
        select(KnowledgeCard.workspace_id, KnowledgeCard.id)
        .where(KnowledgeCard.review_at <= now)
        .order_by(KnowledgeCard.review_at)
    )
    return [(workspace, str(card)) for workspace, card in found]


async def ask_author(session: AsyncSession, workspace_id: str, card_id: str, now: datetime) -> int:
    """Ask a card's author once whether it is still true; 0 if somebody did so meanwhile."""
    card = await session.get(
        KnowledgeCard, (workspace_id, int(card_id)), with_for_update=True, populate_existing=True
    )
    if card is None or card.review_at is None or card.review_at > now:
        return 0
    about = f"{card.id}:{card.review_at.date()}"
    card.review_at = None
    if await is_employee(session, Actor(workspace_id, card.author_id)):
        await deliveries.enqueue(
            session,
            workspace_id,
            key_of(ASK_REVIEW, about, card.author_id),
            ASK_REVIEW,
            card.author_id,
            now,
            detail={"card": card_id},
        )
    return 1


def card_id_in(value: object) -> int:
    """Read a card's id from a button or form; raise OutdatedError for anything else."""
    text = str(value)
    if not text.isdecimal() or len(text) > 19:
        raise OutdatedError
    return int(text)


async def _check(session: AsyncSession, card: KnowledgeCard, now: datetime) -> None:
    author = await session.get_one(Employee, (card.workspace_id, card.author_id))
    card.checked_on, card.review_at = local_date(author, now), now + REVIEWED_AFTER


def _follow(question: KnowledgeQuestion, status: Status) -> None:
    """Change a question's status; raise UserError if it can't follow the present one."""
    if status not in FOLLOWS.get(Status(question.status), ()):
        raise UserError(_(OVER))
    question.status = status
