"""Blockers that are only counted: a sealed answer to "is anything in your way?".

Who only wants to be counted tells nobody who they are, but may say so every day, and also count by
name through another blocker. Figures count people, so the two must be told apart from another
person's without keeping who it was. As in an open wave, a row names its person by a token:
HMAC-SHA256(the month's key, employee id). It holds the kind and nothing else: no team, no sentence,
no day. When the month has ended, its tally computes everybody's token, counts each person once in
their team, and deletes key and rows in the transaction that stores the figures.

Until then, somebody with the whole database could compute whose row it is; nobody who uses Attune
in Slack can. Pressing twice counts once. A person who erases themselves takes their rows with them.
"""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import require_employee
from bot.pulse.pure.tokens import respondent_token
from models import BlockerPool, CountedBlocker, Employee, Workspace
from models.database import insert_into


@dataclass(frozen=True)
class OwnCounted:
    """A blocker that a person had counted this month."""

    month: date
    kind: str


async def count(session: AsyncSession, actor: Actor, kind: BlockerKind, now: datetime) -> None:
    """Count a blocker, once a month for each person and kind.

    Raises UserError for anybody but employees.
    """
    await require_employee(session, actor)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    month = now.astimezone(zone_of(workspace.tz)).date().replace(day=1)
    place = {"workspace_id": actor.workspace_id, "month": month}
    await session.execute(
        insert_into(session, BlockerPool)
        .values(**place, key=secrets.token_hex(32))
        .on_conflict_do_nothing()
    )
    pool = await session.get_one(
        BlockerPool, (actor.workspace_id, month), with_for_update={"key_share": True}
    )
    token = respondent_token(bytes.fromhex(pool.key), actor.user_id)
    await session.execute(
        insert_into(session, CountedBlocker)
        .values(**place, token=token, kind=kind)
        .on_conflict_do_nothing()
    )


async def counted_by_person(
    session: AsyncSession, workspace_id: str, month: date
) -> list[tuple[str, str]]:
    """Return person and kind of what was counted in a month, for its tally alone."""
    pool = await session.get(BlockerPool, (workspace_id, month))
    if pool is None:
        return []
    people = await session.scalars(select(Employee.id).where(Employee.workspace_id == workspace_id))
    # A large company takes some tenths of a second, and other jobs must not wait.
    person_of = await asyncio.to_thread(_by_token, bytes.fromhex(pool.key), list(people))
    rows = await session.execute(
        select(CountedBlocker.token, CountedBlocker.kind).where(
            CountedBlocker.workspace_id == workspace_id, CountedBlocker.month == month
        )
    )
    # Somebody whose row in the directory is gone still counts, as themselves.
    return [(person_of.get(token, token), kind) for token, kind in rows]


async def destroy_pools(session: AsyncSession, workspace_id: str, month: date) -> None:
    """Delete keys and rows of a month, and of earlier ones."""
    for table in (CountedBlocker, BlockerPool):
        await session.execute(
            delete(table).where(table.workspace_id == workspace_id, table.month <= month)
        )


async def own_counted(session: AsyncSession, workspace_id: str, person: str) -> list[OwnCounted]:
    """Return what a person had counted in months that are not tallied yet; for them alone."""
    found: list[OwnCounted] = []
    for month, token in await _tokens(session, workspace_id, person):
        kinds = await session.scalars(
            select(CountedBlocker.kind)
            .where(
                CountedBlocker.workspace_id == workspace_id,
                CountedBlocker.month == month,
                CountedBlocker.token == token,
            )
            .order_by(CountedBlocker.kind)
        )
        found += [OwnCounted(month, kind) for kind in kinds]
    return found


async def erase_counted(session: AsyncSession, workspace_id: str, person: str) -> None:
    """Delete what a person had counted in months that are not tallied yet."""
    for month, token in await _tokens(session, workspace_id, person):
        await session.execute(
            delete(CountedBlocker).where(
                CountedBlocker.workspace_id == workspace_id,
                CountedBlocker.month == month,
                CountedBlocker.token == token,
            )
        )


def _by_token(key: bytes, people: Iterable[str]) -> dict[str, str]:
    return {respondent_token(key, person): person for person in people}


async def _tokens(
    session: AsyncSession, workspace_id: str, person: str
) -> Iterable[tuple[date, str]]:
    pools = await session.scalars(
        select(BlockerPool)
        .where(BlockerPool.workspace_id == workspace_id)
        .order_by(BlockerPool.month)
    )
    return [(pool.month, respondent_token(bytes.fromhex(pool.key), person)) for pool in pools]
