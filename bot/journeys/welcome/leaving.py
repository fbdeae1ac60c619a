"""Thanks somebody who leaves, and lets them hand over their mentees."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.mentoring.proposals.service import named_for, store_next
from bot.mentoring.rounds.read_pool import OpenTransaction, read_task
from models import Employee, MentoringMatch, Workspace

TIME_TO_ASK: Final = timedelta(minutes=5)
"""How long a job leaves a mentee to the mentor who was named."""


@dataclass(frozen=True)
class OpenPair:
    """A mentoring pair of somebody who leaves."""

    match_id: str
    other_id: str
    is_mentor: bool
    """True if the one who leaves is the mentor."""


@dataclass(frozen=True)
class Leaving:
    """What somebody who leaves is shown."""

    leaves_on: date
    pairs: tuple[OpenPair, ...]
    help_person: str | None
    """Whom HR named as the one who listens."""


async def leaving_of(session: AsyncSession, actor: Actor) -> Leaving | None:
    """Return what to show somebody who leaves; None if they don't, or have left."""
    employee = await session.get(
        Employee, (actor.workspace_id, actor.user_id), populate_existing=True
    )
    if employee is None or not employee.active or employee.leaves_on is None:
        return None
    workspace = await session.get_one(Workspace, actor.workspace_id)
    match = MentoringMatch
    rows = await session.execute(
        select(match.id, match.mentor_id, match.mentee_id)
        .where(
            match.workspace_id == actor.workspace_id,
            match.status == "active",
            or_(match.mentor_id == actor.user_id, match.mentee_id == actor.user_id),
        )
        .order_by(match.started_at, match.id)
    )
    pairs = [
        OpenPair(id_, mentee if mentor == actor.user_id else mentor, mentor == actor.user_id)
        for id_, mentor, mentee in rows
    ]
    return Leaving(employee.leaves_on, tuple(pairs), workspace.help_person)


async def ask_successor(
    reading: OpenTransaction,
    beginning: OpenTransaction,
    workspace_id: str,
    match_id: str,
    mentor_id: str,
    now: datetime,
) -> bool:
    """Ask the mentor whom the last one named, if mentoring allows it.

    False if not, for whatever reason; then mentoring looks for the mentee's next mentor by itself.
    """
    async with reading() as session:
        match = await session.get_one(MentoringMatch, (workspace_id, match_id))
        mentee_id = match.mentee_id
    task = await read_task(reading, workspace_id, now, seed=0)
    found = named_for(mentee_id, mentor_id, task)
    if found is None:
        return False
    async with beginning() as session:
        return await store_next(session, workspace_id, match_id, found, now)
