"""The messages of a wave, composed at the last moment before they are sent."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.pulse import blocks, service
from bot.pulse.steps import QuestionStep
from models import Delivery

TIME_FOR_REMINDER: Final = timedelta(hours=6)
"""What somebody needs to make use of a reminder; after an early end there may be less."""


async def compose_question(
    session: AsyncSession,
    delivery: Delivery,
    now: datetime,  # noqa: ARG001 (every composer gets it; the wave's row says if it is open)
    page: str | None = None,
) -> Message | None:
    """Compose the first message of a wave; `page` is the address of docs/privacy.md, if any.

    None when it has become pointless: answered or skipped already, wave closed, person gone.
    """
    step = await _first_step(session, delivery)
    return blocks.question_message(step, page) if step else None


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, now: datetime, page: str | None = None
) -> Message | None:
    """Compose the reminder, or None as for the question, and where the wave closes very soon."""
    step = await _first_step(session, delivery)
    if step is None or step.pulse.closes_at - now < TIME_FOR_REMINDER:
        return None
    return blocks.reminder_message(step, page)


async def _first_step(session: AsyncSession, delivery: Delivery) -> QuestionStep | None:
    if delivery.wave_id is None:
        return None
    return await service.first_step(
        session, delivery.workspace_id, delivery.wave_id, delivery.recipient
    )
