"""Puts a message of mentoring into the outbox; the planner decides when it goes out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import Calendar
from bot.attention.readers import calendars_by_person
from bot.outbox import deliveries
from models import Delivery, MentoringProfile


async def enqueue(
    session: AsyncSession,
    workspace_id: str,
    kind: str,
    recipient: str,
    about: str,
    due_at: datetime,
    group: Sequence[str] = (),
    asked_by: str | None = None,
    **detail: Any,
) -> None:
    """Add a delivery unless its key exists already; `due_at` is its earliest moment.

    `about`, such as a match's id, distinguishes deliveries of one kind to the same recipient.
    `group` are the people of a pair or coffee; it counts if the recipient is their group DM.
    `asked_by` is the person on whose behalf the message is sent.
    """
    key = key_of(kind, about, recipient)
    await deliveries.enqueue(
        session,
        workspace_id,
        key,
        kind,
        recipient,
        due_at,
        asked_by=asked_by,
        readers=None if recipient in group else group,
        detail=detail,
    )


def key_of(kind: str, about: str, recipient: str) -> str:
    """Return the key of a delivery."""
    return f"{kind}:{about}:{recipient}"


async def fates(
    session: AsyncSession, workspace_id: str, kind: str, about: str, recipients: Iterable[str]
) -> set[str]:
    """Return what became of a message to these people; `waiting` also if it is on its way."""
    keys = [key_of(kind, about, recipient) for recipient in recipients]
    found = await session.scalars(
        select(Delivery.status).where(Delivery.workspace_id == workspace_id, Delivery.key.in_(keys))
    )
    return {"waiting" if each in ("due", "claimed") else each for each in found}


async def calendar_of(session: AsyncSession, workspace_id: str, person: str) -> Calendar:
    """Return when one person works and prefers to meet."""
    return (await calendars_of(session, workspace_id, [person]))[0]


async def calendars_of(
    session: AsyncSession, workspace_id: str, people: Collection[str]
) -> list[Calendar]:
    """Return when people work and prefer to meet. A former employee counts as working in UTC."""
    calendars = await calendars_by_person(session, workspace_id, people)
    rows = await session.execute(
        select(MentoringProfile.employee_id, MentoringProfile.preferred_days).where(
            MentoringProfile.workspace_id == workspace_id,
            MentoringProfile.employee_id.in_(people),
        )
    )
    days = {person: frozenset(chosen) for person, chosen in rows}
    return [
        replace(calendars[person][0], days=days.get(person, frozenset()))
        if person in calendars
        else Calendar()
        for person in people
    ]
