"""Who takes part is read in pages; who is away, or is not to be asked again, is left out."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.programme.mentor_shortage import count_supply
from bot.mentoring.proposals import service as proposals
from bot.mentoring.proposals.service import WhyNot
from bot.mentoring.rounds import read_pool
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pure.matching import Pair
from models import Employee, MentoringProfile
from models.database import Sessions
from scheduler import mentoring as jobs
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import (
    TOPIC,
    actor,
    mentee,
    mentor,
    open_match,
    person,
    programme,
    proposed,
    runtime_on,
    task_now,
)

MENTOR, MENTEE, OTHER = (person(number) for number in range(3))


async def change(session: AsyncSession, employee_id: str, **values: Any) -> None:
    employee = await session.get_one(Employee, (WORKSPACE, employee_id))
    for name, value in values.items():
        setattr(employee, name, value)
    await session.flush()


async def pairs_of(session: AsyncSession, now: datetime = NOW) -> list[tuple[str, str]]:
    found = rounds.compute_round(await task_now(session, now)).pairs
    return [(pair.mentor_id, pair.mentee_id) for pair in found]


@pytest.mark.parametrize("who", [MENTOR, MENTEE])
async def test_who_is_away_is_neither_matched_nor_asked(session: AsyncSession, who: str) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE))
    assert await pairs_of(session) == [(MENTOR, MENTEE)]
    await change(session, who, away_until=NOW + timedelta(days=3))
    assert await pairs_of(session) == []
    assert not isinstance(proposals.best_for(MENTEE, await task_now(session)), Pair)
    assert not await rounds.propose(session, WORKSPACE, Pair(MENTEE, MENTOR, 0.5, ()), NOW)
    assert await pairs_of(session, NOW + timedelta(days=4)) == [(MENTOR, MENTEE)]


async def test_who_went_away_while_a_round_was_computed_is_not_asked(
    session: AsyncSession,
) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE))
    pair = Pair(MENTEE, MENTOR, 0.5, ())
    await change(session, MENTOR, away_until=NOW + timedelta(hours=1))
    assert not await rounds.propose(session, WORKSPACE, pair, NOW)
    assert await rounds.propose(session, WORKSPACE, pair, NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("why", "for_good"),
    [
        (None, False),
        (WhyNot.NO_TIME, False),
        (WhyNot.TOPICS, True),
        (WhyNot.LEVEL, True),
        (WhyNot.OTHER, True),
    ],
)
async def test_a_mentor_who_said_not_now_is_asked_again_when_the_reason_has_passed(
    session: AsyncSession, why: WhyNot | None, for_good: bool
) -> None:
    await programme(session, mentor(MENTOR, capacity=3), mentee(MENTEE), mentee(OTHER))
    match = await proposed(session, MENTOR, MENTEE)
    await proposals.decline(session, actor(MENTOR), match.id, NOW)
    if why:
        await proposals.say_why(session, actor(MENTOR), match.id, why)
    assert await pairs_of(session) == [(MENTOR, OTHER)], "for others they are asked at once"
    assert await pairs_of(session, NOW + timedelta(weeks=11)) == [(MENTOR, OTHER)]
    later = await pairs_of(session, NOW + timedelta(weeks=12))
    assert ((MENTOR, MENTEE) in later) is not for_good


async def test_a_mentor_who_paused_is_asked_again_after_a_while(session: AsyncSession) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE))
    match = await proposed(session, MENTOR, MENTEE)
    await proposals.pause_me(session, actor(MENTOR), match.id, NOW)
    assert await pairs_of(session, NOW + timedelta(weeks=5)) == [], "no longer paused"
    assert await pairs_of(session, NOW + timedelta(weeks=12)) == [(MENTOR, MENTEE)]


async def test_a_mentor_on_whom_the_mentee_passed_is_never_proposed_again(
    session: AsyncSession,
) -> None:
    await programme(session, mentor(MENTOR, capacity=3), mentee(MENTEE), mentee(OTHER))
    match = await proposed(session, MENTOR, MENTEE)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    await proposals.pass_on(session, actor(MENTEE), match.id, NOW)
    for weeks in (0, 20, 200):
        assert await pairs_of(session, NOW + timedelta(weeks=weeks)) == [(MENTOR, OTHER)]


async def test_own_topics_meet_however_they_are_written(session: AsyncSession) -> None:
    await programme(
        session, mentor(MENTOR, offers=["Guitars"]), mentee(MENTEE, wants=["guitar", "Opera"])
    )
    assert await pairs_of(session) == [(MENTOR, MENTEE)]
    assert (await count_supply(session, WORKSPACE, NOW)).missing == (("Opera", 1, 0),)


async def a_mixed_company(session: AsyncSession) -> None:
    """Store people of all kinds: paused, away, full, left, in a pair, in other zones."""
    tomorrow = NOW.date() + timedelta(days=1)
    names = [person(number) for number in range(14)]
    profiles: list[MentoringProfile] = [
        mentor(names[0], offers=["Rust", TOPIC], capacity=2),
        mentor(names[1], offers=["Guitars"], paused_until=tomorrow),
        mentor(names[2], offers=["SQL"]),
        mentor(names[3], offers=["Go"], capacity=1),
        mentor(names[4], offers=[], capacity=3),
        mentor(names[5], offers=["Rust"], capacity=0),
        mentor(names[6], offers=["Java"]),
        mentee(names[7], wants=["Rust", "Go"]),
        mentee(names[8], wants=["guitar", "SQL"], paused_until=NOW.date() + timedelta(days=9)),
        mentee(names[9], wants=["Go", "Java"]),
        mentee(names[10], wants=["SQL"], first_in_line=True),
        mentee(names[11], wants=["Java"], looking_since=None),
        mentor(names[12], offers=["Scala"], wants=["Java"], looking_since=NOW),
        mentor(names[13], offers=["Opera"], paused_until=tomorrow),
    ]
    await programme(session, *profiles, size=14)
    await change(session, names[2], away_until=NOW + timedelta(days=1))
    await change(session, names[6], active=False)
    await change(session, names[13], tz="Pacific/Kiritimati")  # tomorrow begins at 10:00 UTC
    await proposed(session, names[3], names[9])


@pytest.mark.parametrize("hours", [0, 5])
async def test_what_hr_is_told_is_what_a_round_finds(session: AsyncSession, hours: int) -> None:
    await a_mixed_company(session)
    now = NOW + timedelta(hours=hours)
    people = (await task_now(session, now)).pool
    counted = await count_supply(session, WORKSPACE, now)
    assert counted.looking == len(people.mentees)
    assert counted.mentors == len(people.mentors)
    assert counted.free_places == sum(each.free_places for each in people.mentors)
    wanted = Counter(topic for each in people.mentees for topic in each.wants)
    offered = Counter(topic for each in people.mentors for topic in each.offers)
    free = {topic for each in people.mentors if each.free_places for topic in each.offers}
    missing = {(topic, n, offered[topic]) for topic, n in wanted.items() if topic not in free}
    assert set(counted.missing) == missing
    assert [n for _, n, _ in counted.missing] == sorted((n for _, n, _ in missing), reverse=True)


async def test_a_company_is_read_in_pages(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_mixed_company(session)
    whole = await task_now(session)
    monkeypatch.setattr(read_pool, "PAGE", 2)
    assert await task_now(session) == whole
    assert len(whole.pool.mentees) == 4


async def test_each_page_is_read_in_a_transaction_of_its_own(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions.begin() as session:
        await a_mixed_company(session)
    opened = []

    def reading() -> Any:
        opened.append(True)
        return sessions.begin()

    monkeypatch.setattr(read_pool, "PAGE", 5)
    await read_pool.read_task(reading, WORKSPACE, NOW, seed=1)
    assert len(opened) >= 4


async def test_the_pool_is_read_once_for_all_who_need_the_next_best(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentors = [person(number) for number in range(4)]
    mentees = [person(number) for number in range(4, 7)]
    async with sessions.begin() as session:
        profiles = [mentor(mentors[0], capacity=3, experience_years=None)]
        profiles += [mentor(each, capacity=1) for each in mentors[1:]]
        await programme(session, *profiles, *(mentee(each) for each in mentees))
        for each in mentees:
            match = await proposed(session, mentors[0], each)
            await proposals.decline(session, actor(mentors[0]), match.id, NOW)
    reads = []

    async def counting(*args: Any, **kwargs: Any) -> read_pool.RoundTask:
        reads.append(args)
        return await read_pool.read_task(*args, **kwargs)

    monkeypatch.setattr(jobs, "read_task", counting)
    async with runtime_on(sessions) as runtime:
        assert await jobs.ask_next_mentors(runtime, NOW) == 3
        assert await jobs.ask_next_mentors(runtime, NOW) == 0
    assert len(reads) == 1
    async with sessions.begin() as session:
        asked = [(await open_match(session, each)).mentor_id for each in mentees]
    assert sorted(asked) == mentors[1:], "nobody is asked for two with one place"


async def test_taking_note_of_a_pair_takes_a_place_and_a_mentee(session: AsyncSession) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE), mentee(OTHER))
    search = read_pool.NextBestSearch(await task_now(session))
    search.note(Pair(MENTEE, MENTOR, 0.5, ()))
    assert [each.id for each in search.task.pool.mentees] == [OTHER]
    assert [each.free_places for each in search.task.pool.mentors] == [0]
    assert not isinstance(proposals.best_for(OTHER, search.task), Pair)
