"""Composes this slice's notices at the last moment."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.surveys.blocks import audience_unreadable, too_few_to_ask, too_much_alike
from models import Delivery, Survey


async def compose_notice(
    session: AsyncSession, delivery: Delivery, _now: datetime
) -> Message | None:
    """Say why a wave did not open; None if the survey is gone or has ended."""
    detail = delivery.detail
    survey = await session.get(Survey, (delivery.workspace_id, detail["survey"]))
    if survey is None:
        return None
    if detail["about"] == "too_few":
        return too_few_to_ask(survey.name, detail["invited"], detail["needed"])
    if detail["about"] == "too_alike":
        until = date.fromisoformat(detail["until"])
        return too_much_alike(survey.name, detail["other"], until, together=detail["together"])
    return audience_unreadable(survey.name) if survey.status == "active" else None
