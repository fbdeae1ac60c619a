"""The search for a buddy: whoever may be asked says yes or no, and nobody is asked twice."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.journeys.welcome import buddies, introductions
from bot.journeys.welcome.buddies import (
    ASKED_ALREADY,
    BUDDY_ASK,
    BUDDY_FOUND,
    BUDDY_OPEN,
    CANNOT,
    NOT_COMING,
    NOT_HERE,
    NOT_THEIR_MANAGER,
    NOT_THEMSELVES,
    NOT_YOURS,
    OVER,
    BuddyPressOverError,
    Search,
)
from bot.journeys.welcome.introductions import BUDDY_INTRO
from bot.journeys.welcome.preparing import (
    NEWCOMER_AHEAD,
    missing_buddies,
    read_work,
    store_work,
)
from models import MentoringProfile, Welcome
from models.database import Sessions
from tests.factories import ADMIN, WORKSPACE, employee
from tests.pulse.waves import actor
from tests.welcome.newcomers import (
    ANA,
    BEN,
    CAT,
    FIRST_DAY,
    MANAGER,
    SAM,
    at,
    change,
    expecting,
    found,
    picked,
    recipients,
    run,
    said,
    welcome_of,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FRIDAY = at(6)


async def prepared(session: AsyncSession, **sam: Any) -> None:
    await expecting(session, **sam)
    await run(session, FRIDAY)


def avoiding(person: str, *avoided: str) -> MentoringProfile:
    return MentoringProfile(
        workspace_id=WORKSPACE, employee_id=person, never_with=list(avoided), joined_at=at(1)
    )


@on_sqlite
async def test_a_buddy_is_asked_and_introduced_on_the_first_day(session: AsyncSession) -> None:
    await prepared(session)
    asked = await picked(session, ANA, FRIDAY)
    question = (await said(session, BUDDY_ASK, FRIDAY))[ANA]
    assert f"<@{SAM}>" in question
    assert f"<@{MANAGER}> thought of you" in question

    accepted = await buddies.say_yes(session, actor(ANA), asked.welcome_id, asked.asks, FRIDAY)
    assert accepted.status is Search.ACCEPTED
    assert await buddies.say_yes(session, actor(ANA), asked.welcome_id, 1, FRIDAY) == accepted
    assert list(await said(session, BUDDY_FOUND, FRIDAY)) == [MANAGER]
    assert await buddies.buddy_of(session, WORKSPACE, SAM) == ANA
    assert not await missing_buddies(session, WORKSPACE, FRIDAY)

    # An hour after the hello, which is at ten in Berlin.
    on_first_day = at(9)
    assert accepted.introduce_at == on_first_day
    await session.flush()
    early = await introductions.welcomes_to_introduce(session, at(9, 9))
    assert early == []
    (unit,) = await introductions.welcomes_to_introduce(session, on_first_day)
    assert set(await introductions.people_of_welcome(session, *unit)) == {SAM, ANA}
    assert await introductions.introduce(session, *unit, "G0GROUP", on_first_day)
    assert not await introductions.introduce(session, *unit, "G0GROUP", on_first_day)
    introduced = await said(session, BUDDY_INTRO, on_first_day)
    assert list(introduced) == ["G0GROUP"]
    assert f"<@{SAM}>, meet <@{ANA}>" in introduced["G0GROUP"]


@on_sqlite
async def test_without_group_dms_each_is_told(session: AsyncSession) -> None:
    await prepared(session)
    await found(session, ANA, FRIDAY)
    welcome = await welcome_of(session)
    await introductions.introduce(session, WORKSPACE, welcome.id, None, at(9))
    assert await recipients(session, BUDDY_INTRO) == sorted([SAM, ANA])


@on_sqlite
async def test_two_noes_and_a_third_who_says_yes(session: AsyncSession) -> None:
    await prepared(session)
    for number, person in enumerate((ANA, BEN), start=1):
        asked = await picked(session, person, FRIDAY)
        assert asked.asks == number
        for _ in range(2):
            answered = await buddies.say_no(
                session, actor(person), asked.welcome_id, number, FRIDAY
            )
            assert answered.status is Search.OPEN
        assert list(await said(session, BUDDY_OPEN, FRIDAY)) == [MANAGER]
        # The manager picks again with the same message or a new one.
        with pytest.raises(UserError, match=CANNOT):
            await picked(session, person, FRIDAY)
    assert (await recipients(session, BUDDY_OPEN)) == [MANAGER, MANAGER]
    # An old question does nothing any more.
    welcome = await welcome_of(session)
    with pytest.raises(BuddyPressOverError):
        await buddies.say_yes(session, actor(ANA), welcome.id, 1, FRIDAY)
    assert (await found(session, CAT, FRIDAY)).status is Search.ACCEPTED
    assert await said(session, BUDDY_OPEN, FRIDAY) == {}
    assert await recipients(session, BUDDY_ASK) == [ANA, BEN, CAT]


@on_sqlite
async def test_a_yes_can_be_taken_back(session: AsyncSession) -> None:
    await prepared(session)
    accepted = await found(session, ANA, FRIDAY)
    await buddies.say_no(session, actor(ANA), accepted.welcome_id, accepted.asks, FRIDAY)
    assert await said(session, BUDDY_FOUND, FRIDAY) == {}
    assert "can't be there after all" in (await said(session, BUDDY_OPEN, FRIDAY))[MANAGER]
    assert await introductions.welcomes_to_introduce(session, at(20)) == []


@on_sqlite
async def test_silence_ends_after_three_working_days_and_counts_as_a_no(
    session: AsyncSession,
) -> None:
    await prepared(session)
    asked = await picked(session, ANA, FRIDAY)
    assert asked.answer_by == at(11, 16)  # Wednesday at five in Berlin
    await run(session, at(11, 15))
    assert (await welcome_of(session)).status == Search.ASKED
    await run(session, at(11, 16))
    assert (await welcome_of(session)).status == Search.OPEN
    assert "hasn't found the time" in (await said(session, BUDDY_OPEN, at(11, 16)))[MANAGER]
    assert await run(session, at(11, 17)) == 0
    with pytest.raises(UserError, match=CANNOT):
        await picked(session, ANA, at(12))


@on_sqlite
@pytest.mark.parametrize("when", ["asked", "accepted"])
async def test_a_buddy_who_leaves_before_the_first_day(session: AsyncSession, when: str) -> None:
    await prepared(session)
    await (picked if when == "asked" else found)(session, ANA, FRIDAY)
    await change(session, ANA, active=False, left_at=FRIDAY)
    assert await buddies.buddy_of(session, WORKSPACE, SAM) is None
    assert await said(session, BUDDY_INTRO, FRIDAY) == {}
    await run(session, at(6, 12))
    assert (await welcome_of(session)).status == Search.OPEN
    assert "after all" in (await said(session, BUDDY_OPEN, at(6, 12)))[MANAGER]
    assert await run(session, at(6, 13)) == 0
    with pytest.raises(BuddyPressOverError):
        await buddies.say_yes(session, actor(ANA), (await welcome_of(session)).id, 1, at(6, 13))
    assert (await found(session, BEN, at(6, 13))).buddy_id == BEN


@on_sqlite
async def test_a_buddy_who_leaves_long_after_is_not_replaced(session: AsyncSession) -> None:
    await prepared(session)
    await found(session, ANA, FRIDAY)
    late = at(9) + timedelta(days=50)
    await change(session, ANA, active=False, left_at=late)
    await run(session, late)
    assert (await welcome_of(session)).status == Search.OPEN
    assert await recipients(session, BUDDY_OPEN) == []


@on_sqlite
async def test_who_can_be_picked(session: AsyncSession) -> None:
    """Those who are away, busy or avoided are refused in the same words."""
    await prepared(session)
    away, paused, full, avoider, avoided = "U0AWAY", "U0QUIET", "U0FULL", "U0AVOIDER", "U0AVOIDED"
    guest, left = "U0GUEST", "U0LEFT"
    session.add_all(
        [
            *(employee(each) for each in (full, avoider, avoided, paused)),
            employee(away, absent_from=FIRST_DAY, absent_until=FIRST_DAY + timedelta(days=9)),
            employee(guest, active=False),
            employee(left, active=False, left_at=at(1)),
        ]
    )
    await change(session, paused, away_until=at(30))
    await session.flush()
    session.add_all([avoiding(avoider, SAM), avoiding(SAM, avoided, CAT)])
    for number in range(2):
        newcomer = f"U0OTHER{number}"
        session.add(employee(newcomer, hired_on=FIRST_DAY))
        await session.flush()
        session.add(
            Welcome(
                workspace_id=WORKSPACE, newcomer_id=newcomer, starts_on=FIRST_DAY, buddy_id=full,
                status="accepted",
            )
        )  # fmt: skip
    await session.flush()
    expected = {
        SAM: NOT_THEMSELVES,
        MANAGER: NOT_THEIR_MANAGER,
        guest: NOT_HERE,
        left: NOT_HERE,
        "U0BOT": NOT_HERE,
        "USLACKBOT": NOT_HERE,
        **dict.fromkeys((away, paused, full, avoider, avoided, CAT), CANNOT),
    }
    for person, sentence in expected.items():
        with pytest.raises(UserError) as refused:
            await picked(session, person, FRIDAY)
        assert str(refused.value) == sentence, person
    assert await recipients(session, BUDDY_ASK) == []
    assert (await welcome_of(session)).asks == 0


@on_sqlite
async def test_who_picks(session: AsyncSession) -> None:
    """The manager of today and HR's admins pick; nobody else, the newcomer neither."""
    await prepared(session)
    for stranger in (BEN, SAM):
        with pytest.raises(UserError, match=NOT_YOURS):
            await picked(session, ANA, FRIDAY, by=stranger)
    await change(session, SAM, manager_id=BEN)
    with pytest.raises(UserError, match=NOT_YOURS):
        await picked(session, ANA, FRIDAY, by=MANAGER)
    asked = await picked(session, ANA, FRIDAY, by=BEN)
    assert await picked(session, ANA, FRIDAY, by=BEN) == asked
    for other in (BEN, ADMIN):
        with pytest.raises(UserError, match="asked somebody already"):
            await picked(session, CAT, FRIDAY, by=other)
    await change(session, SAM, active=False)
    with pytest.raises(UserError, match=NOT_COMING):
        await picked(session, CAT, FRIDAY, by=ADMIN)


@on_sqlite
async def test_newcomers_who_manage_themselves_do_not_pick(session: AsyncSession) -> None:
    await prepared(session, manager_id=SAM)
    with pytest.raises(UserError, match=NOT_YOURS):
        await picked(session, ANA, FRIDAY, by=SAM)
    assert (await picked(session, ANA, FRIDAY, by=ADMIN)).status is Search.ASKED


async def test_two_at_once(sessions: Sessions) -> None:
    """Two schedulers tell once; two picks ask one person; a yes and a no leave one of the two."""
    async with sessions.begin() as session:
        await expecting(session)
        work = await read_work(session, WORKSPACE, FRIDAY)

    async def schedule() -> int:
        async with sessions.begin() as session:
            return await store_work(session, WORKSPACE, work, FRIDAY)

    async def press(use_case: Any, person: str, *what: Any) -> str:
        try:
            async with sessions.begin() as session:
                done = await use_case(session, actor(person), welcome_id, *what, FRIDAY)
        except UserError as refused:
            return str(refused)
        return str(done.status)

    await asyncio.gather(schedule(), schedule())
    async with sessions.begin() as session:
        assert await recipients(session, NEWCOMER_AHEAD) == [MANAGER]
        welcome_id = (await welcome_of(session)).id

    picks = (press(buddies.pick, MANAGER, ANA), press(buddies.pick, ADMIN, BEN))
    assert sorted(await asyncio.gather(*picks)) == [ASKED_ALREADY, Search.ASKED]
    async with sessions.begin() as session:
        (chosen,) = await recipients(session, BUDDY_ASK)

    answers = (press(buddies.say_yes, chosen, 1), press(buddies.say_no, chosen, 1))
    both = set(await asyncio.gather(*answers))
    # A no may follow a yes, but no yes follows a no.
    assert both in ({Search.ACCEPTED, Search.OPEN}, {OVER, Search.OPEN})
    async with sessions.begin() as session:
        assert (await welcome_of(session)).status == Search.OPEN
        assert await recipients(session, BUDDY_OPEN) == [MANAGER]
