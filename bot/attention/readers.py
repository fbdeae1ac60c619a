"""What the planner knows of people: their calendars, budgets, and the days with a message."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.attention.pure.away import UNTIL_CLEARED
from bot.attention.pure.calendars import Calendar
from bot.attention.pure.countries import country_at
from bot.attention.pure.planner import Budget, Reader
from bot.attention.pure.zones import zone_of
from models import AttentionPreference, Employee, Interruption, Workspace

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
MEMORY: Final = timedelta(weeks=5)
"""How far back days with a message matter: the longest budget counts four weeks."""


@dataclass(frozen=True)
class Preference:
    """What a person has chosen, over what their workspace has; `AttentionPreference` explains."""

    working_days: tuple[int, ...] = ()
    work_starts: time = time(9)
    work_ends: time = time(17)
    days_a_week: int = 2
    own_days: int | None = None
    """What the person chose for `days_a_week`; empty if they take what is usual."""
    every_weeks: int = 1
    paused_until: date | None = None
    locale: str | None = None
    reminders: bool = True
    team_talks: bool = True

    @property
    def budget(self) -> Budget:
        """The most days with a message."""
        return Budget(self.days_a_week if self.every_weeks == 1 else 1, self.every_weeks)


def preference_of(workspace: Workspace, chosen: AttentionPreference | None) -> Preference:
    """Return what holds for a person of a workspace; HR's budget is the most that anybody gets."""
    usual = Preference(
        work_starts=workspace.work_starts,
        work_ends=workspace.work_ends,
        days_a_week=workspace.days_a_week,
    )
    if chosen is None:
        return usual
    return Preference(
        working_days=tuple(chosen.working_days),
        work_starts=chosen.work_starts or usual.work_starts,
        work_ends=chosen.work_ends or usual.work_ends,
        days_a_week=min(chosen.days_a_week or usual.days_a_week, usual.days_a_week),
        own_days=chosen.days_a_week,
        every_weeks=chosen.every_weeks,
        paused_until=chosen.paused_until,
        locale=chosen.locale,
        reminders=chosen.reminders,
        team_talks=chosen.team_talks,
    )


def usual_calendar(employee: Employee, preference: Preference) -> Calendar:
    """Return when an employee works, absences aside."""
    return Calendar(
        employee.tz,
        country_at(employee.location),
        working_days=frozenset(preference.working_days),
        starts=preference.work_starts,
        ends=preference.work_ends,
    )


def calendar_for(employee: Employee, preference: Preference) -> Calendar:
    """Return when an employee works and is there."""
    usual = usual_calendar(employee, preference)
    return replace(usual, absences=tuple(_absences(employee, preference)))


async def usual_calendars(
    session: AsyncSession, workspace_id: str, employees: Iterable[Employee]
) -> set[Calendar]:
    """Return the different working hours of these employees, absences aside."""
    workspace = await session.get_one(Workspace, workspace_id)
    chosen = await session.scalars(
        select(AttentionPreference).where(AttentionPreference.workspace_id == workspace_id)
    )
    preferences = {each.employee_id: preference_of(workspace, each) for each in chosen}
    usual = preference_of(workspace, None)
    return {usual_calendar(each, preferences.get(each.id, usual)) for each in employees}


async def read_readers(
    session: AsyncSession, workspace_id: str, people: Collection[str], now: datetime
) -> dict[str, Reader]:
    """Return those of `people` who are employees, by id."""
    calendars = await calendars_by_person(session, workspace_id, people)
    written_on: dict[str, set[date]] = {}
    days = await session.execute(
        select(Interruption.employee_id, Interruption.day).where(
            Interruption.workspace_id == workspace_id,
            Interruption.employee_id.in_(calendars),
            Interruption.day >= (now - MEMORY).date(),
        )
    )
    for person, day in days:
        written_on.setdefault(person, set()).add(day)
    return {
        person: Reader(
            calendar,
            preference.budget,
            frozenset(written_on.get(person, ())),
            preference.reminders,
        )
        for person, (calendar, preference) in calendars.items()
    }


async def calendars_by_person(
    session: AsyncSession, workspace_id: str, people: Collection[str]
) -> dict[str, tuple[Calendar, Preference]]:
    """Return calendar and preference of those of `people` who are employees, by id."""
    workspace = await session.get_one(Workspace, workspace_id)
    rows = await session.execute(
        select(Employee, AttentionPreference)
        .outerjoin(
            AttentionPreference,
            and_(
                AttentionPreference.workspace_id == Employee.workspace_id,
                AttentionPreference.employee_id == Employee.id,
            ),
        )
        .where(
            Employee.workspace_id == workspace_id,
            Employee.id.in_(people),
            Employee.active.is_(True),
        )
        .execution_options(populate_existing=True)
    )
    found = {}
    for employee, chosen in rows:
        preference = preference_of(workspace, chosen)
        found[employee.id] = calendar_for(employee, preference), preference
    return found


def is_absent(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an employee is away or has paused Attune."""
    today = now.date()
    # An alias: the statement around it may join the same table.
    chosen = aliased(AttentionPreference)
    has_paused = (
        select(chosen.employee_id)
        .where(
            chosen.workspace_id == Employee.workspace_id,
            chosen.employee_id == Employee.id,
            chosen.paused_until > today,
        )
        .exists()
    )
    return or_(
        func.coalesce(Employee.away_until > now, false()),
        and_(
            func.coalesce(Employee.absent_from <= today, false()),
            or_(Employee.absent_until.is_(None), Employee.absent_until >= today),
        ),
        has_paused,
    )


def _absences(employee: Employee, preference: Preference) -> Iterable[tuple[datetime, datetime]]:
    """Yield the times in which a person is away, not to be disturbed, or paused."""
    for until in (employee.away_until, employee.quiet_until):
        if until:
            yield LONG_AGO, until
    zone = zone_of(employee.tz)
    if employee.absent_from:
        begin, end = datetime.combine(employee.absent_from, time(), zone), UNTIL_CLEARED
        if employee.absent_until:
            end = datetime.combine(employee.absent_until + timedelta(days=1), time(), zone)
        yield begin.astimezone(UTC), end.astimezone(UTC)
    if preference.paused_until:
        yield LONG_AGO, datetime.combine(preference.paused_until, time(), zone).astimezone(UTC)
