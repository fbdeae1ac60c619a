"""Reads who is on which milestone: dates, HR's choices and calendars, and what is passed.

`bot.journeys.pure.milestones` has the rules. Nothing here tells whether anybody answered.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import Calendar
from bot.attention.readers import calendars_by_person
from bot.journeys.pure.milestones import (
    BY_KEY,
    LATEST,
    LONGEST_AWAY,
    MILESTONES,
    Choice,
    Journey,
    Passed,
    Step,
    due,
    path,
)
from models import Employee, JourneyPause, JourneyStep, Milestone
from models.database import insert_into

BEFORE: Final = timedelta(days=30)
"""How long before its anchor a journey is known, such as to prepare a first day."""
AFTER: Final = MILESTONES[4].after + LONGEST_AWAY + LATEST
"""How long after its anchor a milestone can still come."""


@dataclass(frozen=True)
class Traveller:
    """An employee on a journey."""

    employee_id: str
    manager_id: str | None
    calendar: Calendar
    is_paused: bool
    """True if HR has paused this person's journeys."""
    anchors: Mapping[Journey, date]
    """Only those whose journey goes on."""
    steps: tuple[Step, ...]
    """In the order of their days, those passed first."""


async def choices_of(session: AsyncSession, workspace_id: str) -> dict[str, Choice]:
    """Return HR's choice for each milestone; empty if journeys have not been started."""
    rows = await session.scalars(select(Milestone).where(Milestone.workspace_id == workspace_id))
    return {
        each.key: Choice(each.is_on, each.weekday, each.ask_at)
        for each in rows
        if each.key in BY_KEY
    }


async def travellers(
    session: AsyncSession,
    workspace_id: str,
    today: date,
    only: Collection[str] | None = None,
) -> dict[str, Traveller]:
    """Return the employees who are on a journey on a day, by id.

    `only` are the ids of the people to look for; None for everybody. Without journeys there is
    nobody.
    """
    choices = await choices_of(session, workspace_id)
    if not choices:
        return {}
    columns = {journey: getattr(Employee, journey.value) for journey in Journey}
    around = today - AFTER, today + BEFORE
    query = select(Employee.id, Employee.manager_id, *columns.values()).where(
        Employee.workspace_id == workspace_id,
        Employee.active.is_(True),
        or_(*(column.between(*around) for column in columns.values())),
    )
    if only is not None:
        query = query.where(Employee.id.in_(only))
    found = (await session.execute(query.order_by(Employee.id))).all()
    ids = [row.id for row in found]
    calendars = await calendars_by_person(session, workspace_id, ids)
    passed = await _passed(session, workspace_id, ids)
    paused = set(
        await session.scalars(
            select(JourneyPause.employee_id).where(JourneyPause.workspace_id == workspace_id)
        )
    )
    people = {}
    for employee_id, manager_id, *dates in found:
        calendar, _preference = calendars[employee_id]
        anchors = {
            journey: day
            for journey, day in zip(columns, dates, strict=True)
            if day is not None and around[0] <= day <= around[1]
        }
        steps = path(anchors, choices, calendar, passed[employee_id])
        is_paused = employee_id in paused
        people[employee_id] = Traveller(
            employee_id, manager_id, calendar, is_paused, anchors, steps
        )
    return people


async def mark_passed(
    session: AsyncSession, workspace_id: str, steps: Mapping[str, Step], today: date
) -> None:
    """Record, by employee id, the milestone that each person passes now; again changes nothing."""
    rows = [
        {
            "workspace_id": workspace_id,
            "employee_id": employee_id,
            "milestone": step.milestone.key,
            "anchor": step.anchor,
            "passed_on": today,
        }
        for employee_id, step in sorted(steps.items())
    ]
    if rows:
        await session.execute(insert_into(session, JourneyStep).on_conflict_do_nothing(), rows)


async def _passed(
    session: AsyncSession, workspace_id: str, people: Collection[str]
) -> Mapping[str, list[Passed]]:
    rows = await session.scalars(
        select(JourneyStep).where(
            JourneyStep.workspace_id == workspace_id, JourneyStep.employee_id.in_(people)
        )
    )
    found: defaultdict[str, list[Passed]] = defaultdict(list)
    for each in rows:
        found[each.employee_id].append(Passed(each.milestone, each.anchor, each.passed_on))
    return found


async def who_is_due(
    session: AsyncSession, workspace_id: str, milestone: str, day: date
) -> dict[str, Step]:
    """Return the step of each person who reaches a milestone on a local day, by employee id."""
    found = {}
    for person in (await travellers(session, workspace_id, day)).values():
        for step in () if person.is_paused else due(person.steps, person.calendar, day):
            if step.milestone.key == milestone:
                found[person.employee_id] = step
    return found
