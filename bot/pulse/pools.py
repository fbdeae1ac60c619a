"""Stores sealed pools: answers that wait until enough people have answered about the same thing.

`bot.pulse.pure.pools` has the rule of release, and what an attacker could learn. The database adds:
a pool that comes out is deleted with its key in the transaction in which it does, and what still
waits is written anew in the order of tokens, so that rows don't show which week they are from.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.bulk_insert import batches, insert_all
from bot.pulse.pure.pools import Pool as Waiting
from bot.pulse.pure.pools import is_looked_at, most_released, most_shown, released
from bot.pulse.pure.tokens import respondent_token
from models import Pool, PoolEntry, Survey, Wave
from models.database import new_key

COMPANY: Final = "company"
MILESTONE: Final = "milestone"
COMMENTS: Final = "comments"
"""The kinds of pool; comments are those at a milestone."""
KEY_BYTES: Final = 32
LONGEST_WAIT: Final = timedelta(weeks=26)
LONGEST_WAIT_AT_MILESTONE: Final = timedelta(days=365)
"""What has not come out by then is deleted unread."""
_random = secrets.SystemRandom()
_IS_ENTRY: Final = tuple_(PoolEntry.pool_id, PoolEntry.token)


@dataclass(frozen=True)
class PoolGroup:
    """The pools of one source: the survey that is the company pulse, or a milestone."""

    workspace_id: str
    kind: str
    source: str

    @property
    def condition(self) -> tuple[ColumnElement[bool], ...]:
        """The condition that a pool is one of them."""
        return (
            Pool.workspace_id == self.workspace_id,
            Pool.kind == self.kind,
            Pool.source == self.source,
        )


class PoolCell(NamedTuple):
    """What answers are about, and whose they are."""

    topic: str
    label: str


class Release(NamedTuple):
    """What comes out of one pool."""

    answers: tuple[int, ...]
    """In ascending order."""
    asked: int
    """How many people were asked."""
    k: int
    """The least number of answers that the pool waited for."""


async def gather(
    session: AsyncSession,
    group: PoolGroup,
    asked: Mapping[PoolCell, Mapping[str, int | None]],
    k: int,
    now: datetime,
    *,
    releasing: Collection[str],
) -> dict[PoolCell, Release]:
    """Add to pools what people were asked, and return what comes out.

    `asked` has each person's answer by employee id, None without one; at a milestone by a random
    name, and of comments a number for the author. A later answer replaces an earlier one that still
    waits. Only pools with one of the labels in `releasing` can come out, and none of fewer than k
    people, nor of fewer than any wave before promised them.
    """
    rows = await session.scalars(
        select(Pool).where(*group.condition).order_by(Pool.id).with_for_update()
    )
    pools = {PoolCell(pool.topic, pool.label): pool for pool in rows}
    waiting = await _waiting(session, group)
    await session.execute(
        delete(PoolEntry)
        .where(
            PoolEntry.workspace_id == group.workspace_id,
            PoolEntry.pool_id.in_(select(Pool.id).where(*group.condition)),
        )
        .execution_options(synchronize_session=False)
    )
    for cell in sorted(asked.keys() - pools.keys()):
        pools[cell] = _new_pool(group, cell, k, now)
        session.add(pools[cell])
    out: dict[PoolCell, Release] = {}
    for cell, pool in pools.items():
        pool.min_group_size = max(pool.min_group_size, k)
        content = _with(waiting.get(pool.id, Waiting()), pool.key, asked.get(cell, {}))
        people = len(content.asked)
        answers: tuple[int, ...] = ()
        if cell.label in releasing and _may_look(pool, people):
            answers, content = released(content, pool.min_group_size)
            answers = _some(pool, answers, people)
            pool.looked = 0 if group.kind == COMPANY else people
        if answers:
            out[cell] = Release(answers, people, pool.min_group_size)
        waiting[pool.id] = content
    await session.flush()
    for cell in out:
        await session.delete(pools[cell])
    await session.flush()
    kept = sorted(pool.id for cell, pool in pools.items() if cell not in out)
    await insert_all(
        session,
        PoolEntry,
        (
            {
                "workspace_id": group.workspace_id,
                "pool_id": pool_id,
                "token": token,
                "value": waiting[pool_id].answers.get(token),
            }
            for pool_id in kept
            for token in sorted(waiting[pool_id].asked)
        ),
    )
    return out


def _may_look(pool: Pool, asked: int) -> bool:
    """Return True if what waits may come out now, if it is enough."""
    return pool.kind == COMPANY or is_looked_at(asked, pool.looked, pool.min_group_size)


def _some(pool: Pool, answers: tuple[int, ...], asked: int) -> tuple[int, ...]:
    """Return the answers, of a milestone no more than may come out, in ascending order."""
    most_of = most_shown if pool.kind == COMMENTS else most_released
    most = most_of(asked, pool.looked, pool.min_group_size)
    if pool.kind == COMPANY or len(answers) <= most:
        return answers
    return tuple(sorted(_random.sample(answers, most)))


def _new_pool(group: PoolGroup, cell: PoolCell, k: int, now: datetime) -> Pool:
    return Pool(
        workspace_id=group.workspace_id,
        id=new_key(),
        kind=group.kind,
        source=group.source,
        topic=cell.topic,
        label=cell.label,
        key=secrets.token_bytes(KEY_BYTES),
        min_group_size=k,
        opened_on=now.date(),
        looked=0,
    )


@dataclass(frozen=True)
class OwnEntry:
    """A person's place in a pool that waits."""

    source: str
    topic: str
    value: int | None
    """How favourable their answer is, in steps from 0; None if none waits."""


async def own_entries(session: AsyncSession, workspace_id: str, employee_id: str) -> list[OwnEntry]:
    """Return a person's places in pools that wait; for that person's eyes only."""
    pools = await session.scalars(
        select(Pool).where(Pool.workspace_id == workspace_id).order_by(Pool.topic, Pool.id)
    )
    found = []
    for some in batches(pools.all()):
        keys = _keys(some, employee_id)
        rows = await session.execute(
            select(Pool.source, Pool.topic, PoolEntry.value)
            .join(
                Pool,
                (Pool.workspace_id == PoolEntry.workspace_id) & (Pool.id == PoolEntry.pool_id),
            )
            .where(PoolEntry.workspace_id == workspace_id, _IS_ENTRY.in_(keys))
            .order_by(Pool.topic, Pool.id)
        )
        found += [OwnEntry(source, topic, value) for source, topic, value in rows]
    return found


async def erase_own_entries(session: AsyncSession, workspace_id: str, employee_id: str) -> None:
    """Remove a person from every pool that waits. Locks the pools, as `gather` does."""
    pools = await session.scalars(
        select(Pool).where(Pool.workspace_id == workspace_id).order_by(Pool.id).with_for_update()
    )
    for some in batches(pools.all()):
        await session.execute(
            delete(PoolEntry)
            .where(PoolEntry.workspace_id == workspace_id, _IS_ENTRY.in_(_keys(some, employee_id)))
            .execution_options(synchronize_session=False)
        )


async def drop_pools(session: AsyncSession, workspace_id: str, now: datetime) -> int:
    """Delete unread the pools that never filled, and those whose survey has ended.

    A survey has ended once its last wave is published. A milestone's pools stay when HR switches it
    off. Returns how many pools were deleted.
    """
    may_still_fill = (
        select(Survey.id)
        .where(
            Survey.workspace_id == workspace_id,
            Survey.id == Pool.source,
            or_(
                Survey.status != "ended",
                exists().where(
                    Wave.workspace_id == Survey.workspace_id,
                    Wave.survey_id == Survey.id,
                    Wave.status == "open",
                ),
            ),
        )
        .exists()
    )
    dropped = await session.execute(
        delete(Pool)
        .where(
            Pool.workspace_id == workspace_id,
            or_(
                Pool.opened_on <= (now - LONGEST_WAIT_AT_MILESTONE).date(),
                and_(
                    Pool.kind == COMPANY,
                    or_(Pool.opened_on <= (now - LONGEST_WAIT).date(), ~may_still_fill),
                ),
            ),
        )
        .returning(Pool.id)
        .execution_options(synchronize_session=False)
    )
    return len(dropped.all())


def _keys(pools: Iterable[Pool], employee_id: str) -> list[tuple[str, str]]:
    """Return the key of a person's entry in each of the pools."""
    return [(pool.id, respondent_token(pool.key, employee_id)) for pool in pools]


def _with(content: Waiting, key: bytes, asked: Mapping[str, int | None]) -> Waiting:
    values = {respondent_token(key, person): value for person, value in asked.items()}
    answers = {token: value for token, value in values.items() if value is not None}
    return Waiting(content.asked | values.keys(), {**content.answers, **answers})


async def _waiting(session: AsyncSession, group: PoolGroup) -> dict[str, Waiting]:
    rows = await session.execute(
        select(PoolEntry.pool_id, PoolEntry.token, PoolEntry.value).where(
            PoolEntry.workspace_id == group.workspace_id,
            PoolEntry.pool_id.in_(select(Pool.id).where(*group.condition)),
        )
    )
    asked: defaultdict[str, set[str]] = defaultdict(set)
    answers: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for pool_id, token, value in rows:
        asked[pool_id].add(token)
        if value is not None:
            answers[pool_id][token] = value
    return {pool_id: Waiting(frozenset(asked[pool_id]), answers[pool_id]) for pool_id in asked}
