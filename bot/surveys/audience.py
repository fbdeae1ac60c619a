"""The audience of a survey: all active employees, those of a channel or group, or chosen ones."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Employee, Survey

NEW_FOR: Final = timedelta(days=30)
"""How long an account is new; accounts that were there at the first sync never are."""


class AudienceKind(StrEnum):
    """The kinds of audience; the table stores the value."""

    EVERYONE = "everyone"
    CHANNEL = "channel"
    USERGROUP = "usergroup"
    TEAM = "team"
    CHOSEN = "chosen"
    """Those who match `Filters`."""
    MILESTONE = "milestone"
    """Whoever reaches a milestone of journeys that day."""


FETCHED = frozenset({AudienceKind.CHANNEL, AudienceKind.USERGROUP, AudienceKind.MILESTONE})
"""Audiences whose members this slice does not know: Slack does, or journeys."""


@dataclass(frozen=True)
class Filters:
    """Which employees are asked: those who match one value of each kind that has any."""

    teams: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    """Ids of managers: they, and all who report to them, directly or not."""
    joined_at_most: int | None = None
    """Months since joining, at most; people who join later and those of unknown date are left out.
    """
    joined_at_least: int | None = None
    """Months since joining, at least; people of unknown date are left out."""

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> "Filters":
        """Read what `stored` returned."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in (stored or {}).items()
        }
        return cls(**values)

    def stored(self) -> dict[str, Any] | None:
        """Return what is chosen, for a JSON column; None for nothing."""
        chosen = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value not in ((), None)
        }
        return chosen or None


ANYBODY = Filters()


@dataclass(frozen=True)
class Audience:
    """An audience as HR chose it; `ref` is a Slack id or a team's name, None for other kinds."""

    kind: AudienceKind
    ref: str | None = None
    filters: Filters = ANYBODY
    """Of the kind `chosen` only."""


@dataclass(frozen=True)
class Reach:
    """The employees of an audience and their zones."""

    ids: frozenset[str]
    zones: frozenset[str]

    @classmethod
    def of(cls, people: Collection[Employee]) -> "Reach":
        """Return the reach of these people."""
        return cls(frozenset(each.id for each in people), frozenset(each.tz for each in people))

    @property
    def people(self) -> int:
        """The number of people."""
        return len(self.ids)


def least_people(kind: AudienceKind, k: int, *, anonymous: bool) -> int:
    """Return the least number of people that a survey must ask.

    An anonymous survey of everybody needs more than k: shown figures of k people would tell that
    each of them answered. One of chosen people needs 2k, because half of them may collude. At a
    milestone answers wait for those of others.
    """
    if not anonymous or kind is AudienceKind.MILESTONE:
        return 1
    return k + 1 if kind is AudienceKind.EVERYONE else 2 * k


def audience_of(survey: Survey) -> Audience:
    """Return a survey's audience."""
    filters = Filters.of(survey.audience_filter)
    return Audience(AudienceKind(survey.audience), survey.audience_ref, filters)


async def invited_people(
    session: AsyncSession, survey: Survey, members: Collection[str] | None
) -> list[Employee]:
    """Return the active employees of a survey's audience, in the order of their ids.

    `members` are the Slack ids in the channel or user group, from `fetch_members`, or of those who
    reach the milestone; everyone and teams don't need it. Raises ValueError if it is needed and
    missing.
    """
    audience = audience_of(survey)
    kept = _kept(audience, members)
    conditions = _conditions(survey.workspace_id, audience, _day_of(survey))
    people = await session.scalars(select(Employee).where(*conditions).order_by(Employee.id))
    return [person for person in people if kept is None or person.id in kept]


async def measure(
    session: AsyncSession,
    workspace_id: str,
    audience: Audience,
    members: Collection[str] | None,
    day: date,
) -> Reach:
    """Return an audience's people and zones on a day; `members` as in `invited_people`."""
    kept = _kept(audience, members)
    rows = await session.execute(
        select(Employee.id, Employee.tz).where(*_conditions(workspace_id, audience, day))
    )
    zones = {id_: tz for id_, tz in rows if kept is None or id_ in kept}
    return Reach(frozenset(zones), frozenset(zones.values()))


async def zones_of(session: AsyncSession, survey: Survey) -> frozenset[str]:
    """Return the zones of a survey's audience without asking Slack.

    For a channel or user group these are all zones of the workspace. Its wave may open early, but
    people are still asked at their own time.
    """
    audience = audience_of(survey)
    conditions = _conditions(survey.workspace_id, audience, _day_of(survey))
    return frozenset(await session.scalars(select(Employee.tz).where(*conditions).distinct()))


def _kept(audience: Audience, members: Collection[str] | None) -> frozenset[str] | None:
    if audience.kind not in FETCHED:
        return None
    if members is None:
        raise ValueError(f"the members of the {audience.kind} were not fetched")
    return frozenset(members)


def _day_of(survey: Survey) -> date:
    """Return the day on which the time since joining counts: that of the next wave."""
    return survey.next_on or survey.starts_on


def _conditions(workspace_id: str, audience: Audience, day: date) -> list[ColumnElement[bool]]:
    conditions = [
        Employee.workspace_id == workspace_id,
        Employee.active.is_(True),
        ~_begins(day),
    ]
    if audience.kind is AudienceKind.TEAM:
        conditions.append(Employee.team == audience.ref)
    if audience.kind is AudienceKind.CHOSEN:
        conditions += _matching(workspace_id, audience.filters, day)
    return conditions


def _begins(day: date) -> ColumnElement[bool]:
    """Return the condition for newcomers on their first day or before: it has no question.

    HR sets the first day, and could leave out whom it likes by moving it. When an account appeared
    is Slack's to say, so that only accounts that are new count.
    """
    is_new = and_(Employee.seen_on.is_not(None), Employee.seen_on >= day - NEW_FOR)
    return and_(Employee.hired_on.is_not(None), Employee.hired_on >= day, is_new)


def _matching(workspace_id: str, filters: Filters, day: date) -> list[ColumnElement[bool]]:
    places = (
        (Employee.team, filters.teams),
        (Employee.department, filters.departments),
        (Employee.location, filters.locations),
    )
    conditions: list[ColumnElement[bool]] = [
        column.in_(values) for column, values in places if values
    ]
    if filters.managers:
        conditions.append(Employee.id.in_(_below(workspace_id, filters.managers)))
    joined_on = func.coalesce(Employee.hired_on, Employee.seen_on)
    if filters.joined_at_most is not None:
        conditions.append(joined_on.between(months_before(day, filters.joined_at_most), day))
    if filters.joined_at_least is not None:
        conditions.append(joined_on <= months_before(day, filters.joined_at_least))
    return conditions


def _below(workspace_id: str, managers: Collection[str]) -> Select[tuple[str]]:
    """Select the ids of managers and of all below them.

    UNION leaves out rows that it has, so two people who manage each other end it. Managers who left
    are passed through, known or not: those below them still belong to the tree.
    """
    tree = (
        select(Employee.id)
        .where(
            Employee.workspace_id == workspace_id,
            or_(Employee.id.in_(managers), Employee.manager_id.in_(managers)),
        )
        .cte("tree", recursive=True)
    )
    below = select(Employee.id).where(
        Employee.workspace_id == workspace_id, Employee.manager_id == tree.c.id
    )
    return select(tree.union(below).c.id)


def months_before(day: date, months: int) -> date:
    """Return the date some months earlier, at the latest the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
