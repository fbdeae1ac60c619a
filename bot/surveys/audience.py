"""The audience of a survey: all active employees, or those of a channel, group or team."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Employee, Survey


class AudienceKind(StrEnum):
    """The kinds of audience; the table stores the value."""

    EVERYONE = "everyone"
    CHANNEL = "channel"
    USERGROUP = "usergroup"
    TEAM = "team"
    MILESTONE = "milestone"
    """Whoever reaches a milestone of journeys that day."""


FETCHED = frozenset({AudienceKind.CHANNEL, AudienceKind.USERGROUP, AudienceKind.MILESTONE})
"""Audiences whose members this slice does not know: Slack does, or journeys."""


@dataclass(frozen=True)
class Audience:
    """An audience as HR chose it; `ref` is a Slack id or a team's name, None for everyone."""

    kind: AudienceKind
    ref: str | None = None


@dataclass(frozen=True)
class Reach:
    """The employees of an audience and their zones."""

    ids: frozenset[str]
    zones: frozenset[str]

    @property
    def people(self) -> int:
        """The number of people."""
        return len(self.ids)


def least_people(kind: AudienceKind, k: int, *, anonymous: bool) -> int:
    """Return the least number of people that a survey must ask.

    An anonymous survey of chosen people needs 2k, because half of them may collude. At a milestone
    answers wait for those of others.
    """
    if not anonymous or kind is AudienceKind.MILESTONE:
        return 1
    return k if kind is AudienceKind.EVERYONE else 2 * k


def audience_of(survey: Survey) -> Audience:
    """Return a survey's audience."""
    return Audience(AudienceKind(survey.audience), survey.audience_ref)


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
    conditions = _conditions(survey.workspace_id, audience)
    people = await session.scalars(select(Employee).where(*conditions).order_by(Employee.id))
    return [person for person in people if kept is None or person.id in kept]


async def measure(
    session: AsyncSession, workspace_id: str, audience: Audience, members: Collection[str] | None
) -> Reach:
    """Return an audience's people and zones; `members` as in `invited_people`."""
    kept = _kept(audience, members)
    rows = await session.execute(
        select(Employee.id, Employee.tz).where(*_conditions(workspace_id, audience))
    )
    zones = {id_: tz for id_, tz in rows if kept is None or id_ in kept}
    return Reach(frozenset(zones), frozenset(zones.values()))


async def zones_of(session: AsyncSession, survey: Survey) -> frozenset[str]:
    """Return the zones of a survey's audience without asking Slack.

    For a channel or user group these are all zones of the workspace. Its wave may open early, but
    people are still asked at their own time.
    """
    audience = audience_of(survey)
    conditions = _conditions(survey.workspace_id, audience)
    return frozenset(await session.scalars(select(Employee.tz).where(*conditions).distinct()))


def _kept(audience: Audience, members: Collection[str] | None) -> frozenset[str] | None:
    if audience.kind not in FETCHED:
        return None
    if members is None:
        raise ValueError(f"the members of the {audience.kind} were not fetched")
    return frozenset(members)


def _conditions(workspace_id: str, audience: Audience) -> list[ColumnElement[bool]]:
    conditions = [Employee.workspace_id == workspace_id, Employee.active.is_(True)]
    if audience.kind is AudienceKind.TEAM:
        conditions.append(Employee.team == audience.ref)
    return conditions
