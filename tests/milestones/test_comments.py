"""Comments at a milestone wait in a pool of their own, and come out beside a batch."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.insights.comments import comments_page
from bot.pulse.personal_data import own_open_answers
from bot.pulse.pools import COMMENTS, drop_pools
from bot.pulse.steps import ANYTHING_TO_ADD, WHOLE_PULSE
from bot.runtime import Runtime
from models import OpenAnswer, Pool, PoolComment, PoolEntry, Wave
from tests.factories import WORKSPACE
from tests.milestones.test_batches import CLOSED, sqlite_only
from tests.milestones.walking import START, WEEK, Walking, morning, names, walking

WRITTEN = "The laptop came late, ask Nia Newman."
MASKED = "The laptop came late, ask [name]."


async def waiting(walk: Walking) -> tuple[list[PoolComment], list[PoolEntry]]:
    async with walk.runtime.sessions.begin() as session:
        comments: Any = (await session.scalars(select(PoolComment))).all()
        of_pool = select(PoolEntry).join(Pool, Pool.id == PoolEntry.pool_id)
        entries: Any = (await session.scalars(of_pool.where(Pool.kind == COMMENTS))).all()
    return comments, entries


async def arrive(walk: Walking, prefix: str, count: int, *, writers: int) -> None:
    """Let people start today, of whom some comment on a question and on all of them."""
    people = names(prefix, count)
    await walk.join(*people, name="Nia Newman")
    known, before = set(people[:writers]), walk.commenting
    walk.commenting = lambda person: (
        {0: WRITTEN, WHOLE_PULSE: "Thanks."} if person in known else before(person)
    )


async def test_comments_wait_for_twice_as_many_and_come_out_beside_a_batch(
    runtime: Runtime,
) -> None:
    walk = await walking(runtime, WEEK)
    await arrive(walk, "ONE", 10, writers=5)
    await walk.until(CLOSED)
    ((first, _),) = await walk.batches()
    comments, entries = await waiting(walk)
    assert (await walk.comments(), await walk.count(OpenAnswer)) == ([], 0)
    assert sorted(each.comment for each in comments) == [*["Thanks."] * 5, *[MASKED] * 5]
    assert len(entries) == 10, "everybody who was asked"
    assert {each.author for each in comments} == {each.value for each in entries} - {None}

    await arrive(walk, "TWO", 10, writers=6)
    await walk.until(CLOSED + timedelta(days=21))
    _, (second, figures) = await walk.batches()
    found = await walk.comments()
    assert {wave.id for wave, _ in found} == {second.id} != {first.id}
    texts = sorted(comment.text for _, comment in found)
    assert texts == [*["Thanks."] * 10, *[MASKED] * 10], "ten of the eleven who wrote"
    assert {(comment.position, comment.team) for _, comment in found} == {(0, None), (-1, None)}
    people = next(each for each in figures if each.measure == "participation")
    assert (second.invited, second.responded, people.n, people.population) == (10, 5, 5, 10)
    assert not [each for each in figures if each.measure == "sentiment"], "too few for shares"
    for table in (Pool, PoolEntry, PoolComment, OpenAnswer):
        assert await walk.count(table) == 0


@sqlite_only
@pytest.mark.parametrize(("writers", "answerers"), [(9, 20), (20, 4)])
async def test_too_few_authors_and_no_batch_keep_comments_back(
    runtime: Runtime, writers: int, answerers: int
) -> None:
    walk = await walking(runtime, WEEK)
    people = names("NEW", 20)
    await arrive(walk, "NEW", 20, writers=writers)
    walk.answering = lambda person, _: 4 if person in people[:answerers] else None
    await walk.until(CLOSED)
    assert len(await walk.batches()) == (answerers > 4)
    assert await walk.comments() == []
    comments, entries = await waiting(walk)
    assert (len(comments), len(entries)) == (2 * writers, 20)
    async with runtime.sessions.begin() as session:
        dropped = await drop_pools(session, WORKSPACE, morning(CLOSED + timedelta(days=366)))
    assert dropped > 0
    assert await walk.count(PoolComment) == 0, "deleted unread"


@sqlite_only
async def test_no_more_come_out_than_leave_room_for_people_who_did_not_write(
    runtime: Runtime,
) -> None:
    walk = await walking(runtime, WEEK)
    await arrive(walk, "NEW", 20, writers=20)
    await walk.until(CLOSED)
    assert len(await walk.comments()) == 2 * 10


@sqlite_only
async def test_nothing_leads_from_a_waiting_comment_to_its_author(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await arrive(walk, "ONE", 3, writers=3)
    await walk.until(START + timedelta(days=1))
    await arrive(walk, "TWO", 3, writers=3)
    await walk.until(CLOSED + timedelta(days=1))
    comments, entries = await waiting(walk)
    async with runtime.sessions.begin() as session:
        others = set(await session.scalars(select(PoolEntry.token))) - {e.token for e in entries}
        assert await own_open_answers(session, WORKSPACE, "UONE000") == []
    assert len(others) == 3 * 6, "no name is that of an answer"
    assert [each.author for each in comments] == sorted(each.author for each in comments)
    assert await walk.count(Wave) == 0


@sqlite_only
async def test_what_was_written_about_a_removed_question_stands_under_none(
    runtime: Runtime,
) -> None:
    walk = await walking(runtime, WEEK)
    await arrive(walk, "ONE", 10, writers=10)
    await walk.until(CLOSED)
    async with runtime.sessions.begin() as session:
        for each in await session.scalars(select(PoolComment)):
            if each.topic:
                await session.delete(each)
                session.add(
                    PoolComment(
                        workspace_id=WORKSPACE,
                        pool_id=each.pool_id,
                        author=each.author,
                        topic="of a question before",
                        comment=each.comment,
                    )
                )
    await arrive(walk, "TWO", 10, writers=0)
    await walk.until(CLOSED + timedelta(days=21))
    found = await walk.comments()
    assert len(found) == 20
    async with runtime.sessions.begin() as session:
        page = await comments_page(session, WORKSPACE, found[0][0].survey_id)
    assert {each.question for each in page.comments} <= {None, ANYTHING_TO_ADD}
    assert page.enough == 10
