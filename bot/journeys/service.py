"""HR sees who is on which milestone, and changes people's dates.

HR reads names and dates here, and never whether anybody answered.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.journeys.milestones import MilestoneLine, milestone_lines, require_admin
from bot.journeys.people import travellers
from bot.journeys.pure.milestones import CORRECTION, Step
from bot.languages import _, marked
from bot.people import audit
from bot.surveys.survey_rows import local_today
from models import Employee, JourneyPause, Workspace
from models.database import insert_into

THIS_WEEK: Final = timedelta(days=7)
LATELY: Final = timedelta(days=30)
"""How long after somebody joined Slack HR is asked for their first day."""
NO_PERSON: Final = marked("This person is no active member of the workspace.")


@dataclass(frozen=True)
class Walk:
    """A person on a journey, with their steps."""

    employee_id: str
    is_paused: bool
    steps: tuple[Step, ...]
    """In the order of their days."""
    today: date

    @property
    def coming(self) -> tuple[Step, ...]:
        """The milestones that are still to come."""
        return tuple(each for each in self.steps if not each.is_passed and self.today < each.until)


@dataclass(frozen=True)
class Arrival:
    """A person who joined Slack lately, and whose first day nobody has given."""

    employee_id: str
    seen_on: date


@dataclass(frozen=True)
class Overview:
    """What `/journey` shows."""

    today: date
    """In the workspace's zone."""
    milestones: tuple[MilestoneLine, ...]
    """Empty if journeys have not been started."""
    walks: tuple[Walk, ...]
    """Those with a milestone to come, by its day."""
    arrivals: tuple[Arrival, ...]
    k: int

    def this_week(self) -> list[tuple[Step, Walk]]:
        """Return what goes out within seven days, by day."""
        until = self.today + THIS_WEEK
        found = [
            (step, walk)
            for walk in self.walks
            if not walk.is_paused
            for step in walk.coming
            if step.on < until
        ]
        return sorted(found, key=lambda each: (each[0].on, each[1].employee_id))


@dataclass(frozen=True)
class Dates:
    """The dates that begin a person's journeys."""

    hired_on: date | None = None
    leaves_on: date | None = None
    back_on: date | None = None


@dataclass(frozen=True)
class PersonView:
    """A person's dates and path, for HR."""

    employee_id: str
    dates: Dates
    walk: Walk


async def overview(session: AsyncSession, actor: Actor, now: datetime) -> Overview:
    """Return who is on which milestone, and what goes out this week."""
    await require_admin(session, actor)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    today = local_today(workspace, now)
    people = await travellers(session, actor.workspace_id, today)
    walks = [Walk(each.employee_id, each.is_paused, each.steps, today) for each in people.values()]
    lines = await milestone_lines(session, actor.workspace_id)
    return Overview(
        today,
        lines,
        tuple(
            sorted(
                (each for each in walks if each.coming),
                key=lambda walk: (walk.coming[0].on, walk.employee_id),
            )
        ),
        await _arrivals(session, actor.workspace_id, today) if lines else (),
        workspace.min_group_size,
    )


async def person_view(
    session: AsyncSession, actor: Actor, employee_id: str, now: datetime
) -> PersonView:
    """Return a person's dates and path; raise UserError for somebody who is no employee."""
    await require_admin(session, actor)
    person = await _employee(session, actor.workspace_id, employee_id)
    walk = await walk_of(session, actor.workspace_id, employee_id, now)
    dates = Dates(person.hired_on, person.leaves_on, person.back_on)
    is_paused = await session.get(JourneyPause, (actor.workspace_id, employee_id)) is not None
    nowhere = Walk(employee_id, is_paused, (), now.date())
    return PersonView(employee_id, dates, walk or nowhere)


async def walk_of(
    session: AsyncSession, workspace_id: str, employee_id: str, now: datetime
) -> Walk | None:
    """Return a person's own path, by their own calendar; None if they are on no journey."""
    found = await travellers(session, workspace_id, now.date(), [employee_id])
    person = found.get(employee_id)
    if person is None:
        return None
    today = person.calendar.local_day(now)
    return Walk(employee_id, person.is_paused, person.steps, today)


async def save_person(
    session: AsyncSession,
    actor: Actor,
    employee_id: str,
    dates: Dates,
    now: datetime,
    *,
    is_paused: bool,
) -> PersonView:
    """Store a person's dates, and whether their journeys are paused."""
    await require_admin(session, actor)
    person = await _employee(session, actor.workspace_id, employee_id)
    person.hired_on, person.leaves_on, person.back_on = (
        dates.hired_on,
        dates.leaves_on,
        dates.back_on,
    )
    of_person = {"workspace_id": actor.workspace_id, "employee_id": employee_id}
    if is_paused:
        pause = insert_into(session, JourneyPause).values(**of_person, paused_on=now.date())
        await session.execute(pause.on_conflict_do_nothing())
    else:
        await session.execute(delete(JourneyPause).filter_by(**of_person))
    await session.flush()
    audit.record(session, actor, "journeys.person_changed", subject=employee_id, now=now)
    return await person_view(session, actor, employee_id, now)


async def confirm_first_day(
    session: AsyncSession, actor: Actor, employee_id: str, now: datetime
) -> None:
    """Take the day on which somebody joined Slack as their first one."""
    await require_admin(session, actor)
    person = await _employee(session, actor.workspace_id, employee_id)
    if person.seen_on and _lacks_first_day(person.hired_on, person.seen_on):
        person.hired_on = person.seen_on
        audit.record(session, actor, "journeys.person_changed", subject=employee_id, now=now)


async def _employee(session: AsyncSession, workspace_id: str, employee_id: str) -> Employee:
    person = await session.get(Employee, (workspace_id, employee_id), populate_existing=True)
    if person is None or not person.active:
        raise UserError(_(NO_PERSON))
    return person


async def _arrivals(session: AsyncSession, workspace_id: str, today: date) -> tuple[Arrival, ...]:
    rows = await session.execute(
        select(Employee.id, Employee.hired_on, Employee.seen_on)
        .where(
            Employee.workspace_id == workspace_id,
            Employee.active.is_(True),
            Employee.seen_on > today - LATELY,
            or_(Employee.hired_on.is_(None), Employee.hired_on < Employee.seen_on),
        )
        .order_by(Employee.seen_on, Employee.id)
    )
    return tuple(
        Arrival(person, seen_on)
        for person, hired_on, seen_on in rows
        if seen_on and _lacks_first_day(hired_on, seen_on)
    )


def _lacks_first_day(hired_on: date | None, seen_on: date) -> bool:
    """Return True if a first day is missing, or is of an earlier employment."""
    return hired_on is None or seen_on - hired_on > CORRECTION
