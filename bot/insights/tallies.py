"""Figures of calendar months: once a month, after it has ended, a subject's rows become numbers.

A slice describes its subject: its categories, and how to read a month's rows. The job
(`scheduler/tallies.py`) reads them, computes in a thread, and stores what the disclosure gate
allows. Only stored figures are ever shown. `bot.insights.pure.monthly_figures` says what they are,
and how they resist somebody who looks for one person.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.monthly_figures import (
    HOURS,
    PEOPLE,
    MonthFigure,
    MonthSource,
    Row,
)
from bot.insights.pure.months import Month, months_to_tally
from bot.insights.pure.resolution import SHARE_RESOLUTION, Resolution, share_resolution
from bot.insights.wave_results import PublishedNumber
from bot.people.pure.counted_teams import Place
from models import Employee, MonthlyFigure, Workspace
from models.database import insert_into

ReadRows = Callable[[AsyncSession, str, Month], Awaitable[Sequence[Row]]]
Forget = Callable[[AsyncSession, str, Month], Awaitable[None]]


A_THIRD: Final = 1 / 3
"""The share of a group's people from which on a category can stand out."""


@dataclass(frozen=True)
class Problem:
    """What HR can improve if a category stands out."""

    label: str
    driver: str
    """The product that serves it takes the item."""


@dataclass(frozen=True)
class Subject:
    """Something that is counted by month."""

    name: str
    """Stored with each figure; at most 24 characters."""
    categories: tuple[str, ...]
    """All categories that a row may have, at most 40 characters each. The last one's share is what
    the others leave."""
    read: ReadRows
    """Returns a workspace's rows of a month; no row belongs to two months."""
    forget: Forget | None = None
    """Deletes what was kept for the month's figures only, in the transaction that stores them."""
    forgets: tuple[str, ...] = ()
    """The tables that it deletes from."""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    """What becomes an item of `/improve` if it stands out, by category."""
    problem: str = "{}"
    """The item's words; the problem's label goes in."""


@dataclass(frozen=True)
class MedianTime:
    """A median in hours with its interval of 95 %."""

    n: int
    hours: float
    low: float
    high: float


@dataclass(frozen=True)
class MonthResults:
    """What is known of a subject in a month, for everybody or a team."""

    month: date
    team: str
    """Empty for everybody; names of merged teams are joined."""
    people: int
    """In steps of k; 0 if there were too few."""
    shares: dict[str, PublishedNumber] = field(default_factory=dict)
    """By category; empty if the group is too small."""
    time: MedianTime | None = None
    made_at: datetime | None = None
    """When these figures were computed."""
    resolution: Resolution = SHARE_RESOLUTION
    """How finely the shares may be shown."""

    def stands_out(self) -> str | None:
        """Return the category of at least a third of the people, and clearly of most; or None.

        Clearly: by more than one step of the published shares.
        """
        found = sorted(((each.value, name) for name, each in self.shares.items()), reverse=True)
        if not found or found[0][0] < A_THIRD:
            return None
        second = found[1][0] if len(found) > 1 else 0.0
        apart = found[0][0] - second > self.resolution.step(self.people)
        return found[0][1] if apart else None


async def months_due(
    session: AsyncSession, subjects: Sequence[Subject], now: datetime
) -> list[tuple[str, str, Month]]:
    """Return workspace, subject and month of what has ended and is not tallied yet."""
    last = await session.execute(
        select(
            MonthlyFigure.workspace_id, MonthlyFigure.subject, func.max(MonthlyFigure.month)
        ).group_by(MonthlyFigure.workspace_id, MonthlyFigure.subject)
    )
    tallied = {(workspace, subject): month for workspace, subject, month in last}
    workspaces = await session.execute(
        select(Workspace.id, Workspace.tz)
        .where(Workspace.uninstalled_at.is_(None))
        .order_by(Workspace.id)
    )
    return [
        (workspace, subject.name, month)
        for workspace, tz in workspaces
        for subject in subjects
        for month in months_to_tally(tallied.get((workspace, subject.name)), now, tz)
    ]


async def read_month(
    session: AsyncSession, workspace_id: str, subject: Subject, month: Month
) -> MonthSource:
    """Read what a month's figures are computed from."""
    workspace = await session.get_one(Workspace, workspace_id)
    people = await session.execute(
        select(
            Employee.id, Employee.team, Employee.counted_team, Employee.counted_team_until
        ).where(Employee.workspace_id == workspace_id)
    )
    return MonthSource(
        k=workspace.min_group_size,
        secret=workspace.figure_secret.encode(),
        categories=subject.categories,
        rows=await subject.read(session, workspace_id, month),
        teams={
            id_: Place(team, counted, until).on(month.last_day)
            for id_, team, counted, until in people
        },
    )


async def store_month(
    session: AsyncSession,
    workspace_id: str,
    subject: Subject,
    month: Month,
    figures: Sequence[MonthFigure],
    now: datetime,
) -> bool:
    """Store a month's figures; False if the month is tallied already."""
    place = {"workspace_id": workspace_id, "subject": subject.name, "month": month.first_day}
    total, *others = ({**place, **vars(each), "made_at": now} for each in figures)
    stored = await session.execute(
        insert_into(session, MonthlyFigure)
        .values(total)
        .on_conflict_do_nothing()
        .returning(MonthlyFigure.n)
    )
    if stored.first() is None:
        return False
    if others:
        await session.execute(insert(MonthlyFigure), others)
    if subject.forget:
        await subject.forget(session, workspace_id, month)
    return True


async def month_results(
    session: AsyncSession, workspace_id: str, subject: str, *, months: int = 1
) -> list[MonthResults]:
    """Return the latest months of a subject, the newest first: everybody, then teams by name.

    Empty until a month is tallied. A month in which too few people had anything has 0 `people`.
    """
    of_subject = (MonthlyFigure.workspace_id == workspace_id, MonthlyFigure.subject == subject)
    latest = (
        select(MonthlyFigure.month)
        .where(*of_subject)
        .distinct()
        .order_by(MonthlyFigure.month.desc())
        .limit(months)
    )
    rows = await session.scalars(
        select(MonthlyFigure).where(*of_subject, MonthlyFigure.month.in_(latest))
    )
    workspace = await session.get_one(Workspace, workspace_id)
    resolution = share_resolution(workspace.min_group_size)
    cells: dict[tuple[date, str], list[MonthlyFigure]] = {}
    for row in rows:
        cells.setdefault((row.month, row.segment_ref), []).append(row)
    found = [_results(month, team, figures, resolution) for (month, team), figures in cells.items()]
    found.sort(key=lambda each: each.team.casefold())
    return sorted(found, key=lambda each: each.month, reverse=True)


def _results(
    month: date, team: str, figures: Sequence[MonthlyFigure], resolution: Resolution
) -> MonthResults:
    shares = {
        each.measure: PublishedNumber.of(each.value, each.n, resolution)
        for each in figures
        if each.measure not in (PEOPLE, HOURS) and each.value is not None
    }
    return MonthResults(
        month,
        team,
        max(each.n for each in figures),
        shares,
        next((_time(each) for each in figures if each.measure == HOURS), None),
        figures[0].made_at,
        resolution,
    )


def _time(figure: MonthlyFigure) -> MedianTime:
    return MedianTime(figure.n, figure.value or 0.0, figure.low or 0.0, figure.high or 0.0)
