"""Coffee pairs: everybody who joined, nobody dropped, somebody new each time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.coffee import service as coffee
from bot.mentoring.programme.service import programme_of, save_programme
from models import CoffeeGroup, Delivery, Employee, MentoringProfile
from models.database import Sessions
from scheduler import mentoring as jobs
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.mentoring.programmes import (
    actor,
    letters,
    person,
    planned,
    profile,
    programme,
    runtime_on,
)

PEOPLE = [person(number) for number in range(5)]


async def schedule(session: AsyncSession, *people: MentoringProfile) -> None:
    await programme(session, *people)
    settings = await programme_of(session, "T0ATTUNE")
    await save_programme(session, actor(ADMIN), settings.weights, 12, None, 2, NOW)


async def groups(sessions: Sessions) -> list[set[str]]:
    async with sessions.begin() as session:
        rows = await session.scalars(select(CoffeeGroup).order_by(CoffeeGroup.made_at))
        return [set(row.people) for row in rows]


async def test_five_people_make_a_pair_and_a_three_and_meet_others_next_time(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        await schedule(session, *(profile(each, coffee=True) for each in PEOPLE))
    async with runtime_on(sessions) as runtime:
        for weeks in (1, 3):
            now = NOW + timedelta(weeks=weeks)
            assert await jobs.hold_rounds(runtime, now)
            assert await jobs.hold_coffee_rounds(runtime, now)
            assert not await jobs.hold_coffee_rounds(runtime, now)
    made = await groups(sessions)
    assert sorted(len(people) for people in made) == [2, 2, 3, 3]
    pairs = [people for people in made if len(people) == 2]
    assert pairs[0] != pairs[1]
    async with sessions.begin() as session:
        for workspace_id, group_id in await coffee.coffees_to_introduce(session):
            assert await coffee.introduce_coffee(session, workspace_id, group_id, None, NOW)
            assert not await coffee.introduce_coffee(session, workspace_id, group_id, None, NOW)
        for each in PEOPLE:
            assert [kind for kind, _ in await letters(session, each)] == ["mentor_coffee"] * 2


async def test_whoever_is_alone_is_told(sessions: Sessions) -> None:
    lone, other = PEOPLE[:2]
    async with sessions.begin() as session:
        together = [profile(lone, coffee=True, never_with=[other]), profile(other, coffee=True)]
        await schedule(session, *together)
    async with runtime_on(sessions) as runtime:
        now = NOW + timedelta(weeks=1)
        await jobs.hold_rounds(runtime, now)
        await jobs.hold_coffee_rounds(runtime, now)
    assert await groups(sessions) == []
    async with sessions.begin() as session:
        for each in (lone, other):
            assert await letters(session, each) == [("mentor_coffee", {"people": []})]


async def test_whoever_is_away_has_no_coffee(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await schedule(session, *(profile(each, coffee=True) for each in PEOPLE))
        on_leave = await session.get_one(Employee, ("T0ATTUNE", PEOPLE[0]))
        on_leave.away_until = NOW + timedelta(weeks=2)
    async with runtime_on(sessions) as runtime:
        now = NOW + timedelta(weeks=1)
        await jobs.hold_rounds(runtime, now)
        await jobs.hold_coffee_rounds(runtime, now)
    assert sorted(person for people in await groups(sessions) for person in people) == PEOPLE[1:]
    async with sessions.begin() as session:
        assert await letters(session, PEOPLE[0]) == []


async def test_a_group_is_written_to_in_its_own_morning(session: AsyncSession) -> None:
    await programme(session, *(profile(each, coffee=True) for each in PEOPLE[:2]))
    for each in PEOPLE[:2]:
        (await session.get_one(Employee, (WORKSPACE, each))).tz = "America/Los_Angeles"
    group = CoffeeGroup(workspace_id=WORKSPACE, round_id="r", people=PEOPLE[:2], made_at=NOW)
    session.add(group)
    await session.flush()
    assert await coffee.introduce_coffee(session, WORKSPACE, group.id, "G0COFFEE", NOW)
    letter = (await session.scalars(select(Delivery))).one()
    assert letter.readers == PEOPLE[:2]
    made = await planned(session, NOW)
    assert made == {letter.id: datetime(2026, 11, 3, 17, tzinfo=UTC)}, "9:00 in Los Angeles"
