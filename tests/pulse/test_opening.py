import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.pulse.asking import reminder_at
from bot.pulse.messages import follow_question
from bot.pulse.opening import NotOpened, OpenedWave
from models import Cohort, Delivery, Employee, Invitation, Survey, Wave
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, employee, match, workspace
from tests.pulse.opening import open_wave
from tests.pulse.waves import count, opened_wave, store_survey


async def opening(
    session: AsyncSession, survey: Survey, now: datetime = NOW
) -> OpenedWave | NotOpened | None:
    return await open_wave(session, WORKSPACE, survey.id, None, now)


async def deliveries(session: AsyncSession, kind: str) -> dict[str, Delivery]:
    found = await session.scalars(select(Delivery).where(Delivery.kind == kind))
    return {delivery.recipient: delivery for delivery in found}


async def test_a_wave_opens_with_invitations_cohorts_and_deliveries(session: AsyncSession) -> None:
    await company(session, {"Design": 6, "Legal": 7})
    survey = await store_survey(session)
    opened = await opening(session, survey)

    assert isinstance(opened, OpenedWave)
    wave = await session.get_one(Wave, (WORKSPACE, opened.wave_id))
    assert (wave.status, wave.anonymous, wave.min_group_size, wave.invited) == ("open", True, 5, 14)
    assert wave.key is not None
    assert len(wave.key) == 32
    assert wave.held_on == date(2026, 11, 3)
    invitations = list(await session.scalars(select(Invitation)))
    assert {invitation.status for invitation in invitations} == {"pending"}
    cohorts = {cohort.id: cohort for cohort in await session.scalars(select(Cohort))}
    sizes = Counter(invitation.cohort_id for invitation in invitations)
    assert sizes == {number: cohort.invited for number, cohort in cohorts.items()}
    assert min(sizes.values()) >= 5
    assert {cohort.team for cohort in cohorts.values()} == {"Legal", None}
    asked = await deliveries(session, "question")
    assert len(asked) == 14
    assert asked[ADMIN].key == f"question:{wave.id}:{ADMIN}"
    assert asked[ADMIN].wave_id == wave.id
    assert asked[ADMIN].status == "waiting"


@pytest.mark.parametrize(
    ("status", "anonymous", "sizes"),
    [
        ("active", True, {"in mentoring": 6, "not in mentoring": 6, None: 21}),
        ("accepted", True, {None: 33}),
        ("completed", True, {None: 33}),
        ("active", False, {None: 33}),
    ],
)
async def test_cohorts_tell_who_has_a_mentor_where_enough_do_and_do_not(
    session: AsyncSession, status: str, anonymous: bool, sizes: dict[str | None, int]
) -> None:
    people = await company(session, {"Design": 12, "Legal": 20})
    mentees = [person.id for person in people[:6]]
    # One mentee is too few to tell of in a team, and mentors have no mentor.
    mentees.append(people[12].id)
    session.add_all(
        match(mentee, mentor_id=people[11].id, status=status, id=f"{number:032x}")
        for number, mentee in enumerate(mentees)
    )
    elsewhere = workspace(id="T0OTHER")
    session.add(elsewhere)
    await session.flush()
    session.add(match(people[13].id, workspace_id=elsewhere.id))
    opened = await opening(session, await store_survey(session, anonymous=anonymous))
    assert isinstance(opened, OpenedWave)

    cohort_of = {each.id: each for each in await session.scalars(select(Cohort))}
    told = {
        each.employee_id: cohort_of[each.cohort_id]
        for each in await session.scalars(select(Invitation))
        if each.cohort_id is not None
    }
    assert Counter(each.mentoring for each in told.values()) == sizes
    assert {each.team for each in told.values() if each.mentoring} <= {"Design"}
    if "in mentoring" in sizes:
        assert {told[mentee].mentoring for mentee in mentees[:6]} == {"in mentoring"}


async def test_everybody_is_asked_and_reminded_at_their_own_hour(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    session.add(employee("UTOKYO", tz="Asia/Tokyo"))
    session.add(employee("UNYC", tz="America/New_York"))
    # Tokyo's ten o'clock is the first of the three.
    early = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
    survey = await store_survey(session, ask_at=time(10, 0), open_hours=96, next_open_at=early)
    opened = await opening(session, survey, now=early)

    assert isinstance(opened, OpenedWave)
    asked = {person: row.due_at for person, row in (await deliveries(session, "question")).items()}
    assert asked["UTOKYO"] == early
    assert asked[ADMIN] == datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    assert asked["UNYC"] == datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
    assert opened.closes_at == asked["UNYC"] + timedelta(hours=96)
    assert await deliveries(session, "reminder") == {}
    for row in (await deliveries(session, "question")).values():
        await follow_question(session, [row], row.due_at)
    reminded = await deliveries(session, "reminder")
    assert {
        person: row.due_at - asked[person] for person, row in reminded.items()
    } == dict.fromkeys(asked, timedelta(days=2))


async def test_a_reminder_counts_from_when_the_question_came(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    opened = await opening(session, await store_survey(session, open_hours=96))
    assert isinstance(opened, OpenedWave)
    question = (await deliveries(session, "question"))[ADMIN]
    await follow_question(session, [question], NOW + timedelta(days=1))
    await follow_question(session, [question], NOW + timedelta(days=2))
    reminder = (await deliveries(session, "reminder"))[ADMIN]
    assert reminder.due_at == NOW + timedelta(days=3)


async def test_a_wave_waits_for_people_with_a_day_off(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    session.add(employee("UTOKYO", tz="Asia/Tokyo"))
    christmas_eve = datetime(2026, 12, 24, 18, 0, tzinfo=UTC)
    survey = await store_survey(
        session,
        cadence="once",
        ask_at=None,
        open_hours=24,
        next_on=christmas_eve.date(),
        next_open_at=christmas_eve,
    )
    opened = await opening(session, survey, now=christmas_eve)
    assert isinstance(opened, OpenedWave)
    # Germany works again on Monday the 28th, and has until the end of Tuesday.
    assert opened.closes_at == datetime(2026, 12, 29, 16, 0, tzinfo=UTC)


async def test_a_wave_that_opens_late_asks_at_once_and_keeps_its_hours(
    session: AsyncSession,
) -> None:
    await company(session, {"Design": 6})
    survey = await store_survey(session, open_hours=48)
    late = NOW + timedelta(days=1, hours=5)
    opened = await opening(session, survey, now=late)
    assert isinstance(opened, OpenedWave)
    assert opened.closes_at == late + timedelta(hours=48)
    assert {row.due_at for row in (await deliveries(session, "question")).values()} == {late}


@pytest.mark.parametrize(
    ("open_hours", "days"), [(1, None), (47, None), (48, 1), (72, 1), (96, 2), (168, 3), (720, 15)]
)
def test_reminders_come_at_half_time(open_hours: int, days: int | None) -> None:
    expected = None if days is None else NOW + timedelta(days=days)
    assert reminder_at(NOW, "Asia/Kolkata", open_hours) == expected


def test_a_reminder_keeps_the_hour_when_the_clocks_change() -> None:
    # Berlin leaves summer time on 25 October 2026: ten o'clock is 08:00 UTC before, 09:00 after.
    asked = datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    assert reminder_at(asked, "Europe/Berlin", 168) == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


async def test_opening_twice_opens_once(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    survey = await store_survey(session)
    due = survey.next_on, survey.next_open_at
    assert isinstance(await opening(session, survey), OpenedWave)
    assert survey.next_on == date(2026, 11, 10)
    assert await opening(session, survey) is None, "the survey is not due any more"

    survey.next_on, survey.next_open_at = due
    await session.flush()
    assert await opening(session, survey) is None, "the wave of that date is there already"
    assert survey.next_on == date(2026, 11, 10)
    assert await count(session, Wave) == 1
    assert await count(session, Delivery) == 7


async def test_two_schedulers_at_once_open_one_wave(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {"Design": 6})
        survey = await store_survey(session)

    async def one_scheduler() -> OpenedWave | NotOpened | None:
        async with sessions.begin() as session:
            return await open_wave(session, WORKSPACE, survey.id, None, NOW)

    opened = await asyncio.gather(*(one_scheduler() for _ in range(4)))
    assert sorted(type(each).__name__ for each in opened) == [*["NoneType"] * 3, "OpenedWave"]
    async with sessions.begin() as session:
        assert await count(session, Wave) == 1
        assert await count(session, Invitation) == 7


@pytest.mark.parametrize(
    ("people", "anonymous", "needed"), [(9, True, 10), (0, True, 10), (0, False, 1)]
)
async def test_too_few_people_are_not_asked(
    session: AsyncSession, people: int, anonymous: bool, needed: int
) -> None:
    await company(session, {"Design": 6, "Legal": people})
    survey = await store_survey(session, anonymous=anonymous, audience="team", audience_ref="Legal")
    assert await opening(session, survey) == NotOpened(date(2026, 11, 3), people, needed)
    assert survey.next_on == date(2026, 11, 10), "the survey has moved on"
    assert await count(session, Wave) == 0
    assert await count(session, Delivery) == 0


@pytest.mark.parametrize(("people", "opens"), [(4, False), (5, True)])
async def test_everyone_may_be_as_few_as_figures_need(
    session: AsyncSession, people: int, opens: bool
) -> None:
    await company(session, {"Design": people})
    opened = await opening(session, await store_survey(session))
    assert isinstance(opened, OpenedWave) == opens
    if not opens:
        assert opened == NotOpened(date(2026, 11, 3), people + 1, 6)


async def test_a_named_survey_may_ask_one_person(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    survey = await store_survey(session, anonymous=False, audience="team", audience_ref="People")
    opened = await opening(session, survey)
    assert isinstance(opened, OpenedWave)
    assert opened.invited == 1


async def test_a_survey_asked_once_has_ended_after_its_wave(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    survey = await store_survey(session, cadence="once", ask_at=None)
    assert isinstance(await opening(session, survey), OpenedWave)
    assert survey.status == "ended"


@pytest.mark.parametrize(
    "changes",
    [{"status": "paused"}, {"next_open_at": NOW + timedelta(minutes=1)}, {"next_open_at": None}],
)
async def test_a_survey_that_is_not_due_opens_nothing(
    session: AsyncSession, changes: dict[str, object]
) -> None:
    await company(session, {"Design": 6})
    assert await opening(session, await store_survey(session, **changes)) is None
    assert await open_wave(session, WORKSPACE, "nowhere", None, NOW) is None
    assert await count(session, Wave) == 0


async def test_only_the_channels_members_are_asked(session: AsyncSession) -> None:
    people = await company(session, {"Design": 12})
    survey = await store_survey(session, audience="channel", audience_ref="C1")
    members = {person.id for person in people[:10]} | {"USTRANGER"}
    opened = await open_wave(session, WORKSPACE, survey.id, members, NOW)
    assert isinstance(opened, OpenedWave)
    assert opened.invited == 10


async def test_the_key_is_another_in_each_wave(session: AsyncSession) -> None:
    first = await opened_wave(session)
    second = await store_survey(session, name="Another")
    opened = await opening(session, second)
    assert isinstance(opened, OpenedWave)
    other = await session.get_one(Wave, (WORKSPACE, opened.wave_id))
    assert other.key != first.key


async def test_thousands_are_invited_in_few_statements(
    engine: AsyncEngine, session: AsyncSession
) -> None:
    await company(session, {"Design": 5})
    session.add_all(employee(f"U{number:06}", team=f"Team {number % 50}") for number in range(3000))
    survey = await store_survey(session)
    statements: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*args: object) -> None:
        statements.append(str(args[2]))

    opened = await opening(session, survey)
    assert isinstance(opened, OpenedWave)
    assert opened.invited == await count(session, Employee)
    assert len(statements) < 50
