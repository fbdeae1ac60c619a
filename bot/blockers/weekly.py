"""Once a week, "is anything in your way?", only together with another message; if HR wants it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.blockers.helpers import USUAL_MOST_A_WEEK
from bot.blockers.service import require_employee
from bot.mentoring.enqueue import key_of
from bot.people import audit, roles
from bot.people.roles import Role
from models import BlockerCheck, BlockerPreference, Delivery, Employee, Workspace
from models.database import insert_into, new_key

CHECK: Final = "blocker_check"
SWITCHED: Final = "blockers.weekly"
"""Its name in the audit table; the detail says whether it is on."""
AT_ONCE: Final = 2_000
"""Messages per transaction."""


async def switch(session: AsyncSession, actor: Actor, *, on: bool, now: datetime) -> None:
    """Let Attune ask once a week, from the next Monday on, or end it; for HR's admins.

    Raises NotAllowedError for others.
    """
    await roles.require(session, actor, Role.ADMIN, action=SWITCHED)
    row = await session.get(BlockerCheck, actor.workspace_id)
    if on == (row is not None):
        return
    if row is not None:
        await session.delete(row)
    else:
        workspace = await session.get_one(Workspace, actor.workspace_id)
        session.add(
            BlockerCheck(workspace_id=workspace.id, next_at=_next_monday(now, workspace.tz))
        )
    audit.record(session, actor, SWITCHED, detail={"on": on}, now=now)


async def due_checks(session: AsyncSession, now: datetime) -> list[str]:
    """Return the workspaces in which everybody is to be asked."""
    due = select(BlockerCheck.workspace_id).where(BlockerCheck.next_at <= now)
    return sorted(await session.scalars(due))


async def people_to_ask(session: AsyncSession, workspace_id: str) -> list[str]:
    """Return the employees to ask: who did not decline, and has no such question waiting."""
    waiting = (
        select(Delivery.id)
        .where(
            Delivery.workspace_id == Employee.workspace_id,
            Delivery.recipient == Employee.id,
            Delivery.kind == CHECK,
            Delivery.status == "waiting",
        )
        .exists()
    )
    rows = await session.scalars(
        select(Employee.id)
        .outerjoin(
            BlockerPreference,
            (BlockerPreference.workspace_id == Employee.workspace_id)
            & (BlockerPreference.employee_id == Employee.id),
        )
        .where(
            Employee.workspace_id == workspace_id,
            Employee.active.is_(True),
            BlockerPreference.weekly.is_distinct_from(False),
            ~waiting,
        )
        .order_by(Employee.id)
    )
    return list(rows)


async def queue_checks(
    session: AsyncSession, workspace_id: str, people: Sequence[str], now: datetime
) -> None:
    """Queue the question for these people, once a week for each."""
    workspace = await session.get_one(Workspace, workspace_id)
    day = now.astimezone(zone_of(workspace.tz)).date()
    monday = day - timedelta(days=day.weekday())
    rows = [
        {
            "workspace_id": workspace_id,
            "id": new_key(),
            "key": key_of(CHECK, monday.isoformat(), person),
            "kind": CHECK,
            "recipient": person,
            "detail": {},
            "due_at": now,
            "look_at": now,
            "status": "waiting",
        }
        for person in people
    ]
    insert = insert_into(session, Delivery).on_conflict_do_nothing(
        index_elements=["workspace_id", "key"]
    )
    await (await session.connection()).execute(insert, rows)


async def plan_next(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Plan the next week's question; return 0 if HR has ended it, or another process planned it."""
    row = await session.get(
        BlockerCheck, workspace_id, with_for_update=True, populate_existing=True
    )
    if row is None or row.next_at > now:
        return 0
    workspace = await session.get_one(Workspace, workspace_id)
    row.next_at = _next_monday(now, workspace.tz)
    return 1


async def is_wanted(session: AsyncSession, actor: Actor) -> bool:
    """Return True if HR asks once a week and the person lets Attune ask."""
    asks = await session.get(BlockerCheck, actor.workspace_id) is not None
    return asks and (await preference_of(session, actor)).weekly


async def preference_of(session: AsyncSession, actor: Actor) -> BlockerPreference:
    """Return how a person takes part; what is usual if they have not chosen."""
    chosen = await session.get(BlockerPreference, (actor.workspace_id, actor.user_id))
    return chosen or BlockerPreference(
        workspace_id=actor.workspace_id,
        employee_id=actor.user_id,
        most_a_week=USUAL_MOST_A_WEEK,
        weekly=True,
    )


async def save_preference(
    session: AsyncSession, actor: Actor, most_a_week: int, *, weekly: bool
) -> None:
    """Store how a person takes part; raise UserError for anybody but employees."""
    await require_employee(session, actor)
    await session.merge(
        BlockerPreference(
            workspace_id=actor.workspace_id,
            employee_id=actor.user_id,
            most_a_week=most_a_week,
            weekly=weekly,
        )
    )


def _next_monday(now: datetime, tz: str) -> datetime:
    today: date = now.astimezone(zone_of(tz)).date()
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday, time(), zone_of(tz))
