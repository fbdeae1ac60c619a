"""The messages of a wave, composed at the last moment before they are sent."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.pulse import blocks, service
from bot.pulse.steps import QuestionStep, with_privacy_page
from models import Delivery

TIME_FOR_REMINDER: Final = timedelta(hours=6)
"""A reminder needs this much time to be useful; after an early end there may be less."""


async def compose_question(
    session: AsyncSession,
    delivery: Delivery,
    now: datetime,  # noqa: ARG001 (every composer gets it; the wave's row says if it is open)
    page: str | None = None,
) -> Message | None:
    """Compose the first message of a wave; `page` is the address of the privacy page, if any.

    None if it has become pointless: answered or skipped already, wave closed, person gone.
    """
    step = await _first_step(session, delivery, page)
    return blocks.question_message(step) if step else None


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, now: datetime, page: str | None = None
) -> Message | None:
    """Compose the reminder; None as for the question, and if the wave closes very soon."""
    step = await _first_step(session, delivery, page)
    if step is None or step.wave.closes_at - now < TIME_FOR_REMINDER:
        return None
    return blocks.reminder_message(step)


async def _first_step(
    session: AsyncSession, delivery: Delivery, privacy_page: str | None
) -> QuestionStep | None:
    if delivery.wave_id is None:
        return None
    step = await service.first_step(
        session, delivery.workspace_id, delivery.wave_id, delivery.recipient
    )
    return with_privacy_page(step, privacy_page) if step else None
