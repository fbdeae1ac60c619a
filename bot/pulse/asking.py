"""The questions of an open wave, and the reminders that follow them, as deliveries."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.surveys.pure import schedule
from models import Delivery, Employee, Invitation, Survey, Wave
from models.database import backend, table_of

QUESTION: Final = "question"
REMINDER: Final = "reminder"
"""The kinds of a wave's deliveries."""
LEAST_HOURS_FOR_REMINDER: Final = 48
QUEUED_AT_ONCE: Final = {"sqlite": 500, "postgresql": 2_000}
"""How many people's messages are queued in one transaction: SQLite's writers wait for it."""
_INSERTS: Final = {
    "sqlite": sqlite.insert(table_of(Delivery)).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(table_of(Delivery)).on_conflict_do_nothing(),
}


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
    at_once = QUEUED_AT_ONCE[backend(session)]
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
        .limit(at_once)
    )
    people = [(employee_id, tz) for employee_id, tz in rows]
    if people and wave.status == "open":
        await insert_waiting(session, list(_questions(survey, wave, people)))
    if len(people) == at_once:
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


async def insert_waiting(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of `waiting_row`, except those that are there already."""
    if rows:
        connection = await session.connection()
        await connection.execute(_INSERTS[backend(session)], rows)


def waiting_row(
    kind: str, workspace_id: str, wave_id: str, employee_id: str, due_at: datetime
) -> dict[str, Any]:
    """Return the row of somebody's question or reminder, which waits for the planner."""
    return {
        "workspace_id": workspace_id,
        "key": delivery_key(kind, wave_id, employee_id),
        "kind": kind,
        "recipient": employee_id,
        "wave_id": wave_id,
        "due_at": due_at,
        "look_at": due_at,
        "status": "waiting",
    }


def _questions(
    survey: Survey, wave: Wave, people: Iterable[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    """Yield the row of each person's question."""

    @cache
    def due_at(tz: str) -> datetime:
        # If a person's hour had passed when the wave opened, its opening counts instead.
        asked = schedule.asked_at(wave.held_on, survey.ask_at, tz, wave.opened_at)
        return max(asked, wave.opened_at)

    for employee_id, tz in people:
        yield waiting_row(QUESTION, survey.workspace_id, wave.id, employee_id, due_at(tz))
