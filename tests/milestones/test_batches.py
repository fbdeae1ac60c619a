"""Answers at a milestone wait in pools, and come out in batches."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.insights.service import running_waves
from bot.pulse.personal_data import own_open_answers, own_waiting_answers
from bot.pulse.pools import MILESTONE, drop_pools
from bot.pulse.pure.tokens import respondent_token
from bot.runtime import Runtime
from bot.surveys.service import list_surveys
from models import Figure, Invitation, OpenAnswer, Pool, PoolEntry, Survey, Wave, Workspace
from tests.factories import WORKSPACE
from tests.milestones.walking import HR, START, WEEK, Walking, morning, names, walking

CLOSED = START + timedelta(days=7 + 14)
"""Those who started on the first day were asked on a Monday; their window closes now."""
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def waiting(walk: Walking) -> list[set[int | None]]:
    async with walk.runtime.sessions.begin() as session:
        pools = (await session.scalars(select(Pool).where(Pool.kind == MILESTONE))).all()
        entries = (await session.scalars(select(PoolEntry))).all()
    return [{each.value for each in entries if each.pool_id == pool.id} for pool in pools]


async def test_a_batch_comes_out_when_enough_were_asked_and_answered(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    people = names("NEW", 10)
    await walk.join(*people)
    walk.answering = lambda person, _: None if person in people[:3] else 4
    await walk.until(CLOSED)

    ((batch, figures),) = await walk.batches()
    assert (batch.batch, batch.invited, batch.responded, batch.key) == (1, 10, 5, None)
    assert batch.held_on == CLOSED, "the day on which it came out"
    assert {each.segment for each in figures} == {"all"}
    drivers = {each.measure_ref for each in figures if each.measure == "driver"}
    assert drivers == {"onboarding", "communication"}
    assert {each.n for each in figures} == {5}, "seven answered; counts come in steps of k"
    assert await waiting(walk) == []
    for table in (OpenAnswer, Invitation):
        assert await walk.count(table) == 0


@pytest.mark.parametrize(("asked", "answered"), [(9, 9), (10, 4)])
@sqlite_only
async def test_nothing_comes_out_of_too_few(runtime: Runtime, asked: int, answered: int) -> None:
    walk = await walking(runtime, WEEK)
    people = names("NEW", asked)
    await walk.join(*people)
    walk.answering = lambda person, _: 4 if person in people[:answered] else None
    await walk.until(CLOSED)

    assert await walk.batches() == []
    assert await walk.count(Wave) == 0, "the wave that asked is gone"
    assert len(await waiting(walk)) == 3


@sqlite_only
async def test_the_next_batch_begins_empty_and_shares_nobody(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join(*names("ONE", 10))
    walk.answering = lambda person, _: 5 if person.startswith("UONE") else 1
    await walk.until(START + timedelta(days=2))
    await walk.join(*names("TWO", 10))
    await walk.until(CLOSED + timedelta(days=3))

    (first, one), (second, two) = await walk.batches()
    assert (first.batch, second.batch) == (1, 2)
    assert first.held_on < second.held_on
    best = [each.mean for each in one if each.measure == "driver" and each.mean is not None]
    worst = [each.mean for each in two if each.measure == "driver" and each.mean is not None]
    assert (len(best), len(worst)) == (2, 2)
    assert min(best) > 5 > max(worst)


@sqlite_only
async def test_after_the_window_nobody_can_reach_an_answer(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA", "UBEN")
    await walk.until(START + timedelta(days=10))
    async with runtime.sessions.begin() as session:
        assert len(await own_open_answers(session, WORKSPACE, "UANA")) == 3
    await walk.until(CLOSED)
    async with runtime.sessions.begin() as session:
        assert await own_open_answers(session, WORKSPACE, "UANA") == []
        assert await own_waiting_answers(session, WORKSPACE, "UANA") == []
    assert await waiting(walk) == [{4}, {4}, {4}]


@sqlite_only
async def test_k_that_grows_while_a_pool_waits_counts_for_it(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join(*names("ONE", 8))
    await walk.until(CLOSED)
    async with runtime.sessions.begin() as session:
        await session.execute(update(Workspace).values(min_group_size=8))
    walk.today = START + timedelta(days=7)
    await walk.join(*names("TWO", 4))
    walk.today = CLOSED
    await walk.until(CLOSED + timedelta(days=8))
    assert await walk.batches() == [], "twelve were asked, and k is eight now"
    await walk.join(*names("SIX", 4))
    await walk.until(walk.today + timedelta(days=22))
    ((batch, _),) = await walk.batches()
    assert (batch.invited, batch.min_group_size) == (16, 8)


@sqlite_only
async def test_what_waits_for_a_year_is_deleted_unread(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA")
    await walk.until(CLOSED)
    await walk.switch(WEEK, on=False)
    for days, left in ((364, 4), (366, 0)):
        async with runtime.sessions.begin() as session:
            later = morning(CLOSED + timedelta(days=days))
            dropped = await drop_pools(session, WORKSPACE, later)
        assert (dropped, await walk.count(Pool)) == (4 - left, left), "three and the comments'"
    assert await walk.count(PoolEntry) == 0
    assert await walk.count(Figure) == 0


@sqlite_only
async def test_hr_sees_no_open_wave_and_no_count(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join(*names("NEW", 6))
    await walk.until(START + timedelta(days=8))
    assert await walk.count(Wave) == 1
    async with runtime.sessions.begin() as session:
        assert await running_waves(session, WORKSPACE) == ()
        assert await list_surveys(session, HR, morning(walk.today)) == []


@sqlite_only
async def test_rows_that_wait_tie_nobody_to_anything(runtime: Runtime) -> None:
    """Names differ from question to question, and no HMAC of a person's id leads to an entry."""
    walk = await walking(runtime, WEEK)
    people = names("NEW", 4)
    await walk.join(*people)
    await walk.until(CLOSED)
    async with runtime.sessions.begin() as session:
        pools: Any = (await session.scalars(select(Pool))).all()
        tokens = [each.token for each in await session.scalars(select(PoolEntry))]
        surveys = (await session.scalars(select(Survey))).all()
    assert len(tokens) == len(set(tokens)) == (3 + 1) * len(people), "comments have names, too"
    known = {respondent_token(pool.key, person) for pool in pools for person in people}
    assert not known & set(tokens)
    assert surveys
