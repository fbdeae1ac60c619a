"""Welcomes newcomers on their first day, and tells them what comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.journeys.people import choices_of, mark_passed, travellers
from bot.journeys.pure.milestones import MILESTONES, Step, due
from bot.outbox.deliveries import enqueue
from bot.surveys.pure.schedule import asked_at
from models import Milestone, Workspace

WELCOME: Final = "welcome"
"""The kind of its deliveries."""
FIRST_DAY: Final = MILESTONES[0]
AHEAD: Final = timedelta(days=1)
"""East of UTC the first day begins on the evening before."""


@dataclass(frozen=True)
class Greeting:
    """A person's first day, and when they are welcomed."""

    step: Step
    today: date
    due_at: datetime


async def workspaces(session: AsyncSession) -> list[str]:
    """Return the workspaces that welcome newcomers."""
    found = await session.scalars(
        select(Milestone.workspace_id)
        .join(Workspace, Workspace.id == Milestone.workspace_id)
        .where(
            Milestone.key == FIRST_DAY.key,
            Milestone.is_on.is_(True),
            Workspace.uninstalled_at.is_(None),
        )
        .order_by(Milestone.workspace_id)
    )
    return list(found)


async def who_is_greeted(
    session: AsyncSession, workspace_id: str, now: datetime
) -> dict[str, Greeting]:
    """Return whom to welcome today, by employee id; each at HR's hour in their own zone."""
    choices = await choices_of(session, workspace_id)
    found = {}
    people = await travellers(session, workspace_id, (now + AHEAD).date())
    for person in people.values():
        today = person.calendar.local_day(now)
        for step in () if person.is_paused else due(person.steps, person.calendar, today):
            if step.milestone is FIRST_DAY:
                at = asked_at(today, choices[FIRST_DAY.key].ask_at, person.calendar.zone, now)
                found[person.employee_id] = Greeting(step, today, max(now, at))
    return found


async def greet(session: AsyncSession, workspace_id: str, people: Mapping[str, Greeting]) -> int:
    """Have a welcome wait for each person, once; return how many are new."""
    new = 0
    for person, greeting in people.items():
        await mark_passed(session, workspace_id, {person: greeting.step}, greeting.today)
        key = f"{WELCOME}:{person}:{greeting.step.anchor}"
        new += await enqueue(session, workspace_id, key, WELCOME, person, greeting.due_at)
    return new
