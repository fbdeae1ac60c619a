"""Pages of who looked at figures, read from the record by its index, however long that is.

Looks are told by day, and a page goes on where the one before it ended: nothing counts them all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.programme.overview import MENTORING
from models import AuditEntry, Survey, Wave

ON_A_PAGE: Final = 25
SEEN: Final = {
    "figures.viewed": "figures",
    "participation.viewed": "participation",
    "answers.viewed": "answers by person",
    "comments.viewed": "comments",
}
"""Looks by the action that is written down, and what was looked at."""


@dataclass(frozen=True)
class Look:
    """What one person looked at on one day."""

    day: date
    """In the workspace's zone."""
    person_id: str
    as_manager: bool
    """They saw their own team's figures only."""
    seen: str
    survey_name: str | None
    """Empty where the survey is gone."""
    held_on: date | None
    """Empty for what belongs to no single wave."""
    times: int
    of_mentoring: bool = False
    """Whether these were the figures of the mentoring programme, and of no survey."""


@dataclass(frozen=True)
class PageStart:
    """Where a page begins: on this day, after `skipped` of its looks."""

    day: date
    skipped: int = 0


@dataclass(frozen=True)
class Page:
    """Looks, the latest day first, and where the pages beside it begin, if there are any."""

    looks: tuple[Look, ...]
    newer: PageStart | None
    older: PageStart | None


@dataclass(frozen=True)
class Reader:
    """Reads the looks of a workspace since a moment."""

    session: AsyncSession
    workspace_id: str
    zone: ZoneInfo
    since: datetime

    async def page(self, start: PageStart | None) -> Page:
        """Return the page that begins at `start`; the first one for None."""
        position = start or await self._latest(None)
        found: list[tuple[PageStart, Any]] = []
        while position and len(found) <= ON_A_PAGE:
            rows = await self._looks(position, ON_A_PAGE + 1 - len(found))
            found += [
                (PageStart(position.day, position.skipped + number), row)
                for number, row in enumerate(rows)
            ]
            position = await self._latest(position.day)
        older = found[ON_A_PAGE][0] if len(found) > ON_A_PAGE else None
        newer = await self._page_before(start) if start else None
        return Page(tuple(await self._named(found[:ON_A_PAGE])), newer, older)

    async def _page_before(self, start: PageStart) -> PageStart | None:
        """Return where the page begins that ends before `start`."""
        position, missing = start, ON_A_PAGE
        while position.skipped < missing:
            missing -= position.skipped
            day = await self._next_day(position.day)
            if day is None:
                return None if position == start and not start.skipped else PageStart(position.day)
            looks = self._of_day(day).subquery()
            count = await self.session.scalar(select(func.count()).select_from(looks))
            position = PageStart(day, count or 0)
        return PageStart(position.day, position.skipped - missing)

    async def _looks(self, position: PageStart, limit: int) -> Sequence[Any]:
        """Return some looks of a day: each with how often, the latest first."""
        latest = func.max(AuditEntry.at)
        looks = (
            self._of_day(position.day)
            .add_columns(func.count().label("times"))
            .order_by(latest.desc(), AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject)
            .offset(position.skipped)
            .limit(limit)
        )
        return (await self.session.execute(looks)).all()

    def _of_day(self, day: date) -> Select[Any]:
        midnight, next_midnight = (
            datetime.combine(each, time(), self.zone).astimezone(UTC)
            for each in (day, day + timedelta(days=1))
        )
        seen_as = AuditEntry.detail["as"].as_string().label("seen_as")
        what = (AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject)
        return (
            select(*what, seen_as)
            .where(
                self._is_recent(),
                AuditEntry.action.in_(SEEN),
                AuditEntry.at >= midnight,
                AuditEntry.at < next_midnight,
            )
            # By its name: the expression holds a parameter, and PostgreSQL takes two for different.
            .group_by(*what, "seen_as")
        )

    async def _latest(self, before: date | None) -> PageStart | None:
        """Return the start of the last day with looks, of those before a day."""
        if before is None:
            return await self._day_with(func.max)
        midnight = datetime.combine(before, time(), self.zone).astimezone(UTC)
        return await self._day_with(func.max, AuditEntry.at < midnight)

    async def _next_day(self, after: date) -> date | None:
        midnight = datetime.combine(after + timedelta(days=1), time(), self.zone).astimezone(UTC)
        found = await self._day_with(func.min, AuditEntry.at >= midnight)
        return found.day if found else None

    async def _day_with(self, extreme: Any, *conditions: ColumnElement[bool]) -> PageStart | None:
        """Return the first or last day with looks; the index has each action's by itself."""
        of_each = [
            select(extreme(AuditEntry.at).label("at")).where(
                self._is_recent(), AuditEntry.action == action, *conditions
            )
            for action in SEEN
        ]
        every = union_all(*of_each).subquery()
        moment = await self.session.scalar(select(extreme(every.c.at)))
        return PageStart(moment.astimezone(self.zone).date()) if moment else None

    def _is_recent(self) -> ColumnElement[bool]:
        return and_(
            AuditEntry.workspace_id == self.workspace_id,
            AuditEntry.at >= self.since,
            AuditEntry.actor_id.is_not(None),
        )

    async def _named(self, found: Iterable[tuple[PageStart, Any]]) -> list[Look]:
        """Turn rows into looks, with the surveys' names."""
        rows = list(found)
        subjects = {row.subject for _, row in rows}
        waves = await self.session.execute(
            select(Wave.id, Survey.name, Wave.held_on)
            .join(
                Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id)
            )
            .where(Wave.workspace_id == self.workspace_id, Wave.id.in_(subjects))
        )
        # Figures are of a wave, comments of a survey's waves together.
        surveys = await self.session.execute(
            select(Survey.id, Survey.name).where(
                Survey.workspace_id == self.workspace_id, Survey.id.in_(subjects)
            )
        )
        name_of: dict[str | None, tuple[str | None, date | None]] = {
            id_: (name, None) for id_, name in surveys
        }
        name_of |= {id_: (name, held_on) for id_, name, held_on in waves}
        return [
            Look(
                position.day,
                row.actor_id,
                row.seen_as == "manager",
                SEEN[row.action],
                *name_of.get(row.subject, (None, None)),
                row.times,
                row.subject == MENTORING,
            )
            for position, row in rows
        ]
