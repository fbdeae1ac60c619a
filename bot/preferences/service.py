"""A person chooses when and how often Attune writes to them; HR chooses the most for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention import planning
from bot.attention.pure.calendars import working_weekdays
from bot.attention.pure.zones import zone_of
from bot.attention.readers import Preference, preference_of, usual_calendar
from bot.errors import UserError
from bot.languages import LANGUAGES, SOURCE, _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from models import AttentionPreference, Employee, Workspace

CHANGED: Final = "attention.changed"
"""Its name in the audit table; the detail has `before` and `after`."""
NOT_AN_EMPLOYEE: Final = marked(
    "Attune writes to employees of this workspace only, so there is nothing to set."
)


@dataclass(frozen=True)
class Usual:
    """What holds for everybody who has not chosen otherwise."""

    days_a_week: int
    work_starts: time
    work_ends: time
    language: str = SOURCE
    """Of what is posted to channels."""


@dataclass(frozen=True)
class Standing:
    """What a person has chosen, what is usual, and what follows."""

    chosen: Preference
    usual: Usual
    weekdays: frozenset[int]
    """On which Attune may write; 0 is Monday."""
    today: date
    """The person's own date."""
    may_set_usual: bool
    """True for HR's admins."""
    leads: bool = False
    """True if anybody reports to them, so that there may be help for team talks."""


async def standing_of(session: AsyncSession, actor: Actor, now: datetime) -> Standing:
    """Return what holds for a person; raise UserError for anybody but employees."""
    employee = await _employee(session, actor)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    row = await session.get(
        AttentionPreference, (actor.workspace_id, actor.user_id), populate_existing=True
    )
    chosen = preference_of(workspace, row)
    return Standing(
        chosen,
        _usual_of(workspace),
        usual_calendar(employee, chosen).weekdays(),
        now.astimezone(zone_of(employee.tz)).date(),
        await roles.holds(session, actor, Role.ADMIN),
        await _leads(session, actor),
    )


async def save(session: AsyncSession, actor: Actor, chosen: Preference, now: datetime) -> None:
    """Store a person's choice; what is as usual follows later changes of the usual.

    Messages that wait are looked at again at once.
    """
    employee = await _employee(session, actor)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    usual = workspace.work_starts, workspace.work_ends
    as_usual = (chosen.work_starts, chosen.work_ends) == usual
    usual_days = working_weekdays(usual_calendar(employee, chosen).place())
    await session.merge(
        AttentionPreference(
            workspace_id=actor.workspace_id,
            employee_id=actor.user_id,
            working_days=_unless(usual_days, chosen.working_days),
            # Both or neither: one of them beside a later change of the usual may leave no hours.
            work_starts=None if as_usual else chosen.work_starts,
            work_ends=None if as_usual else chosen.work_ends,
            days_a_week=chosen.own_days,
            every_weeks=chosen.every_weeks,
            paused_until=chosen.paused_until,
            locale=chosen.locale,
            reminders=chosen.reminders,
            team_talks=chosen.team_talks,
            # Whoever wants help for team talks gets it again, although some stayed unopened.
            talks_unopened=0,
        )
    )
    await session.flush()
    await planning.look_again(session, actor.workspace_id, now, actor.user_id)


async def save_usual(session: AsyncSession, actor: Actor, usual: Usual, now: datetime) -> None:
    """Store what HR chose for everybody, with a record; raise NotAllowedError for others."""
    await roles.require(session, actor, Role.ADMIN, action=CHANGED)
    workspace = await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    before = _usual_of(workspace)
    if before == usual:
        return
    workspace.days_a_week = usual.days_a_week
    workspace.work_starts, workspace.work_ends = usual.work_starts, usual.work_ends
    workspace.language = usual.language
    detail = {"before": _in_words(before), "after": _in_words(usual)}
    audit.record(session, actor, CHANGED, detail=detail, now=now)
    await session.flush()
    await planning.look_again(session, actor.workspace_id, now)


def _usual_of(workspace: Workspace) -> Usual:
    return Usual(
        workspace.days_a_week, workspace.work_starts, workspace.work_ends, workspace.language
    )


async def _leads(session: AsyncSession, actor: Actor) -> bool:
    found = select(Employee.id).where(
        Employee.workspace_id == actor.workspace_id,
        Employee.manager_id == actor.user_id,
        Employee.active.is_(True),
    )
    return await session.scalar(found.limit(1)) is not None


def _unless(usual: frozenset[int], chosen: Sequence[int]) -> list[int]:
    return [] if set(chosen) == usual else sorted(chosen)


def _in_words(usual: Usual) -> str:
    hours = f"{usual.work_starts:%H:%M}–{usual.work_ends:%H:%M}"
    return f"{usual.days_a_week} a week, {hours}, {LANGUAGES[usual.language]}"


async def _employee(session: AsyncSession, actor: Actor) -> Employee:
    employee = await session.get(Employee, (actor.workspace_id, actor.user_id))
    if employee is None or not employee.active:
        raise UserError(_(NOT_AN_EMPLOYEE))
    return employee
