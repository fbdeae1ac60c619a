"""Comments at a milestone wait, masked, in a pool of their own until enough people wrote one.

All comments of a milestone wait together: as in any survey, people are counted and not comments,
over all of its questions. In place of an answer, an entry of this pool has a random number that
stands for the author. `bot.pulse.pure.pools` has the rule of release, and what an attacker could
learn.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.masking import mask
from bot.people.names import known_names
from bot.pulse.bulk_insert import insert_all
from bot.pulse.pools import COMMENTS, PoolCell, PoolGroup, gather
from bot.pulse.pure.tokens import respondent_token
from models import OpenAnswer, Pool, PoolComment, Wave
from models.database import new_key

LABEL: Final = ""
_CELL: Final = PoolCell("", LABEL)
_AUTHORS: Final = 2**31
"""Numbers to draw from: among the few who wait at a time, no two meet."""


class Written(NamedTuple):
    """A masked comment and its author's random number."""

    author: int
    topic: str
    """The question's topic, as of the pool of its answers; empty for a comment on all of them."""
    comment: str


class Comments(NamedTuple):
    """The comments that come out."""

    written: Sequence[Written]
    asked: int
    """How many people were asked since comments came out last."""


async def gather_comments(
    session: AsyncSession,
    wave: Wave,
    milestone: str,
    people: Sequence[str],
    topics: Mapping[int, str],
    k: int,
    now: datetime,
    *,
    with_batch: bool,
) -> Comments | None:
    """Move the comments of `people` to the milestone's pool; return what comes out, if anything.

    `topics` has the topic of each position. They come out only beside a batch of answers. The
    milestone's pools of answers are locked already, so no other wave gathers here meanwhile.
    """
    group = PoolGroup(wave.workspace_id, COMMENTS, milestone)
    of_group = PoolComment.pool_id.in_(select(Pool.id).where(*group.condition))
    in_pools = PoolComment.workspace_id == wave.workspace_id, of_group
    rows = await session.execute(
        select(PoolComment.author, PoolComment.topic, PoolComment.comment).where(*in_pools)
    )
    waiting = [Written(*row) for row in rows]
    new = await _comments_of(session, wave, people, topics)
    waiting += [each for written in new.values() for each in written]
    entries = {new_key(): new[person][0].author if new.get(person) else None for person in people}
    releasing = {LABEL} if with_batch else set[str]()
    out = await gather(session, group, {_CELL: entries}, 2 * k, now, releasing=releasing)
    if release := out.get(_CELL):
        chosen = set(release.answers)
        return Comments([each for each in waiting if each.author in chosen], release.asked)
    await session.execute(
        delete(PoolComment).where(*in_pools).execution_options(synchronize_session=False)
    )
    pool = await session.scalar(select(Pool.id).where(*group.condition))
    of_pool = {"workspace_id": wave.workspace_id, "pool_id": pool}
    # Their order must not tell which day they are from.
    await insert_all(
        session, PoolComment, ({**of_pool, **each._asdict()} for each in sorted(waiting))
    )
    return None


async def _comments_of(
    session: AsyncSession, wave: Wave, people: Sequence[str], topics: Mapping[int, str]
) -> dict[str, list[Written]]:
    """Return what each of these people wrote in an open wave, as HR will read it."""
    rows = await session.execute(
        select(OpenAnswer.token, OpenAnswer.position, OpenAnswer.comment).where(
            OpenAnswer.workspace_id == wave.workspace_id,
            OpenAnswer.wave_id == wave.id,
            OpenAnswer.comment.is_not(None),
        )
    )
    found = rows.all()
    if not found:
        return {}
    names = await known_names(session, wave.workspace_id)
    authors = {respondent_token(wave.key or b"", person): person for person in people}
    numbers = {token: secrets.randbelow(_AUTHORS) for token in authors}
    written: dict[str, list[Written]] = {}
    for token, position, text in found:
        if text and token in authors and position in topics:
            comment = Written(numbers[token], topics[position], mask(text, names).text)
            written.setdefault(authors[token], []).append(comment)
    return written
