"""Puts a message of mentoring into the outbox, due at a good moment for its reader."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.good_moments import good_moment, shared_good_moment
from bot.outbox import deliveries
from models import Employee, MentoringProfile


async def enqueue(
    session: AsyncSession,
    workspace_id: str,
    kind: str,
    recipient: str,
    about: str,
    now: datetime,
    group: Sequence[str] = (),
    asked_by: str | None = None,
    **detail: Any,
) -> datetime:
    """Add a delivery unless its key exists already; return when it is due.

    `about`, such as a match's id, distinguishes deliveries of one kind to the same recipient. It is
    due in the recipient's working hours; in a channel, in those of the people of `group`.
    `asked_by` is the person on whose behalf the message is sent.
    """
    calendar = await calendar_of(session, workspace_id, recipient)
    if calendar:
        due_at = good_moment(calendar, now)
    else:
        due_at = shared_good_moment(await calendars_of(session, workspace_id, group), now)
    key = key_of(kind, about, recipient)
    await deliveries.enqueue(
        session, workspace_id, key, kind, recipient, due_at, asked_by=asked_by, detail=detail
    )
    return due_at


def key_of(kind: str, about: str, recipient: str) -> str:
    """Return the key of a delivery."""
    return f"{kind}:{about}:{recipient}"


async def calendar_of(session: AsyncSession, workspace_id: str, person: str) -> Calendar | None:
    """Return when a person works; None if the id is not an employee's, such as a channel's."""
    employee = await session.get(Employee, (workspace_id, person))
    if employee is None:
        return None
    profile = await session.get(MentoringProfile, (workspace_id, person))
    return make_calendar(employee, profile)


async def calendars_of(
    session: AsyncSession, workspace_id: str, people: Iterable[str]
) -> list[Calendar]:
    """Return when people work. A former employee counts as working in UTC."""
    found = [await calendar_of(session, workspace_id, person) for person in people]
    return [calendar or Calendar() for calendar in found]


def make_calendar(employee: Employee, profile: MentoringProfile | None) -> Calendar:
    """Return when an employee works and prefers to meet. The time zone implies the country."""
    return Calendar(employee.tz, days=frozenset(profile.preferred_days) if profile else frozenset())
