"""Who is told of a newcomer, and when; what people on a journey get once."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import Calendar
from bot.journeys.welcome.buddies import BUDDY_OPEN, Search, say_no
from bot.journeys.welcome.introductions import BUDDY_INTRO, introduce
from bot.journeys.welcome.preparing import (
    KEPT,
    NEWCOMER_AHEAD,
    drop_welcomes,
    missing_buddies,
    read_work,
    workspaces,
)
from bot.journeys.welcome.pure.days import working_day_before
from bot.mentoring.profiles import service as profiles
from bot.mentoring.profiles.service import Profile
from bot.rights.service import forget, personal_data
from models import Delivery, JourneyPause, MentoringProgramme, Milestone, RoleGrant, Welcome
from tests.factories import ADMIN, WORKSPACE, employee, match, workspace
from tests.pulse.waves import actor
from tests.welcome.newcomers import (
    ANA,
    BEN,
    FIRST_DAY,
    MANAGER,
    NEXT_MANAGER,
    SAM,
    at,
    change,
    deliveries,
    everybody,
    expecting,
    found,
    picked,
    recipients,
    run,
    said,
    welcome_of,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THURSDAY, FRIDAY = at(5), at(6)
OFFERS = ("mentor_offer", "coffee_offer")


async def told(session: AsyncSession, now: Any) -> list[str]:
    """Return who reads of a newcomer now; each message is found by its own recipient."""
    return sorted(await said(session, NEWCOMER_AHEAD, now))


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 9), date(2026, 11, 6)),  # over a weekend
        (date(2026, 12, 28), date(2026, 12, 24)),  # over Christmas
        (date(2026, 11, 11), date(2026, 11, 10)),
    ],
)
async def test_the_working_day_before(session: AsyncSession, day: date, before: date) -> None:
    assert working_day_before(day, Calendar("Europe/Berlin")) == before


async def test_the_manager_is_told_once_on_the_working_day_before(session: AsyncSession) -> None:
    await expecting(session)
    await run(session, THURSDAY)
    assert await recipients(session, NEWCOMER_AHEAD) == []
    assert [each.newcomer_id for each in await missing_buddies(session, WORKSPACE, THURSDAY)] == [
        SAM
    ]
    assert await run(session, FRIDAY)
    assert await told(session, FRIDAY) == [MANAGER]
    assert not await read_work(session, WORKSPACE, FRIDAY)
    assert await run(session, at(8)) == 0
    message = await said(session, NEWCOMER_AHEAD, FRIDAY)
    assert f"<@{SAM}> starts on Monday, 9 November." in message[MANAGER]
    assert await said(session, NEWCOMER_AHEAD, at(16)) == {}, "it comes too late"


@pytest.mark.parametrize("why", ["none", "left", "themselves", "away", "forgotten"])
async def test_without_a_manager_hr_is_told_once_of_all(session: AsyncSession, why: str) -> None:
    await expecting(session)
    await change(session, SAM, manager_id={"none": None, "themselves": SAM}.get(why, MANAGER))
    if why == "left":
        await change(session, MANAGER, active=False)
    if why == "away":
        await change(session, MANAGER, absent_from=date(2026, 11, 2))
    if why == "forgotten":
        await forget(session, actor(MANAGER), MANAGER, THURSDAY)
    session.add(employee("U0SUE", hired_on=FIRST_DAY))
    await session.flush()
    await run(session, FRIDAY)
    messages = await said(session, NEWCOMER_AHEAD, FRIDAY)
    assert sorted(messages) == sorted(everybody())
    for text in messages.values():
        assert "2 newcomers start soon." in text
        assert "I know of no manager" in text
    assert await run(session, at(9)) == 0


async def test_newcomers_of_hr_are_not_told_of_themselves(session: AsyncSession) -> None:
    await expecting(session, manager_id=None)
    session.add(RoleGrant(workspace_id=WORKSPACE, employee_id=SAM, role="admin", granted_at=at(1)))
    await session.flush()
    await run(session, FRIDAY)
    assert await told(session, FRIDAY) == sorted(everybody())


async def test_a_manager_with_two_newcomers_gets_one_message(session: AsyncSession) -> None:
    await expecting(session)
    session.add(employee("U0SUE", hired_on=FIRST_DAY, manager_id=MANAGER))
    await session.flush()
    await run(session, FRIDAY)
    assert await recipients(session, NEWCOMER_AHEAD) == [MANAGER]


@pytest.mark.parametrize("way", ["another", "left", "forgotten"])
async def test_the_manager_changes(session: AsyncSession, way: str) -> None:
    """Whoever can help now is told, and nobody else reads of it."""
    await expecting(session)
    await run(session, FRIDAY)
    if way == "another":
        await change(session, SAM, manager_id=NEXT_MANAGER)
    elif way == "left":
        await change(session, MANAGER, active=False)
    else:
        await forget(session, actor(MANAGER), MANAGER, FRIDAY)
    await run(session, at(8))
    now = [NEXT_MANAGER] if way == "another" else sorted(everybody())
    reads = await told(session, at(8))
    assert [each for each in reads if each != MANAGER or way == "another"] == now
    assert await run(session, at(8)) == 0
    # Back again: the first one had the message already.
    if way == "another":
        await change(session, SAM, manager_id=MANAGER)
        await run(session, at(9))
        assert await recipients(session, NEWCOMER_AHEAD) == [MANAGER, NEXT_MANAGER]


async def test_a_new_manager_is_not_told_when_a_buddy_is_found_or_it_is_late(
    session: AsyncSession,
) -> None:
    await expecting(session)
    await run(session, FRIDAY)
    await change(session, SAM, manager_id=NEXT_MANAGER)
    await run(session, at(16))
    assert await recipients(session, NEWCOMER_AHEAD) == [MANAGER]


async def test_news_of_the_search_go_to_the_manager_of_that_moment(session: AsyncSession) -> None:
    await expecting(session)
    await run(session, FRIDAY)
    await picked(session, ANA, FRIDAY)
    await change(session, SAM, manager_id=NEXT_MANAGER)
    await change(session, ANA, active=False)
    await run(session, at(7))
    assert list(await said(session, BUDDY_OPEN, at(7))) == [NEXT_MANAGER]


async def test_while_the_manager_is_away_hr_picks_and_hears_of_it(session: AsyncSession) -> None:
    await expecting(session)
    await change(session, MANAGER, absent_from=date(2026, 11, 2))
    await run(session, FRIDAY)
    asked = await picked(session, ANA, FRIDAY, by=ADMIN)
    await say_no(session, actor(ANA), asked.welcome_id, asked.asks, FRIDAY)
    reads = sorted(await said(session, BUDDY_OPEN, FRIDAY))
    assert reads == sorted([*everybody(), MANAGER])


async def test_a_first_day_that_moves(session: AsyncSession) -> None:
    """Nobody is told twice; buddy and newcomer are introduced on the new day."""
    await expecting(session)
    await run(session, FRIDAY)
    await found(session, ANA, FRIDAY)
    for day in (date(2026, 11, 16), date(2027, 1, 11), date(2026, 11, 12)):
        await change(session, SAM, hired_on=day)
        await run(session, at(7))
        welcome = await welcome_of(session)
        await introduce(session, WORKSPACE, welcome.id, None, at(9))
        assert await recipients(session, BUDDY_INTRO) == []
    assert welcome.starts_on == date(2026, 11, 12)
    assert welcome.introduce_at == at(12)
    assert await recipients(session, NEWCOMER_AHEAD) == [MANAGER]
    assert await introduce(session, WORKSPACE, welcome.id, None, at(12))
    assert await recipients(session, BUDDY_INTRO) == sorted([SAM, ANA])


async def test_somebody_who_comes_back_after_years_begins_anew(session: AsyncSession) -> None:
    await expecting(session, hired_on=date(2026, 7, 1))
    first = Welcome(
        workspace_id=WORKSPACE, newcomer_id=SAM, starts_on=date(2026, 7, 1), told_on=at(1).date(),
        told_id=MANAGER, status="accepted", buddy_id=ANA, declined=[BEN],
    )  # fmt: skip
    session.add(first)
    await session.flush()
    await change(session, SAM, hired_on=FIRST_DAY)
    await run(session, FRIDAY)
    welcome = await welcome_of(session)
    assert (welcome.status, welcome.declined, welcome.buddy_id) == (Search.OPEN, [], None)
    assert await told(session, FRIDAY) == [MANAGER]


@pytest.mark.parametrize("what", ["paused", "switched off", "never started"])
async def test_hr_decides_whether_anything_is_sent(session: AsyncSession, what: str) -> None:
    await expecting(session, leaves_on=date(2026, 11, 30))
    if what == "paused":
        session.add(JourneyPause(workspace_id=WORKSPACE, employee_id=SAM, paused_on=at(1).date()))
    elif what == "switched off":
        for row in await session.scalars(select(Milestone)):
            row.is_on = False
    else:
        await session.execute(delete(Milestone))
    await session.flush()
    for day in range(5, 28):
        await run(session, at(day))
    for kind in (NEWCOMER_AHEAD, *OFFERS, "leaving_thanks"):
        assert await recipients(session, kind) == []


async def offered_on(session: AsyncSession, days: range) -> dict[str, int]:
    """Return the day of November on which each offer came."""
    found = {}
    for day in days:
        await run(session, at(day))
        for kind in OFFERS:
            if kind not in found and await recipients(session, kind):
                found[kind] = day
    return found


async def coffee_runs(session: AsyncSession) -> None:
    session.add(MentoringProgramme(workspace_id=WORKSPACE, coffee_weeks=2))
    await session.flush()


async def test_a_mentor_on_day_3_and_coffee_in_week_2(session: AsyncSession) -> None:
    await expecting(session)
    await coffee_runs(session)
    assert await offered_on(session, range(6, 20)) == {"mentor_offer": 11, "coffee_offer": 16}
    # A date that is only corrected offers nothing again.
    await change(session, SAM, hired_on=date(2026, 11, 13))
    await offered_on(session, range(20, 30))
    for kind in OFFERS:
        assert await recipients(session, kind) == [SAM]
    assert "Would you like a mentor?" in (await said(session, "mentor_offer", at(11)))[SAM]
    await profiles.join_coffee(session, actor(SAM), at(17))
    assert await said(session, "coffee_offer", at(17)) == {}


async def test_nothing_is_offered_that_people_have_or_that_there_is_not(
    session: AsyncSession,
) -> None:
    await expecting(session)
    profile = Profile(wants=("Go",), coffee=True)
    await profiles.save(session, actor(SAM), profile, THURSDAY)
    session.add(employee("U0SUE", hired_on=FIRST_DAY))
    session.add(match("U0SUE", mentor_id=ANA))
    await session.flush()
    assert await offered_on(session, range(6, 25)) == {}


async def test_coffee_keeps_the_rest_of_a_profile(session: AsyncSession) -> None:
    await expecting(session)
    await profiles.save(session, actor(SAM), Profile(offers=("Go",), never_with=(ANA,)), FRIDAY)
    await profiles.join_coffee(session, actor(SAM), FRIDAY)
    after = (await profiles.standing(session, actor(SAM), FRIDAY)).profile
    assert (after.offers, after.never_with, after.coffee) == (("Go",), (ANA,), True)


async def test_leavers_are_thanked_once_and_offered_nothing_new(session: AsyncSession) -> None:
    await expecting(session, leaves_on=date(2026, 11, 18))
    await coffee_runs(session)
    session.add(match(ANA, mentor_id=SAM))
    session.add(match(SAM, mentor_id=BEN))
    await session.flush()
    for day in range(6, 19):
        await run(session, at(day))
        is_due = day >= 11
        assert await recipients(session, "leaving_thanks") == [SAM] * is_due
    assert [await recipients(session, kind) for kind in OFFERS] == [[], []]
    await change(session, SAM, leaves_on=date(2026, 11, 25))
    await run(session, at(18))
    assert await recipients(session, "leaving_thanks") == [SAM]
    thanks = (await said(session, "leaving_thanks", at(18)))[SAM]
    assert f"You mentor <@{ANA}>" in thanks
    assert f"<@{BEN}> mentors you" in thanks
    assert "Wednesday, 25 November" in thanks
    await change(session, SAM, leaves_on=None)
    assert await said(session, "leaving_thanks", at(18)) == {}


async def test_whoever_leaves_within_the_week_is_thanked_at_once(session: AsyncSession) -> None:
    await expecting(session, hired_on=date(2020, 1, 1), leaves_on=date(2026, 11, 6))
    await run(session, THURSDAY)
    assert await recipients(session, "leaving_thanks") == [SAM]


async def test_erasing_and_forgetting(session: AsyncSession) -> None:
    await expecting(session)
    await run(session, FRIDAY)
    await found(session, ANA, FRIDAY)
    await forget(session, actor(ANA), ANA, FRIDAY)
    welcome = await welcome_of(session)
    assert welcome.buddy_id is None
    assert ANA not in str([each.detail for each in await deliveries(session, "buddy_found")])
    await run(session, at(7))
    assert list(await said(session, BUDDY_OPEN, at(7))) == [MANAGER]
    await forget(session, actor(MANAGER), MANAGER, at(7))
    await run(session, at(8))
    reads = await told(session, at(8))
    assert sorted(each for each in reads if each != MANAGER) == sorted(everybody())
    await forget(session, actor(SAM), SAM, at(8))
    assert (await session.scalars(select(Welcome))).all() == []
    assert await said(session, NEWCOMER_AHEAD, at(8)) == {}


async def test_what_the_three_read_about_it(session: AsyncSession) -> None:
    """The newcomer never reads who was asked and could not."""
    await expecting(session)
    await run(session, FRIDAY)
    asked = await picked(session, ANA, FRIDAY)

    async def read_by(person: str) -> str:
        data = await personal_data(session, WORKSPACE, person, FRIDAY, for_themselves=True)
        return str(data["welcomes_of_newcomers"])

    assert await read_by(SAM) == "[]"
    assert asked.welcome_id in await read_by(ANA)
    assert ANA in await read_by(MANAGER)
    welcome = await welcome_of(session)
    welcome.status, welcome.buddy_id, welcome.declined = "accepted", BEN, [ANA]
    await session.flush()
    for person in (SAM, BEN, MANAGER):
        assert ANA not in await read_by(person)
        assert BEN in await read_by(person)


async def test_a_welcome_is_kept_until_the_last_questions_are_over(session: AsyncSession) -> None:
    await expecting(session)
    await run(session, FRIDAY)
    last = at(FIRST_DAY) + KEPT
    assert await drop_welcomes(session, WORKSPACE, last) == 0
    assert await drop_welcomes(session, WORKSPACE, last + timedelta(days=1)) == 1


async def test_another_workspace_stays_as_it_is(session: AsyncSession) -> None:
    """Two workspaces may know a person under the same id."""
    await expecting(session)
    other = "T0OTHER"
    session.add(workspace(id=other))
    await session.flush()
    session.add_all(
        [
            employee(SAM, workspace_id=other, hired_on=FIRST_DAY, manager_id=MANAGER),
            Milestone(workspace_id=other, key="joined_1", is_on=True, ask_at=time(10)),
        ]
    )
    await session.flush()
    assert await workspaces(session, FRIDAY) == [WORKSPACE, other]
    await run(session, FRIDAY)
    assert {each.workspace_id for each in await session.scalars(select(Welcome))} == {WORKSPACE}
    assert {each.workspace_id for each in await session.scalars(select(Delivery))} == {WORKSPACE}
    elsewhere = await read_work(session, other, FRIDAY)
    assert [each.manager_id for each in elsewhere.newcomers] == [None], "no such manager there"
    assert await missing_buddies(session, other, FRIDAY) == []
