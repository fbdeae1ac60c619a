"""Pages of looks at figures, read from the audit entries by index, however many there are.

Looks are grouped by day. A page starts where the previous one ended, so nothing counts all looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers.monthly import REPORTED
from bot.goals.monthly import WITH_GOALS
from bot.insights.export.service import EXPORTED
from bot.knowledge.monthly import QUESTIONS
from bot.languages import marked
from bot.learning.monthly import GOT_TIME
from bot.mentoring.programme.overview import MENTORING
from bot.voice.inbox import VIEWED
from models import AuditEntry, Survey, Wave

LOOKS_ON_A_PAGE: Final = 25
WRITTEN_TO_HR: Final = marked("what people wrote to HR")
ALL_FIGURES: Final = marked("all published figures, in a file")
SEEN: Final = {
    "figures.viewed": marked("figures"),
    "participation.viewed": marked("participation"),
    "answers.viewed": marked("answers by person"),
    "comments.viewed": marked("comments"),
    VIEWED: WRITTEN_TO_HR,
    EXPORTED: ALL_FIGURES,
}
"""Audit actions that are looks, and what was looked at."""
_LOOKS: Final = tuple(SEEN)
OF_NO_SURVEY: Final = {
    MENTORING: marked("mentoring"),
    REPORTED.name: marked("blockers"),
    WITH_GOALS.name: marked("goals"),
    GOT_TIME.name: marked("learning time"),
    QUESTIONS.name: marked("questions to colleagues"),
}
"""Subjects of looks at other figures than a survey's, in words."""


@dataclass(frozen=True)
class Look:
    """One thing that one person looked at on one day."""

    day: date
    """In the workspace's zone."""
    person_id: str
    as_manager: bool
    """True if they saw only their own team's figures."""
    seen: str
    survey_name: str | None
    """None if the survey is gone."""
    held_on: date | None
    """None if it belongs to no single wave."""
    times: int
    of: str | None = None
    """What the figures are about if they belong to no survey, such as `mentoring`."""


@dataclass(frozen=True)
class PageStart:
    """The start of a page: a day, and the number of its looks to skip."""

    day: date
    skipped: int = 0


@dataclass(frozen=True)
class LookPage:
    """One page of looks, latest day first, and the starts of the pages before and after it."""

    looks: tuple[Look, ...]
    newer: PageStart | None
    older: PageStart | None


@dataclass(frozen=True)
class LookReader:
    """Reads the looks in a workspace since a moment."""

    session: AsyncSession
    workspace_id: str
    zone: ZoneInfo
    since: datetime

    async def page(self, start: PageStart | None) -> LookPage:
        """Return the page that begins at `start`; None is the first page."""
        position = start or await self._last_day(None)
        found: list[tuple[PageStart, Any]] = []
        while position and len(found) <= LOOKS_ON_A_PAGE:
            rows = await self._looks_of(position, LOOKS_ON_A_PAGE + 1 - len(found))
            found += [
                (PageStart(position.day, position.skipped + number), row)
                for number, row in enumerate(rows)
            ]
            position = await self._last_day(position.day)
        older = found[LOOKS_ON_A_PAGE][0] if len(found) > LOOKS_ON_A_PAGE else None
        newer = await self._page_before(start) if start else None
        return LookPage(tuple(await self._with_names(found[:LOOKS_ON_A_PAGE])), newer, older)

    async def in_all(self) -> list[Look]:
        """Return what each person looked at, with all their times; `day` is the latest."""
        latest = func.max(AuditEntry.at).label("latest")
        rows = await self.session.execute(
            self._looks().add_columns(func.count().label("times"), latest)
        )
        return await self._with_names(
            (PageStart(row.latest.astimezone(self.zone).date()), row) for row in rows
        )

    async def _page_before(self, start: PageStart) -> PageStart | None:
        """Return the start of the page that ends before `start`, or None."""
        position, missing = start, LOOKS_ON_A_PAGE
        while position.skipped < missing:
            missing -= position.skipped
            day = await self._next_day(position.day)
            if day is None:
                is_first = position == start and not start.skipped
                return None if is_first else PageStart(position.day)
            looks = self._of_day(day).subquery()
            count = await self.session.scalar(select(func.count()).select_from(looks))
            position = PageStart(day, count or 0)
        return PageStart(position.day, position.skipped - missing)

    async def _looks_of(self, position: PageStart, limit: int) -> Sequence[Any]:
        """Return up to `limit` looks of a day, latest first, each with its number of times."""
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
        return self._looks().where(AuditEntry.at >= midnight, AuditEntry.at < next_midnight)

    def _looks(self) -> Select[Any]:
        seen_as = AuditEntry.detail["as"].as_string().label("seen_as")
        what = (AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject)
        return (
            select(*what, seen_as)
            .where(self._is_recent(), AuditEntry.action.in_(_LOOKS))
            # By name: the expression has a parameter, and PostgreSQL would treat two as different.
            .group_by(*what, "seen_as")
        )

    async def _last_day(self, before: date | None) -> PageStart | None:
        """Return the start of the last day with looks, before a day if one is given."""
        if before is None:
            return await self._day_with(func.max)
        midnight = datetime.combine(before, time(), self.zone).astimezone(UTC)
        return await self._day_with(func.max, AuditEntry.at < midnight)

    async def _next_day(self, after: date) -> date | None:
        midnight = datetime.combine(after + timedelta(days=1), time(), self.zone).astimezone(UTC)
        found = await self._day_with(func.min, AuditEntry.at >= midnight)
        return found.day if found else None

    async def _day_with(self, extreme: Any, *conditions: ColumnElement[bool]) -> PageStart | None:
        """Return the first or last day with looks; a query per action can use the index."""
        of_each = [
            select(extreme(AuditEntry.at).label("at")).where(
                self._is_recent(), AuditEntry.action == action, *conditions
            )
            for action in _LOOKS
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

    async def _with_names(self, found: Iterable[tuple[PageStart, Any]]) -> list[Look]:
        """Return the rows as looks, with the surveys' names."""
        rows = list(found)
        subjects = {row.subject for _position, row in rows}
        words = [(SEEN[row.action], OF_NO_SURVEY.get(row.subject)) for _position, row in rows]
        waves = await self.session.execute(
            select(Wave.id, Survey.name, Wave.held_on)
            .join(
                Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id)
            )
            .where(Wave.workspace_id == self.workspace_id, Wave.id.in_(subjects))
        )
        # Figures belong to a wave, comments to a survey.
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
                seen,
                *name_of.get(row.subject, (None, None)),
                row.times,
                of,
            )
            for (position, row), (seen, of) in zip(rows, words, strict=True)
        ]
