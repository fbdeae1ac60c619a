"""Settings of mentoring in a workspace: weights, length, and when rounds begin."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.mentoring.rounds.pure.scoring import ScorePart, Weights
from bot.people import audit, roles
from bot.people.roles import Role
from models import MentoringProgramme, MentoringRound, Workspace
from models.database import insert_into

DEFAULT_WEIGHTS: Final = Weights()
MANAGE: Final = "mentoring.manage"
ROUNDS_START: Final = time(9)
"""Scheduled rounds begin on a Tuesday morning, in the workspace's zone."""
TUESDAY: Final = 1
SEEDS: Final = 2**31


@dataclass(frozen=True)
class Programme:
    """A workspace's settings, with defaults."""

    weights: Weights = DEFAULT_WEIGHTS
    length_weeks: int = 12
    every_weeks: int | None = None
    coffee_weeks: int | None = None
    next_round_at: datetime | None = None
    next_coffee_at: datetime | None = None


async def programme_of(session: AsyncSession, workspace_id: str) -> Programme:
    """Return a workspace's settings."""
    row = await session.get(MentoringProgramme, workspace_id, populate_existing=True)
    if row is None:
        return Programme()
    return Programme(
        weights=weights_from(row.weights),
        length_weeks=row.length_weeks,
        every_weeks=row.every_weeks,
        coffee_weeks=row.coffee_weeks,
        next_round_at=row.next_round_at,
        next_coffee_at=row.next_coffee_at,
    )


async def save_programme(
    session: AsyncSession,
    actor: Actor,
    weights: Weights,
    length_weeks: int,
    every_weeks: int | None,
    coffee_weeks: int | None,
    now: datetime,
) -> Programme:
    """Store what HR sets; raise NotAllowedError for all but HR admins.

    An unchanged schedule keeps its next date. Active pairs keep their end.
    """
    await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    row = await locked_programme(session, actor.workspace_id)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    row.weights = _numbers(weights)
    row.length_weeks = length_weeks
    if every_weeks != row.every_weeks:
        row.every_weeks = every_weeks
        row.next_round_at = next_tuesday(workspace.tz, now) if every_weeks else None
    if coffee_weeks != row.coffee_weeks:
        row.coffee_weeks = coffee_weeks
        row.next_coffee_at = next_tuesday(workspace.tz, now) if coffee_weeks else None
    await session.flush()
    detail = {
        **row.weights,
        "length_weeks": length_weeks,
        "every_weeks": every_weeks,
        "coffee_weeks": coffee_weeks,
    }
    audit.record(session, actor, "mentoring.changed", detail=detail, now=now)
    return await programme_of(session, actor.workspace_id)


async def plan_round(session: AsyncSession, actor: Actor, now: datetime) -> bool:
    """Plan a round to begin at once; False if one is under way. Only for HR admins."""
    await roles.require(session, actor, Role.ADMIN, action=MANAGE)
    planned = await _plan(session, actor.workspace_id, "mentors", actor.user_id, now)
    if planned:
        audit.record(session, actor, "mentoring.round_started", now=now)
    return planned


async def plan_due_rounds(session: AsyncSession, now: datetime) -> int:
    """Plan the rounds that are due; several missed ones become one."""
    due = await session.scalars(
        select(MentoringProgramme)
        .where(
            (MentoringProgramme.next_round_at <= now) | (MentoringProgramme.next_coffee_at <= now)
        )
        .with_for_update(skip_locked=True)
    )
    planned = 0
    for row in due.all():
        zone = (await session.get_one(Workspace, row.workspace_id)).tz
        if row.every_weeks and row.next_round_at and row.next_round_at <= now:
            planned += await _plan(session, row.workspace_id, "mentors", None, now)
            row.next_round_at = _weeks_on(row.next_round_at, row.every_weeks, zone, now)
        if row.coffee_weeks and row.next_coffee_at and row.next_coffee_at <= now:
            planned += await _plan(session, row.workspace_id, "coffee", None, now)
            row.next_coffee_at = _weeks_on(row.next_coffee_at, row.coffee_weeks, zone, now)
    return planned


async def locked_programme(session: AsyncSession, workspace_id: str) -> MentoringProgramme:
    """Return a workspace's settings, locked, so that proposals are written one after the other."""
    await session.execute(
        insert_into(session, MentoringProgramme)
        .values(workspace_id=workspace_id, weights={}, length_weeks=Programme.length_weeks)
        .on_conflict_do_nothing()
    )
    return await session.get_one(
        MentoringProgramme, workspace_id, with_for_update=True, populate_existing=True
    )


def weights_from(stored: Mapping[str, float]) -> Weights:
    """Return the stored weights, with defaults for missing parts."""
    return Weights(**{part: stored[part] for part in ScorePart if part in stored})


def next_tuesday(tz: str, now: datetime) -> datetime:
    """Return the next Tuesday morning in a time zone, today's if it is still to come."""
    local = now.astimezone(zone_of(tz))
    day = local.date() + timedelta(days=(TUESDAY - local.weekday()) % 7)
    moment = datetime.combine(day, ROUNDS_START, local.tzinfo)
    return moment if moment > local else moment + timedelta(days=7)


def _weeks_on(before: datetime, weeks: int, tz: str, now: datetime) -> datetime:
    """Return the next date of a schedule after `now`, at the same local time."""
    local = before.astimezone(zone_of(tz))
    while local <= now:
        local += timedelta(weeks=weeks)
    return local


async def _plan(
    session: AsyncSession, workspace_id: str, kind: str, started_by: str | None, now: datetime
) -> bool:
    planned = await session.scalar(
        insert_into(session, MentoringRound)
        .values(
            workspace_id=workspace_id,
            kind=kind,
            status="planned",
            seed=int(now.timestamp()) % SEEDS,
            started_by=started_by,
            planned_at=now,
        )
        .on_conflict_do_nothing()
        .returning(MentoringRound.id)
    )
    return planned is not None


def _numbers(weights: Weights) -> dict[str, float]:
    return {part.value: float(asdict(weights)[part]) for part in ScorePart}
