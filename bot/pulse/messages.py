"""The kinds of message of this slice, composed at the last moment before they are sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.outbox.deliveries import enqueue
from bot.outbox.kinds import Class, Composing, Kind
from bot.pulse import blocks, progress, service, undelivered
from bot.pulse.asking import QUESTION, REMINDER, delivery_key, reminder_at
from bot.pulse.opening import PROGRESS
from bot.pulse.steps import QuestionStep, with_privacy_page
from models import Delivery, Employee, Invitation, Survey, Wave

TIME_FOR_REMINDER: Final = timedelta(hours=6)
"""A reminder needs this much time to be useful; after an early end there may be less."""


async def compose_question(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Compose the first message of a wave.

    None if it has become pointless: answered or skipped already, wave closed, person gone.
    """
    step = await _first_step(session, delivery, composing.privacy_page)
    return blocks.question_message(step) if step else None


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Compose the reminder, or None as for the question, and if the wave closes very soon."""
    step = await _first_step(session, delivery, composing.privacy_page)
    if step is None or step.wave.closes_at - composing.now < TIME_FOR_REMINDER:
        return None
    return blocks.reminder_message(step)


async def follow_question(session: AsyncSession, delivery: Delivery, now: datetime) -> None:
    """Record that a question has reached its employee, and enqueue its reminder.

    Everybody who is asked gets the row of a reminder, so it doesn't tell who has answered.
    """
    await mark_asked(session, delivery, now)
    place = delivery.workspace_id, delivery.recipient
    wave = await session.get(Wave, (delivery.workspace_id, delivery.wave_id))
    employee = await session.get(Employee, place)
    if wave is None or employee is None:
        return
    survey = await session.get_one(Survey, (delivery.workspace_id, wave.survey_id))
    due_at = reminder_at(max(now, delivery.due_at), employee.tz, survey.open_hours)
    if due_at is None or wave.status != "open":
        return
    key = delivery_key(REMINDER, wave.id, delivery.recipient)
    await enqueue(
        session, delivery.workspace_id, key, REMINDER, employee.id, due_at, wave_id=wave.id
    )


async def mark_asked(session: AsyncSession, delivery: Delivery, _now: datetime) -> None:
    """Record that a question or reminder has reached its employee."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.workspace_id == delivery.workspace_id,
            Invitation.wave_id == delivery.wave_id,
            Invitation.employee_id == delivery.recipient,
            Invitation.status == "pending",
        )
        .values(status="asked")
    )


async def _first_step(
    session: AsyncSession, delivery: Delivery, privacy_page: str | None
) -> QuestionStep | None:
    if delivery.wave_id is None:
        return None
    step = await service.first_step(
        session, delivery.workspace_id, delivery.wave_id, delivery.recipient
    )
    return with_privacy_page(step, privacy_page) if step else None


KINDS: Final[Mapping[str, Kind]] = {
    QUESTION: Kind(compose_question, Class.ASKED, rank=2, on_posted=follow_question),
    # What became of a reminder would tell who had answered by then.
    REMINDER: Kind(
        compose_reminder,
        Class.ASKED,
        rank=3,
        is_reminder=True,
        on_posted=mark_asked,
        discreet=True,
    ),
    # The author pressed "Ask".
    PROGRESS: Kind(progress.compose_progress, Class.ANSWER),
    undelivered.ABOUT: Kind(undelivered.compose_notice, Class.ASKED, rank=4),
}
