"""What jobs do: silence and departures let a helper go, and helper and asker are introduced."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.attention.readers import is_absent
from bot.blockers.helping import release
from bot.blockers.service import NEWS, tell
from bot.blockers.states import UNFINISHED, News, locked, move
from bot.mentoring.enqueue import enqueue
from models import Blocker, Employee

TOGETHER: Final = "blocker_group"


async def due_blockers(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return workspace and id of blockers whose helper is silent, away or gone, or asker gone."""
    asked, helper = Blocker.status == "asked", Blocker.helper_id
    rows = await session.execute(
        select(Blocker.workspace_id, Blocker.id).where(
            Blocker.closed_at.is_(None),
            or_(
                Blocker.answer_by <= now,
                ~_is_here(Blocker.asker_id),
                and_(Blocker.status != "open", ~_is_here(helper)),
                and_(asked, ~_is_here(helper, ~is_absent(now))),
            ),
        )
    )
    return sorted((workspace_id, blocker_id) for workspace_id, blocker_id in rows)


def _is_here(
    person: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    *conditions: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Return the condition that a person of a blocker is an employee who meets these conditions."""
    return (
        select(Employee.id)
        .where(
            Employee.workspace_id == Blocker.workspace_id,
            Employee.id == person,
            Employee.active.is_(True),
            *conditions,
        )
        .correlate(Blocker)
        .exists()
    )


async def settle(session: AsyncSession, workspace_id: str, blocker_id: str, now: datetime) -> bool:
    """Let a helper go who is silent, away or gone, or close what nobody waits for any more.

    False if nothing was to do, because somebody pressed in the meantime.
    """
    blocker = await locked(session, workspace_id, blocker_id)
    if blocker is None or blocker.status not in UNFINISHED:
        return False
    if not await _is_employee(session, blocker, blocker.asker_id):
        was_helped = blocker.status == "helped"
        move(blocker, "lapsed", now)
        if was_helped and blocker.helper_id:
            await tell(session, blocker, blocker.helper_id, NEWS, News.ASKER_LEFT, now)
        return True
    if blocker.status == "open":
        return False
    is_here = blocker.helper_id and await _is_employee(session, blocker, blocker.helper_id)
    is_silent = blocker.answer_by is not None and blocker.answer_by <= now
    is_away = blocker.status == "asked" and not await _is_there(session, blocker, now)
    if is_here and not is_silent and not is_away:
        return False
    await release(session, blocker, now)
    return True


async def to_introduce(session: AsyncSession) -> list[tuple[str, str]]:
    """Return workspace and id of blockers whose helper was not introduced."""
    rows = await session.execute(
        select(Blocker.workspace_id, Blocker.id)
        .where(
            Blocker.closed_at.is_(None),
            Blocker.status == "helped",
            Blocker.introduced.is_(False),
        )
        .order_by(Blocker.helped_at, Blocker.id)
    )
    return [(workspace_id, blocker_id) for workspace_id, blocker_id in rows]


async def people_of(session: AsyncSession, workspace_id: str, blocker_id: str) -> tuple[str, ...]:
    """Return the ids of asker and helper; the asker's alone if the helper is gone."""
    blocker = await session.get_one(Blocker, (workspace_id, blocker_id))
    return tuple(each for each in (blocker.asker_id, blocker.helper_id) if each)


async def introduce(
    session: AsyncSession, workspace_id: str, blocker_id: str, channel: str | None, now: datetime
) -> bool:
    """Write to asker and helper in their group DM or, without one, to each in their own DM."""
    blocker = await locked(session, workspace_id, blocker_id)
    if blocker is None or blocker.status != "helped" or blocker.introduced:
        return False
    blocker.introduced = True
    people = await people_of(session, workspace_id, blocker_id)
    for recipient in [channel] if channel else people:
        await enqueue(
            session,
            workspace_id,
            TOGETHER,
            recipient,
            f"{blocker.id}:{blocker.times_asked}",
            now,
            group=people,
            blocker=blocker.id,
        )
    return True


async def _is_employee(session: AsyncSession, blocker: Blocker, person: str) -> bool:
    employee = await session.get(Employee, (blocker.workspace_id, person))
    return employee is not None and employee.active


async def _is_there(session: AsyncSession, blocker: Blocker, now: datetime) -> bool:
    found = await session.scalar(
        select(Employee.id).where(
            Employee.workspace_id == blocker.workspace_id,
            Employee.id == blocker.helper_id,
            ~is_absent(now),
        )
    )
    return found is not None
