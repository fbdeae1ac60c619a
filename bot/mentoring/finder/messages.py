"""Passes a colleague's question on to an expert."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.mentoring.finder.blocks import finder_question_message
from bot.mentoring.finder.service import MENTOR_QUESTION
from bot.outbox.kinds import Class, Composing, Kind
from bot.people.roles import is_employee
from models import Delivery, MentoringProfile


async def compose_question(
    session: AsyncSession, delivery: Delivery, _: Composing
) -> Message | None:
    """Pass a question on while the expert agrees to be found.

    A question from somebody with whom the expert asked never to be paired is not sent, and nobody
    is told.
    """
    profile = await session.get(MentoringProfile, (delivery.workspace_id, delivery.recipient))
    expert = Actor(delivery.workspace_id, delivery.recipient)
    if profile is None or not profile.findable or not await is_employee(session, expert):
        return None
    asked = delivery.detail
    if asked["asker"] in profile.never_with:
        return None
    return finder_question_message(asked["asker"], asked["topic"], asked["text"])


KINDS: Final[Mapping[str, Kind]] = {
    MENTOR_QUESTION: Kind(compose_question, Class.ASKED, rank=1, discreet=True)
}
"""Discreet: otherwise the row would reveal who asked never to be paired with the asker."""
