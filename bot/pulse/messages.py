"""The kinds of message of this slice, composed at the last moment before they are sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.outbox.kinds import Class, Composing, Kind
from bot.pulse import blocks, progress, service, undelivered
from bot.pulse.asking import QUESTION, REMINDER, insert_waiting, reminder_at, waiting_row
from bot.pulse.opening import PROGRESS
from bot.pulse.steps import QuestionStep, with_privacy_page
from models import Delivery, Employee, Invitation, Survey, Wave
from models.database import table_of

TIME_FOR_REMINDER: Final = timedelta(hours=6)
"""A reminder needs this much time to be useful; after an early end there may be less."""
_invitation = table_of(Invitation)
_MARK_ASKED: Final = (
    update(_invitation)
    .where(
        _invitation.c.workspace_id == bindparam("workspace"),
        _invitation.c.wave_id == bindparam("wave"),
        _invitation.c.employee_id == bindparam("person"),
        _invitation.c.status == "pending",
    )
    .values(status="asked")
)


async def compose_question(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Compose the first message of a wave; the first one of all begins with what Attune is.

    None if it has become pointless: answered or skipped already, wave closed, person gone.
    """
    step = await _first_step(session, delivery, composing.privacy_page)
    if step is None:
        return None
    message = blocks.question_message(step)
    person = await session.get(Employee, (delivery.workspace_id, delivery.recipient))
    if person is None or person.introduced:
        return message
    return blocks.with_introduction(message, step.wave.min_group_size)


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Compose the reminder, or None as for the question, and if the wave closes very soon."""
    step = await _first_step(session, delivery, composing.privacy_page)
    if step is None or step.wave.closes_at - composing.now < TIME_FOR_REMINDER:
        return None
    return blocks.reminder_message(step)


async def follow_question(
    session: AsyncSession, deliveries: Sequence[Delivery], now: datetime
) -> None:
    """Record that questions have reached their employees, and enqueue their reminders.

    Everybody who is asked gets the row of a reminder, so it doesn't tell who has answered.
    """
    await mark_asked(session, deliveries, now)
    await _mark_introduced(session, deliveries)
    rows = await session.execute(
        select(Wave.id, Employee.id, Employee.tz, Survey.open_hours)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .join(Employee, Employee.workspace_id == Wave.workspace_id)
        .where(
            Wave.workspace_id == deliveries[0].workspace_id,
            Wave.id.in_({each.wave_id for each in deliveries}),
            Wave.status == "open",
            Employee.id.in_({each.recipient for each in deliveries}),
        )
    )
    known = {(wave_id, person): (tz, open_hours) for wave_id, person, tz, open_hours in rows}
    reminders = []
    for each in deliveries:
        asked = str(each.wave_id), each.recipient
        tz, open_hours = known.get(asked, ("", 0))
        if due_at := reminder_at(max(now, each.due_at), tz, open_hours):
            reminders.append(waiting_row(REMINDER, each.workspace_id, *asked, due_at))
    await insert_waiting(session, reminders)


async def mark_asked(session: AsyncSession, deliveries: Sequence[Delivery], _now: datetime) -> None:
    """Record that questions or reminders have reached their employees."""
    connection = await session.connection()
    await connection.execute(
        _MARK_ASKED,
        [
            {"workspace": each.workspace_id, "wave": each.wave_id, "person": each.recipient}
            for each in deliveries
        ],
    )


async def _mark_introduced(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
    await session.execute(
        update(Employee)
        .where(
            Employee.workspace_id == deliveries[0].workspace_id,
            Employee.id.in_({each.recipient for each in deliveries}),
            Employee.introduced.is_(False),
        )
        .values(introduced=True)
        .execution_options(synchronize_session=False)
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
