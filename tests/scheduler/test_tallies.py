"""A month is counted once, after it has ended, whatever crashes or comes late."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.monthly_figures import MonthFigure, Row
from bot.insights.pure.months import Month
from bot.insights.tallies import Subject, month_results, months_due, store_month
from bot.runtime import Runtime
from models import Employee, MonthlyFigure
from models.database import Sessions
from scheduler import tallies
from tests.conftest import NOW
from tests.factories import WORKSPACE, company
from tests.mentoring.programmes import runtime_on

OCTOBER = Month.of(date(2026, 10, 1), "Europe/Berlin")
DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
RIGHT_AFTER = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)


async def read_two_teams(session: AsyncSession, workspace_id: str, month: Month) -> list[Row]:
    """Give everybody of two teams something that took a day; the month says of which kind."""
    people = await session.scalars(
        select(Employee.id).where(
            Employee.workspace_id == workspace_id, Employee.team.in_(("Design", "Legal"))
        )
    )
    kind = "good" if month.first_day.month == 10 else "bad"
    return [Row(person, kind, 24.0) for person in people]


TWO_TEAMS = Subject("days", ("good", "bad"), read_two_teams)


@pytest.fixture
async def counting(sessions: Sessions) -> AsyncIterator[Runtime]:
    async with sessions.begin() as session:
        await company(session, {"Design": 24, "Legal": 11})
    async with runtime_on(sessions) as runtime:
        yield runtime


async def tally(runtime: Runtime, now: datetime, *subjects: Subject) -> int:
    return await tallies.tally(runtime, now, subjects or (TWO_TEAMS,))


async def test_a_month_is_counted_once(counting: Runtime) -> None:
    assert await tally(counting, NOW) == 1
    assert await tally(counting, NOW) == 0
    async with counting.sessions.begin() as session:
        found = await month_results(session, WORKSPACE, "days")

    assert [(each.month, each.team, each.people) for each in found] == [
        (date(2026, 10, 1), "", 35),
        (date(2026, 10, 1), "Design", 20),
        (date(2026, 10, 1), "Legal", 10),
    ]
    everybody = found[0]
    assert everybody.shares["good"].is_most
    assert everybody.shares["bad"].is_least
    assert everybody.time
    assert everybody.time.low < 24 < everybody.time.high


async def test_nothing_is_counted_before_the_month_has_ended(counting: Runtime) -> None:
    assert await tally(counting, NOW) == 1, "October"
    assert await tally(counting, datetime(2026, 11, 30, 22, 59, tzinfo=UTC)) == 0
    assert await tally(counting, datetime(2026, 11, 30, 23, 0, tzinfo=UTC)) == 1


async def test_a_scheduler_that_was_down_counts_every_month(counting: Runtime) -> None:
    await tally(counting, NOW)

    assert await tally(counting, datetime(2027, 2, 3, tzinfo=UTC)) == 3
    async with counting.sessions.begin() as session:
        found = await month_results(session, WORKSPACE, "days", months=12)
    assert [each.month.month for each in found if not each.team] == [1, 12, 11, 10]


async def test_what_comes_late_or_goes_changes_no_counted_month(counting: Runtime) -> None:
    await tally(counting, NOW)
    async with counting.sessions.begin() as session:
        before = await month_results(session, WORKSPACE, "days")
        for person in await session.scalars(select(Employee).where(Employee.team == "Design")):
            await session.delete(person)

    assert await tally(counting, NOW) == 0
    async with counting.sessions.begin() as session:
        assert await month_results(session, WORKSPACE, "days") == before


async def test_a_month_with_too_few_people_is_done_as_well(counting: Runtime) -> None:
    async def read_few(session: AsyncSession, workspace_id: str, month: Month) -> list[Row]:
        return (await read_two_teams(session, workspace_id, month))[:4]

    few = Subject("few", ("good", "bad"), read_few)

    assert await tally(counting, NOW, few) == 1
    assert await tally(counting, NOW, few) == 0
    async with counting.sessions.begin() as session:
        (only,) = await month_results(session, WORKSPACE, "few")
    assert (only.people, only.shares, only.time) == (0, {}, None)


async def test_of_two_schedulers_at_once_one_stores(counting: Runtime) -> None:
    first = [MonthFigure("all", "", "people", 10), MonthFigure("all", "", "good", 10, 0.5)]
    second = [MonthFigure("all", "", "people", 15), MonthFigure("team", "Legal", "people", 5)]
    async with counting.sessions.begin() as session:
        assert await store_month(session, WORKSPACE, TWO_TEAMS, OCTOBER, first, NOW)
    async with counting.sessions.begin() as session:
        assert not await store_month(session, WORKSPACE, TWO_TEAMS, OCTOBER, second, NOW)
        kept = (await session.scalars(select(MonthlyFigure))).all()

    assert [(row.measure, row.n) for row in kept] == [("people", 10), ("good", 10)]


async def test_what_was_kept_for_the_month_goes_with_its_figures(counting: Runtime) -> None:
    forgotten: list[date] = []

    async def forget(_session: AsyncSession, _workspace_id: str, month: Month) -> None:
        forgotten.append(month.first_day)

    pool = Subject("pool", ("good", "bad"), read_two_teams, forget)

    await tally(counting, NOW, pool)
    await tally(counting, NOW, pool)

    assert forgotten == [date(2026, 10, 1)]


async def test_a_subject_that_fails_holds_up_no_other(
    counting: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_session: AsyncSession, _workspace_id: str, _month: Month) -> list[Row]:
        raise RuntimeError

    assert await tally(counting, NOW, Subject("broken", ("one",), fail), TWO_TEAMS) == 1
    async with counting.sessions.begin() as session:
        due = await months_due(session, [Subject("broken", ("one",), fail)], NOW)
    assert len(due) == 1, "it stays due"
    assert "skipped a unit" in caplog.text


async def test_somebody_who_moved_counts_where_surveys_count_them(counting: Runtime) -> None:
    async with counting.sessions.begin() as session:
        for person in (
            await session.scalars(
                select(Employee).where(Employee.team == "Design").order_by(Employee.id).limit(4)
            )
        ).all():
            person.counted_team, person.counted_team_until = "Design", date(2027, 1, 1)
            person.team = "Legal"

    await tally(counting, RIGHT_AFTER)
    async with counting.sessions.begin() as session:
        found = await month_results(session, WORKSPACE, "days")

    assert {each.team: each.people for each in found} == {"": 35, "Design": 20, "Legal": 10}
