"""Coffee rounds: everybody who joined meets new people, in pairs and threes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.attention.readers import is_absent
from bot.mentoring.coffee.pure.pairing import LeftOutBecause, Peer, PeerRound, propose_peers
from bot.mentoring.enqueue import enqueue
from bot.mentoring.profiles.service import is_paused
from bot.mentoring.programme.service import locked_programme
from models import CoffeeGroup, Employee, MentoringProfile, MentoringRound
from models.database import new_key

MENTOR_COFFEE: Final = "mentor_coffee"


@dataclass(frozen=True)
class CoffeeTask:
    """Everything that a coffee round is computed from."""

    peers: tuple[Peer, ...]
    meetings: dict[frozenset[str], int]
    """How often two people had coffee before."""
    seed: int


def pair_for_coffee(task: CoffeeTask) -> PeerRound:
    """Put everybody into pairs and threes."""
    return propose_peers(task.peers, task.meetings, task.seed)


async def planned_coffee_task(
    session: AsyncSession, workspace_id: str, round_id: str, now: datetime
) -> CoffeeTask | None:
    """Read the people of a planned round; None if another process has held it."""
    planned = await session.get(MentoringRound, (workspace_id, round_id))
    if planned is None or planned.status != "planned":
        return None
    rows = await session.execute(
        select(
            Employee.id,
            Employee.team,
            Employee.tz,
            is_absent(now).label("away"),
            MentoringProfile.never_with,
            MentoringProfile.paused_until,
        )
        .join(
            Employee,
            (Employee.workspace_id == MentoringProfile.workspace_id)
            & (Employee.id == MentoringProfile.employee_id),
        )
        .where(
            MentoringProfile.workspace_id == workspace_id,
            MentoringProfile.coffee.is_(True),
            Employee.active.is_(True),
        )
        .order_by(Employee.id)
    )
    peers = tuple(
        Peer(
            id=row.id,
            team=row.team,
            never_with=frozenset(row.never_with),
            paused=is_paused(row.paused_until, now.astimezone(zone_of(row.tz)).date()),
            away=row.away,
        )
        for row in rows
    )
    groups = await session.scalars(
        select(CoffeeGroup.people).where(CoffeeGroup.workspace_id == workspace_id)
    )
    meetings = Counter(frozenset(two) for people in groups for two in combinations(people, 2))
    return CoffeeTask(peers, dict(meetings), planned.seed)


async def store_coffee_round(
    session: AsyncSession, workspace_id: str, round_id: str, result: PeerRound, now: datetime
) -> int:
    """Store the groups of a round, for the next job to introduce; return how many there are."""
    await locked_programme(session, workspace_id)
    held = await session.get_one(MentoringRound, (workspace_id, round_id), populate_existing=True)
    if held.status != "planned":
        return 0
    held.status, held.done_at = "done", now
    groups = [
        {
            "workspace_id": workspace_id,
            "id": new_key(),
            "round_id": round_id,
            "people": list(people),
            "made_at": now,
        }
        for people in result.groups
    ]
    if groups:
        await session.execute(insert(CoffeeGroup), groups)
    for person, why in result.left_out:
        if why is LeftOutBecause.ALONE:
            await enqueue(session, workspace_id, MENTOR_COFFEE, person, round_id, now, people=[])
    return len(result.groups)


async def coffees_to_introduce(session: AsyncSession) -> list[tuple[str, str]]:
    """Return workspace and id of groups that have not been introduced."""
    rows = await session.execute(
        select(CoffeeGroup.workspace_id, CoffeeGroup.id)
        .where(CoffeeGroup.introduced_at.is_(None))
        .order_by(CoffeeGroup.made_at, CoffeeGroup.id)
    )
    return [(workspace_id, group_id) for workspace_id, group_id in rows]


async def people_of_coffee(
    session: AsyncSession, workspace_id: str, group_id: str
) -> tuple[str, ...]:
    """Return the ids of a group's two or three people."""
    group = await session.get_one(CoffeeGroup, (workspace_id, group_id))
    return tuple(group.people)


async def introduce_coffee(
    session: AsyncSession, workspace_id: str, group_id: str, channel: str | None, now: datetime
) -> bool:
    """Introduce a group in its group DM or, without one, each person in their own DM."""
    group = await session.get(
        CoffeeGroup, (workspace_id, group_id), with_for_update=True, populate_existing=True
    )
    if group is None or group.introduced_at is not None:
        return False
    group.introduced_at = now
    recipients: Sequence[str] = [channel] if channel else group.people
    for recipient in recipients:
        await enqueue(
            session,
            workspace_id,
            MENTOR_COFFEE,
            recipient,
            group_id,
            now,
            group=group.people,
            people=group.people,
        )
    return True
