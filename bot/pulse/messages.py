"""The messages of a wave, composed at the last moment before they are sent."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse import blocks, service
from bot.pulse.steps import QuestionStep
from bot.slack.blocks import Message
from models import Delivery

# ruff: noqa: ARG001 (every composer is told `now`; the wave's row knows whether it is open)


async def compose_question(
    session: AsyncSession, delivery: Delivery, now: datetime, page: str | None = None
) -> Message | None:
    """Compose the first message of a wave; `page` is the address of docs/privacy.md, if any.

    None when it has become pointless: answered or skipped already, wave closed, person gone.
    """
    step = await _first_step(session, delivery)
    return blocks.question_message(step, page) if step else None


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, now: datetime, page: str | None = None
) -> Message | None:
    """Compose the reminder, or None as for the question."""
    step = await _first_step(session, delivery)
    return blocks.reminder_message(step, page) if step else None


async def _first_step(session: AsyncSession, delivery: Delivery) -> QuestionStep | None:
    if delivery.wave_id is None:
        return None
    return await service.first_step(
        session, delivery.workspace_id, delivery.wave_id, delivery.recipient
    )
