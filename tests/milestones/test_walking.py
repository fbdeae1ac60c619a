"""People at milestones through the real jobs: moves, absences, leaving, and HR's changes."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.actor import Actor
from bot.backup.after_restoring import pass_over_what_was_due
from bot.journeys import milestones, service
from bot.journeys.pure.milestones import Choice
from bot.outbox.kinds import Composing
from bot.people.importing import import_people
from bot.people.pure.directory import Person
from bot.people.pure.import_file import read_csv
from bot.people.service import apply_change
from bot.pulse.pools import MILESTONE
from bot.pulse.undelivered import REASONS, compose_notice
from bot.rights.service import forget
from bot.runtime import Runtime
from bot.surveys.drafts import NewQuestion
from bot.surveys.pure.bank import load_bank
from models import (
    Delivery,
    Employee,
    Invitation,
    JourneyStep,
    Pool,
    PoolEntry,
    RoleGrant,
    Survey,
    Wave,
    Workspace,
)
from scheduler.insights import publish_waves
from scheduler.journeys import greet_newcomers
from scheduler.pulse import close_waves, open_waves
from tests.factories import WORKSPACE, employee, workspace
from tests.milestones.walking import HR, START, WEEK, morning, names, walking
from tests.pulse.waves import actor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY_7 = date(2026, 11, 9)


async def test_a_newcomer_is_welcomed_and_asked_on_each_day(runtime: Runtime) -> None:
    walk = await walking(runtime)
    await walk.join("UANA")
    await walk.live()
    async with runtime.sessions.begin() as session:
        (welcome,) = await session.scalars(select(Delivery).where(Delivery.kind == "welcome"))
    assert welcome.recipient == "UANA"
    for day in (DAY_7, date(2026, 12, 1), date(2026, 12, 31), date(2027, 2, 1)):
        walk.today = day - timedelta(days=1)
        await walk.live()
        await walk.until(day)
    assert walk.asked_at("UANA") == {
        "joined_7": [DAY_7],
        "joined_30": [date(2026, 12, 1)],
        "joined_60": [date(2026, 12, 31)],
        "joined_90": [date(2027, 2, 1)],
    }
    assert len(await walk.steps("UANA")) == 5


async def test_jobs_that_run_again_ask_and_greet_once(runtime: Runtime) -> None:
    walk = await walking(runtime, "joined_1", WEEK)
    await walk.join("UANA")
    for _ in range(3):
        await greet_newcomers(runtime, morning(START))
    await walk.until(DAY_7)
    for _ in range(3):
        await open_waves(runtime, morning(DAY_7))
    async with runtime.sessions.begin() as session:
        kinds = [each.kind for each in await session.scalars(select(Delivery))]
    assert sorted(kinds) == ["question", "welcome"]
    assert await walk.count(Invitation) == 1


async def test_a_restored_backup_asks_at_no_milestone_of_the_days_that_it_missed(
    runtime: Runtime,
) -> None:
    walk = await walking(runtime, WEEK, "joined_30")
    await walk.join("UANA")
    await walk.until(DAY_7 - timedelta(days=3))
    async with runtime.sessions.begin() as session:
        await pass_over_what_was_due(session, morning(DAY_7))
    await walk.until(date(2026, 12, 1))
    assert walk.asked_at("UANA") == {"joined_30": [date(2026, 12, 1)]}


async def test_a_date_moved_after_day_7_asks_nothing_twice(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK, "joined_30")
    await walk.join("UANA")
    await walk.until(DAY_7)
    await walk.change("UANA", hired_on=START + timedelta(days=9))
    await walk.until(date(2026, 12, 11))
    assert walk.asked_at("UANA") == {"joined_7": [DAY_7], "joined_30": [date(2026, 12, 10)]}


async def test_whoever_is_away_for_long_is_asked_after_it(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA", absent_from=DAY_7, absent_until=date(2026, 11, 18))
    await walk.join("UBEN", tz="Pacific/Auckland")
    await walk.until(date(2026, 11, 20))
    assert walk.asked_at("UANA") == {WEEK: [date(2026, 11, 19)]}
    assert walk.asked_at("UBEN") == {WEEK: [DAY_7]}


async def test_a_question_that_reached_nobody_can_come_again(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA")
    await walk.until(DAY_7 - timedelta(days=3))
    for _ in range(2):
        await open_waves(runtime, morning(DAY_7))
    assert set(await walk.steps("UANA")) == {WEEK}
    async with runtime.sessions.begin() as session:
        await session.execute(update(Wave).values(closes_at=morning(DAY_7)))
        await session.execute(update(Delivery).values(status="dropped", reason="away"))
    await close_waves(runtime, morning(DAY_7) + timedelta(days=1))
    assert await walk.steps("UANA") == {}
    assert await walk.count(Pool) == 0, "nobody was asked, so nobody waits"


async def test_whoever_left_or_was_forgotten_is_not_asked(runtime: Runtime) -> None:
    walk = await walking(runtime)
    await walk.join("UANA", "UBEN", leaves_on=START + timedelta(days=20))
    await walk.join("UCAT")
    await walk.until(DAY_7 + timedelta(days=1))
    async with runtime.sessions.begin() as session:
        await forget(session, actor("UCAT"), "UCAT", morning(DAY_7))
    await walk.until(START + timedelta(days=14))
    await walk.change("UANA", active=False, left_at=morning(walk.today))
    await walk.until(START + timedelta(days=35))
    assert set(walk.asked_at("UANA")) == {WEEK, "leaving_7"}
    assert set(walk.asked_at("UBEN")) == {WEEK, "leaving_7"}
    assert set(walk.asked_at("UCAT")) == {WEEK}
    assert await walk.steps("UCAT") == {}


async def test_a_paused_person_and_a_milestone_that_is_off_wait(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA", "UBEN")
    async with runtime.sessions.begin() as session:
        dates = service.Dates(hired_on=START)
        await service.save_person(session, HR, "UANA", dates, morning(START), is_paused=True)
    await walk.until(DAY_7)
    assert [who for who, *_ in walk.asked] == ["UBEN"]
    await walk.switch(WEEK, on=False)
    async with runtime.sessions.begin() as session:
        await service.save_person(session, HR, "UANA", dates, morning(START), is_paused=False)
    await walk.until(DAY_7 + timedelta(days=2))
    assert [who for who, *_ in walk.asked] == ["UBEN"]
    await walk.switch(WEEK, on=True)
    await walk.until(DAY_7 + timedelta(days=4))
    assert [who for who, *_ in walk.asked] == ["UBEN", "UANA"]
    await walk.until(DAY_7 + timedelta(days=21))
    assert await walk.count(Pool) == 3 + 1, "what waited while it was off is in the same pools"


async def test_changed_questions_begin_a_new_survey_and_keep_the_pools_of_others(
    runtime: Runtime,
) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA")
    await walk.until(DAY_7)
    async with runtime.sessions.begin() as session:
        line = await milestones.milestone_line(session, HR, WEEK)
        other = NewQuestion.from_bank(load_bank().get("belonging_at_ease"))
        changed = (*line.questions[1:], other)
        now = morning(walk.today)
        await milestones.save_milestone(session, HR, WEEK, Choice(), changed, now)
    await walk.join("UBEN", hired_on=START + timedelta(days=1))
    await walk.until(DAY_7 + timedelta(days=18))
    assert [who for who, *_ in walk.asked] == ["UANA", "UBEN"]
    assert await walk.count(Pool) == 4 + 1, "three questions, then three of which two are the same"
    async with runtime.sessions.begin() as session:
        of_week = select(Survey.status).where(Survey.audience_ref == WEEK)
        assert sorted(await session.scalars(of_week)) == ["active", "ended"]


async def test_hr_is_told_whom_a_milestone_never_reached(runtime: Runtime) -> None:
    walk = await walking(runtime, WEEK)
    await walk.join("UANA", "UBEN")
    await walk.until(DAY_7 - timedelta(days=3))
    for _ in range(2):
        await open_waves(runtime, morning(DAY_7))
    async with runtime.sessions.begin() as session:
        ana = Delivery.recipient == "UANA"
        lost = {"status": "failed", "reason": "user_not_found"}
        await session.execute(update(Delivery).where(ana).values(**lost))
        await session.execute(update(Delivery).where(~ana).values(status="sent"))
        await session.execute(
            update(Invitation).where(Invitation.employee_id == "UBEN").values(status="asked")
        )
        await session.execute(update(Wave).values(closes_at=morning(DAY_7)))
    later = morning(DAY_7) + timedelta(days=1)
    await close_waves(runtime, later)
    await publish_waves(runtime, later)
    assert await walk.count(Wave) == 0
    async with runtime.sessions.begin() as session:
        (told,) = await session.scalars(select(Delivery).where(Delivery.kind == "notice"))
        message = await compose_notice(session, told, Composing(later, None))
    assert told.recipient == HR.user_id
    assert message
    assert "I couldn't deliver it to 1 of 2 people." in message.text
    assert REASONS["user_not_found"] in str(message.blocks)
    assert not {"UANA", "UBEN"} & set(re.findall(r"U[A-Z]+", str((message, told.detail))))


async def test_two_workspaces_keep_apart(runtime: Runtime) -> None:
    """Both have people with the same ids at the same milestone, together enough for a batch."""
    walk = await walking(runtime, WEEK)
    there = Actor("T0OTHER", HR.user_id)
    people = names("NEW", 9)
    await walk.join(*people)
    async with runtime.sessions.begin() as session:
        session.add(workspace(id=there.workspace_id, bot_token="xoxb-other"))
        await session.flush()
        fields = {"workspace_id": there.workspace_id, "hired_on": START}
        session.add_all(employee(each, **fields) for each in people)
        session.add(employee(there.user_id, workspace_id=there.workspace_id))
        key = {"workspace_id": there.workspace_id, "employee_id": there.user_id}
        session.add(RoleGrant(**key, role="admin", granted_at=morning(START)))
        await session.flush()
        await milestones.start(session, there, morning(START))
    await walk.until(DAY_7 + timedelta(days=14))
    async with runtime.sessions.begin() as session:
        steps = await session.scalars(
            select(JourneyStep.workspace_id).where(JourneyStep.milestone == WEEK)
        )
        assert Counter(steps) == {WORKSPACE: 9, there.workspace_id: 9}
        waiting = await session.execute(
            select(Pool.workspace_id, Pool.source, func.count())
            .join(PoolEntry, PoolEntry.pool_id == Pool.id)
            .where(PoolEntry.workspace_id == Pool.workspace_id, Pool.kind == MILESTONE)
            .group_by(Pool.workspace_id, Pool.source)
        )
        assert {tuple(row) for row in waiting} == {
            (WORKSPACE, WEEK, 3 * 9),
            (there.workspace_id, WEEK, 3 * 9),
        }
    assert await walk.batches() == []


async def test_the_import_gives_dates_and_changes_nothing_the_second_time(
    runtime: Runtime,
) -> None:
    walk = await walking(runtime)
    await walk.join("UANA", hired_on=None)
    file = "email,hired_on,leaves_on,back_on\nuana@example.com,2026-11-02,2027-01-15,2026-12-01\n"
    for _ in range(2):
        async with runtime.sessions.begin() as session:
            await import_people(session, WORKSPACE, read_csv(file), morning(START))
        await walk.until(DAY_7)
    async with runtime.sessions.begin() as session:
        person = await session.get_one(Employee, (WORKSPACE, "UANA"))
    assert (person.hired_on, person.leaves_on, person.back_on) == (
        START,
        date(2027, 1, 15),
        date(2026, 12, 1),
    )
    assert walk.asked_at("UANA") == {WEEK: [DAY_7]}


async def test_whoever_joins_slack_waits_for_hr_to_confirm_their_first_day(
    runtime: Runtime,
) -> None:
    await walking(runtime)
    now = datetime(2026, 11, 4, 8, 0, tzinfo=UTC)
    new = Person("UNEW", "Nia", "nia@example.com", "Europe/Berlin", None, 1, True, True)
    async with runtime.sessions.begin() as session:
        row = await session.get_one(Workspace, WORKSPACE)
        row.synced_at = morning(START)
        await session.flush()
        await apply_change(session, WORKSPACE, new, now)
        (arrival,) = (await service.overview(session, HR, now)).arrivals
        assert (arrival.employee_id, arrival.seen_on) == ("UNEW", now.date())
    assert await greet_newcomers(runtime, now) == 0
    async with runtime.sessions.begin() as session:
        await service.confirm_first_day(session, HR, "UNEW", now)
        assert (await service.overview(session, HR, now)).arrivals == ()
    assert await greet_newcomers(runtime, now) == 1
