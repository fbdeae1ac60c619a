"""What is only counted: once for each person, unnamed, and gone with the month's figures."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers import counting, helping, monthly, service
from bot.blockers.personal_data import drop_old, erase_own
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import End
from bot.errors import UserError
from bot.insights.pure.monthly_figures import Row
from bot.insights.pure.months import Month
from bot.insights.tallies import month_results
from models import Base, Blocker, BlockerPool, CountedBlocker, Delivery, Workspace
from models.database import Sessions
from scheduler.tallies import tally
from tests.blockers.people import ASKER, HELPER, OTHER, actor, asked, design_team, reported, stored
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.mentoring.programmes import runtime_on

NOVEMBER = Month.of(date(2026, 11, 1), "Europe/Berlin")
DECEMBER = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
async def team(session: AsyncSession) -> AsyncSession:
    await design_team(session)
    return session


async def test_each_person_and_kind_counts_once_a_month(team: AsyncSession) -> None:
    for now in (NOW, NOW, NOW + timedelta(days=20), DECEMBER):
        await counting.count(team, actor(ASKER), BlockerKind.LOAD, now)
    await counting.count(team, actor(ASKER), BlockerKind.GOAL, NOW)
    await counting.count(team, actor(HELPER), BlockerKind.LOAD, NOW)

    assert sorted(await counting.counted_by_person(team, WORKSPACE, NOVEMBER.first_day)) == [
        (ASKER, "goal"),
        (ASKER, "load"),
        (HELPER, "load"),
    ]
    assert await counting.own_counted(team, WORKSPACE, ASKER) == [
        counting.OwnCounted(date(2026, 11, 1), "goal"),
        counting.OwnCounted(date(2026, 11, 1), "load"),
        counting.OwnCounted(date(2026, 12, 1), "load"),
    ]


async def test_no_row_tells_whose_it_is(team: AsyncSession) -> None:
    await counting.count(team, actor(ASKER), BlockerKind.LOAD, NOW)

    for table in Base.metadata.sorted_tables:
        if table.name in ("employees", "workspaces", "role_grants"):
            continue
        for row in await team.execute(select(table)):
            assert ASKER not in str(row)
    assert {column.name for column in CountedBlocker.__table__.columns} == {
        "workspace_id", "month", "token", "kind",
    }  # fmt: skip


async def test_the_same_person_has_another_token_in_another_month(team: AsyncSession) -> None:
    for now in (NOW, DECEMBER):
        await counting.count(team, actor(ASKER), BlockerKind.LOAD, now)

    tokens = (await team.scalars(select(CountedBlocker.token))).all()
    assert len(set(tokens)) == 2


async def test_a_stranger_is_not_counted(team: AsyncSession) -> None:
    with pytest.raises(UserError):
        await counting.count(team, actor("U0GUEST"), BlockerKind.LOAD, NOW)
    assert not (await team.scalars(select(BlockerPool))).all()


async def test_the_month_is_the_workspaces(team: AsyncSession) -> None:
    (await team.get_one(Workspace, WORKSPACE)).tz = "Asia/Tokyo"
    evening = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    await counting.count(team, actor(ASKER), BlockerKind.LOAD, evening)

    assert (await team.scalars(select(CountedBlocker.month))).all() == [date(2026, 12, 1)]


async def test_by_name_and_counted_is_one_person(team: AsyncSession) -> None:
    await reported(team)
    await counting.count(team, actor(ASKER), BlockerKind.LOAD, NOW)

    rows = await monthly.read_reported(team, WORKSPACE, NOVEMBER)

    assert sorted(rows, key=str) == [Row(ASKER, "access"), Row(ASKER, "load")]


async def test_a_blocker_belongs_to_the_month_in_which_it_was_opened_and_closed(
    team: AsyncSession,
) -> None:
    solved, dropped, unfinished = [await asked(team, each) for each in (HELPER, OTHER, OTHER)]
    await helping.accept(team, actor(HELPER), solved.id, NOW)
    later = NOVEMBER.ends + timedelta(hours=1)
    await service.close(team, actor(ASKER), solved.id, End.SOLVED, NOW + timedelta(hours=30))
    await service.close(team, actor(ASKER), dropped.id, End.DROPPED, later)
    december = Month.of(date(2026, 12, 1), "Europe/Berlin")

    assert len(await monthly.read_reported(team, WORKSPACE, NOVEMBER)) == 3
    assert await monthly.read_reported(team, WORKSPACE, december) == []
    assert await monthly.read_ended(team, WORKSPACE, NOVEMBER) == [Row(ASKER, "solved", 30.0)]
    assert await monthly.read_ended(team, WORKSPACE, december) == [Row(ASKER, "dropped")]
    assert (await stored(team, unfinished)).closed_at is None


async def test_the_months_figures_and_nothing_else_are_left(
    sessions: Sessions, database_url: str
) -> None:
    async with sessions.begin() as session:
        people = await company(session, {"Design": 20, "Legal": 14})
        for person in people:
            kind = BlockerKind.LOAD if person.team == "Design" else BlockerKind.GOAL
            await counting.count(session, actor(person.id), kind, NOW)
        pool = (await session.scalars(select(BlockerPool))).one()
        tokens = list(await session.scalars(select(CountedBlocker.token)))

    async with runtime_on(sessions) as runtime:
        assert await tally(runtime, DECEMBER, (monthly.REPORTED, monthly.ENDED)) == 2

    async with sessions.begin() as session:
        everybody, design, legal = await month_results(session, WORKSPACE, "blockers")
        assert (everybody.people, design.people, legal.people) == (30, 20, 10)
        assert design.shares["load"].is_most
        assert legal.shares["load"].is_least
        for table in (BlockerPool, CountedBlocker):
            assert not (await session.scalars(select(table))).all()
    if database_url.startswith("sqlite"):
        path = str(make_url(database_url).database)
        disk = b"".join(each.read_bytes() for each in Path(path).parent.glob("attune.sqlite3*"))
        for secret in (pool.key, *tokens):
            assert secret.encode() not in disk


async def test_erasing_takes_what_was_counted_and_asked(team: AsyncSession) -> None:
    for person in (ASKER, HELPER):
        await counting.count(team, actor(person), BlockerKind.LOAD, NOW)
    own, helped = await asked(team), await reported(team)
    await service.ask(team, actor(ASKER), helped.id, OTHER, NOW)
    await erase_own(team, WORKSPACE, OTHER)
    assert (await stored(team, helped)).helper_id is None

    await erase_own(team, WORKSPACE, ASKER)

    assert await counting.counted_by_person(team, WORKSPACE, NOVEMBER.first_day) == [
        (HELPER, "load")
    ]
    assert await team.get(Blocker, (WORKSPACE, own.id), populate_existing=True) is None
    assert (await team.scalars(select(Delivery.recipient))).all() == [HELPER, OTHER]


async def test_blockers_are_kept_for_a_year(team: AsyncSession) -> None:
    old, young = await reported(team, NOW), await reported(team, NOW + timedelta(days=1))

    assert await drop_old(team, WORKSPACE, NOW + timedelta(hours=1)) == 1
    assert await team.get(Blocker, (WORKSPACE, old.id), populate_existing=True) is None
    assert await stored(team, young)
