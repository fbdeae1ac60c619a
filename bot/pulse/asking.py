"""The questions of an open wave, and the reminders that follow them, as deliveries."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.surveys.pure import schedule
from models import Delivery, Employee, Invitation, Survey, Wave
from models.database import insert_into

QUESTION: Final = "question"
REMINDER: Final = "reminder"
"""The kinds of a wave's deliveries."""
LEAST_HOURS_FOR_REMINDER: Final = 48
QUEUED_AT_ONCE: Final = 500
"""How many people's messages are queued in one transaction."""


async def waves_to_queue(session: AsyncSession) -> list[tuple[str, str]]:
    """Return (workspace id, wave id) of open waves whose messages are not all queued yet."""
    rows = await session.execute(
        select(Wave.workspace_id, Wave.id)
        .where(Wave.status == "open", Wave.queued.is_(False))
        .order_by(Wave.opened_at, Wave.id)
    )
    return [(workspace_id, wave_id) for workspace_id, wave_id in rows]


async def queue_messages(
    session: AsyncSession, workspace_id: str, wave_id: str, after: str = ""
) -> str | None:
    """Queue the question of the next people, in order of their ids.

    Returns the last person, to continue from, or None if everybody's are queued. Repeating it adds
    nothing.
    """
    wave = await session.get_one(Wave, (workspace_id, wave_id), populate_existing=True)
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    rows = await session.execute(
        select(Invitation.employee_id, Employee.tz)
        .join(
            Employee,
            (Employee.workspace_id == Invitation.workspace_id)
            & (Employee.id == Invitation.employee_id),
        )
        .where(
            Invitation.workspace_id == workspace_id,
            Invitation.wave_id == wave_id,
            Invitation.employee_id > after,
        )
        .order_by(Invitation.employee_id)
        .limit(QUEUED_AT_ONCE)
    )
    people = [(employee_id, tz) for employee_id, tz in rows]
    if people and wave.status == "open":
        await session.execute(
            insert_into(session, Delivery).on_conflict_do_nothing(
                index_elements=[Delivery.workspace_id, Delivery.key]
            ),
            list(_deliveries(survey, wave, people)),
        )
    if len(people) == QUEUED_AT_ONCE:
        return people[-1][0]
    await session.execute(
        update(Wave)
        .where(Wave.workspace_id == workspace_id, Wave.id == wave_id)
        .values(queued=True)
        .execution_options(synchronize_session=False)
    )
    return None


def reminder_at(asked: datetime, tz: str, open_hours: int) -> datetime | None:
    """Return when to remind somebody who was asked at `asked`: after half of the open hours.

    It comes whole days later, at the same local time. None for waves open less than 48 hours.
    """
    if open_hours < LEAST_HOURS_FOR_REMINDER:
        return None
    half = timedelta(days=open_hours // 24 // 2)
    return (asked.astimezone(zone_of(tz)) + half).astimezone(asked.tzinfo)


def delivery_key(kind: str, wave_id: str, employee_id: str) -> str:
    """Return the key of somebody's question or reminder."""
    return f"{kind}:{wave_id}:{employee_id}"


def _deliveries(
    survey: Survey, wave: Wave, people: Iterable[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    """Yield each person's question, which waits for the planner."""

    @cache
    def due_at(tz: str) -> datetime:
        # If a person's hour had passed when the wave opened, its opening counts instead.
        asked = schedule.asked_at(wave.held_on, survey.ask_at, tz, wave.opened_at)
        return max(asked, wave.opened_at)

    for employee_id, tz in people:
        yield {
            "workspace_id": survey.workspace_id,
            "key": delivery_key(QUESTION, wave.id, employee_id),
            "kind": QUESTION,
            "recipient": employee_id,
            "wave_id": wave.id,
            "due_at": due_at(tz),
            "look_at": due_at(tz),
            "status": "waiting",
        }
