"""The kinds of message of this slice, composed at the last moment before they are sent."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Composing, Kind
from bot.surveys.not_asked_blocks import audience_unreadable, too_few_to_ask, too_much_alike
from bot.surveys.notices import AUDIENCE_UNREADABLE, TOO_ALIKE, TOO_FEW
from models import Delivery, Survey


async def compose_too_few(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Compose the notice that a wave was skipped, because too few people would have been asked."""
    survey = await _survey(session, delivery)
    detail = delivery.detail
    return too_few_to_ask(survey.name, detail["invited"], detail["needed"]) if survey else None


async def compose_too_alike(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Compose the notice that a wave was skipped, because almost the same were asked the same."""
    survey = await _survey(session, delivery)
    if survey is None:
        return None
    detail = delivery.detail
    until = date.fromisoformat(detail["until"])
    return too_much_alike(survey.name, detail["other"], until, together=detail["together"])


async def compose_audience_unreadable(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Compose the notice that Slack doesn't return the members; None if the survey was ended."""
    survey = await _survey(session, delivery)
    return audience_unreadable(survey.name) if survey and survey.status == "active" else None


async def _survey(session: AsyncSession, delivery: Delivery) -> Survey | None:
    return await session.get(Survey, (delivery.workspace_id, delivery.detail["survey"]))


KINDS: Final[Mapping[str, Kind]] = {
    TOO_FEW: Kind(compose_too_few, Class.ASKED, rank=4),
    TOO_ALIKE: Kind(compose_too_alike, Class.ASKED, rank=4),
    AUDIENCE_UNREADABLE: Kind(compose_audience_unreadable, Class.ASKED, rank=4),
}
