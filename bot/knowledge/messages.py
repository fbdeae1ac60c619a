"""Writes to colleagues who are asked, to askers, and to authors, when the message is sent.

Returns no message for what has become pointless, such as a question that was answered meanwhile.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.knowledge import blocks
from bot.knowledge.cards import ASK_REVIEW
from bot.knowledge.pure.states import Status
from bot.knowledge.search import card_of
from bot.knowledge.service import (
    ASK_QUESTION,
    ASK_RESULT,
    ASK_THANKS,
    LASTS,
    Question,
    question_of,
)
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.roles import is_employee
from models import Delivery, KnowledgeCard, KnowledgeQuestion, KnowledgeRequest

HAS_RESULT: Final = (Status.ANSWERED, Status.CLOSED)
HAS_HELPED: Final = (Status.HELPED, Status.KEPT)


async def compose_question(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Ask a colleague while the question is open and still with them."""
    question = await _question_for(session, delivery, (Status.OPEN,))
    key = (delivery.workspace_id, str(delivery.detail["question"]), delivery.recipient)
    request = await session.get(KnowledgeRequest, key, populate_existing=True)
    if question is None or request is None or request.status != "asked":
        return None
    return blocks.question_message(question)


async def compose_result(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Tell the asker of an answer, or that nobody could answer."""
    question = await _question_for(session, delivery, HAS_RESULT)
    return blocks.result_message(question) if question else None


async def compose_thanks(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Thank the author of an answer that helped."""
    question = await _question_for(session, delivery, HAS_HELPED)
    return blocks.thanks_message(question) if question else None


async def compose_review(session: AsyncSession, delivery: Delivery, _: Composing) -> Message | None:
    """Ask an author whether a kept answer is still true."""
    key = (delivery.workspace_id, int(delivery.detail["card"]))
    card = await session.get(KnowledgeCard, key, populate_existing=True)
    if card is None or not await _is_there(session, delivery):
        return None
    return blocks.review_message(card_of(card))


async def _question_for(
    session: AsyncSession, delivery: Delivery, statuses: tuple[Status, ...]
) -> Question | None:
    """Return a delivery's question if it has one of the statuses and its reader works here."""
    key = (delivery.workspace_id, str(delivery.detail["question"]))
    row = await session.get(KnowledgeQuestion, key, populate_existing=True)
    if row is None or row.status not in statuses or not await _is_there(session, delivery):
        return None
    return question_of(row)


async def _is_there(session: AsyncSession, delivery: Delivery) -> bool:
    return await is_employee(session, Actor(delivery.workspace_id, delivery.recipient))


KINDS: Final[Mapping[str, Kind]] = {
    ASK_QUESTION: Kind(compose_question, Class.ASKED, rank=2, lapses_after=LASTS),
    # Its own hour is chosen when it is queued: within the asker's working hours.
    ASK_RESULT: Kind(compose_result, Class.ANSWER),
    ASK_THANKS: Kind(compose_thanks, Class.NEWS),
    ASK_REVIEW: Kind(compose_review, Class.ASKED),
}
