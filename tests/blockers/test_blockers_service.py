"""Asking, helping and closing, and what each leads to."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers import helpers, helping, service, settling
from bot.blockers.helpers import Because
from bot.blockers.messages import KINDS
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import End
from bot.blockers.states import OverError, PressRefusedError
from bot.errors import UserError
from bot.mentoring.profiles.offers import store_offers
from bot.outbox.kinds import Composing
from models import BlockerPreference, BlockerRequest, Delivery, Employee, MentoringProfile
from models.database import Sessions
from tests.blockers.people import (
    ASKER,
    HELPER,
    OTHER,
    THIRD,
    actor,
    asked,
    design_team,
    reported,
    stored,
    written_to,
)
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, employee
from tests.mentoring.programmes import within

THURSDAY_EVENING = datetime(2026, 11, 5, 16, 0, tzinfo=UTC)
"""The end of the second whole working day in Berlin after the Tuesday of the tests."""


@pytest.fixture
async def team(session: AsyncSession) -> AsyncSession:
    await design_team(session)
    return session


async def test_the_same_form_twice_is_one_blocker(team: AsyncSession) -> None:
    first = await reported(team)
    again = await service.report(
        team, actor(ASKER), first.id, service.Report(first.kind, "Again."), NOW
    )

    assert again == first


async def test_nobody_takes_over_a_blocker_with_its_id(team: AsyncSession) -> None:
    first = await reported(team)

    with pytest.raises(PressRefusedError):
        await service.report(team, actor(OTHER), first.id, service.Report(first.kind, "."), NOW)


async def test_too_many_open_ones_are_refused(team: AsyncSession) -> None:
    for _ in range(service.MOST_OPEN):
        await reported(team)

    with pytest.raises(UserError, match="close one first"):
        await reported(team)


async def test_a_stranger_reports_nothing(team: AsyncSession) -> None:
    with pytest.raises(UserError, match="members of this workspace"):
        await service.report(
            team, actor("U0GUEST"), "a" * 32, service.Report(BlockerKind.OTHER, "."), NOW
        )


async def test_asking_twice_asks_once(team: AsyncSession) -> None:
    blocker = await asked(team)
    await service.ask(team, actor(ASKER), blocker.id, HELPER, NOW)

    assert await written_to(team, HELPER) == [("blocker_ask", None)]
    with pytest.raises(UserError, match="being asked"):
        await service.ask(team, actor(ASKER), blocker.id, OTHER, NOW)


async def test_only_the_asker_chooses_and_closes(team: AsyncSession) -> None:
    blocker = await asked(team)

    for person in (HELPER, OTHER):
        with pytest.raises(PressRefusedError, match="somebody else"):
            await service.close(team, actor(person), blocker.id, End.SOLVED, NOW)
        with pytest.raises(PressRefusedError, match="somebody else"):
            await service.ask(team, actor(person), blocker.id, THIRD, NOW)


async def test_only_who_is_asked_can_answer(team: AsyncSession) -> None:
    blocker = await asked(team)

    for press in (helping.accept, helping.postpone):
        with pytest.raises(PressRefusedError, match="somebody else"):
            await press(team, actor(OTHER), blocker.id, NOW)


async def test_help_is_followed_up_once_after_two_working_days(team: AsyncSession) -> None:
    blocker = await asked(team)
    for _ in range(2):
        assert (await helping.accept(team, actor(HELPER), blocker.id, NOW)).status == "helped"

    assert await written_to(team, ASKER) == [("blocker_followup", None)]
    follow_up = await team.scalar(select(Delivery).where(Delivery.kind == "blocker_followup"))
    assert follow_up
    assert follow_up.due_at == THURSDAY_EVENING - timedelta(hours=8)


async def test_a_helper_is_thanked_for_what_is_solved(team: AsyncSession) -> None:
    solved, dropped = await asked(team), await asked(team, OTHER)
    await helping.accept(team, actor(HELPER), solved.id, NOW)
    await helping.accept(team, actor(OTHER), dropped.id, NOW)
    for _ in range(2):
        await service.close(team, actor(ASKER), solved.id, End.SOLVED, NOW)
        await service.close(team, actor(ASKER), dropped.id, End.DROPPED, NOW)

    assert await written_to(team, HELPER) == [("blocker_ask", None), ("blocker_news", "thanks")]
    assert await written_to(team, OTHER) == [("blocker_ask", None)]


async def test_who_was_only_asked_is_neither_thanked_nor_kept(team: AsyncSession) -> None:
    blocker = await asked(team)
    closed = await service.close(team, actor(ASKER), blocker.id, End.SOLVED, NOW)

    assert closed.helper_id is None
    assert await written_to(team, HELPER) == [("blocker_ask", None)]
    with pytest.raises(OverError, match="no longer needed"):
        await helping.accept(team, actor(HELPER), blocker.id, NOW)


async def test_what_is_closed_stays_closed(team: AsyncSession) -> None:
    blocker = await asked(team)
    await service.close(team, actor(ASKER), blocker.id, End.SOLVED, NOW)

    again = await service.close(team, actor(ASKER), blocker.id, End.DROPPED, NOW)
    assert again.status == "solved"
    with pytest.raises(OverError):
        await service.ask(team, actor(ASKER), blocker.id, OTHER, NOW)


async def test_not_me_and_silence_look_the_same(team: AsyncSession) -> None:
    declined, silent = await asked(team), await asked(team, OTHER)
    await helping.decline(team, actor(HELPER), declined.id, "", NOW)
    assert not await settling.settle(team, WORKSPACE, silent.id, NOW)
    assert await settling.settle(team, WORKSPACE, silent.id, THURSDAY_EVENING)

    composed = {
        row.detail["blocker"]: await KINDS[row.kind].compose(team, row, Composing(NOW, None))
        for row in await team.scalars(select(Delivery).where(Delivery.recipient == ASKER))
    }
    one, other = (str(composed[each.id]).replace(each.id, "") for each in (declined, silent))
    assert one == other
    assert HELPER not in one


async def test_a_question_is_passed_on_once_and_to_nobody_twice(team: AsyncSession) -> None:
    blocker = await asked(team)
    for refused in (ASKER, HELPER, "U0BOT"):
        with pytest.raises(UserError):
            await helping.decline(team, actor(HELPER), blocker.id, refused, NOW)
    await helping.decline(team, actor(HELPER), blocker.id, OTHER, NOW)

    with pytest.raises(UserError, match="won't pass it on"):
        await helping.decline(team, actor(OTHER), blocker.id, THIRD, NOW)
    with pytest.raises(OverError):
        await helping.decline(team, actor(HELPER), blocker.id, THIRD, NOW)
    await helping.decline(team, actor(OTHER), blocker.id, "", NOW)
    with pytest.raises(UserError, match="already"):
        await service.ask(team, actor(ASKER), blocker.id, HELPER, NOW)
    await service.ask(team, actor(ASKER), blocker.id, THIRD, NOW)
    assert (await stored(team, blocker)).passed_on is False, "the next one may pass it on"


async def test_who_gets_it_passed_on_reads_no_names(team: AsyncSession) -> None:
    """The asker did not choose them, and saw how they would read it."""
    written = "I wait for lena@acme.example."
    blocker = await reported(team, text=written)
    await service.ask(team, actor(ASKER), blocker.id, HELPER, NOW)
    await helping.decline(team, actor(HELPER), blocker.id, OTHER, NOW)

    read: dict[str, str] = {}
    for row in await team.scalars(select(Delivery).order_by(Delivery.recipient)):
        message = await KINDS[row.kind].compose(team, row, Composing(NOW, None))
        read[row.recipient] = str(message)
    (waiting,) = (await service.standing(team, actor(OTHER))).asked_of_me

    hidden = await service.as_passed_on(team, WORKSPACE, written)
    assert hidden == waiting.text == "I wait for [email]."
    assert hidden in read[OTHER]
    assert written not in read[OTHER]
    assert written in read[ASKER]


async def test_later_comes_twice_at_most(team: AsyncSession) -> None:
    blocker = await asked(team)
    times = [(await helping.postpone(team, actor(HELPER), blocker.id, NOW))[1] for _ in range(4)]

    assert set(times) == {NOW + helping.LATER_AFTER}
    kinds = [kind for kind, _ in await written_to(team, HELPER)]
    assert kinds == ["blocker_ask", "blocker_later", "blocker_later"]


async def test_late_in_the_day_later_is_the_next_morning(team: AsyncSession) -> None:
    blocker = await asked(team)
    evening = datetime(2026, 11, 3, 15, 30, tzinfo=UTC)

    _, again_at = await helping.postpone(team, actor(HELPER), blocker.id, evening)

    assert again_at == datetime(2026, 11, 4, 8, 0, tzinfo=UTC)


async def test_a_helper_is_asked_twice_a_week_at_most(team: AsyncSession) -> None:
    for _ in range(2):
        await asked(team)
    third = await reported(team)

    with pytest.raises(UserError) as refused:
        await service.ask(team, actor(ASKER), third.id, HELPER, NOW)
    assert str(refused.value) == helpers.NOT_NOW
    next_week = NOW + timedelta(days=7)
    await service.ask(team, actor(ASKER), third.id, HELPER, next_week)


@pytest.mark.parametrize("most", [0, 1, 3])
async def test_a_helper_chooses_how_often(team: AsyncSession, most: int) -> None:
    team.add(BlockerPreference(workspace_id=WORKSPACE, employee_id=HELPER, most_a_week=most))
    await team.flush()
    for _ in range(most):
        await asked(team)

    with pytest.raises(UserError, match="just now"):
        await asked(team)


async def test_of_two_who_ask_for_the_last_place_one_gets_it(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await design_team(session)
        session.add(BlockerPreference(workspace_id=WORKSPACE, employee_id=HELPER, most_a_week=1))
        blockers = [await reported(session) for _ in range(4)]

    async def ask(blocker_id: str) -> str:
        try:
            async with sessions.begin() as session:
                await service.ask(session, actor(ASKER), blocker_id, HELPER, NOW)
        except UserError as refused:
            return str(refused)
        return "asked"

    said = await asyncio.gather(*(ask(each.id) for each in blockers))

    assert sorted(said) == sorted(["asked"] + 3 * [helpers.NOT_NOW])


async def test_of_two_presses_at_once_one_counts(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await design_team(session)
        blocker = await asked(session)

    async def answer(instead: str | None) -> str:
        try:
            async with sessions.begin() as session:
                if instead is None:
                    await helping.accept(session, actor(HELPER), blocker.id, NOW)
                else:
                    await helping.decline(session, actor(HELPER), blocker.id, instead, NOW)
        except OverError:
            return "over"
        return "done"

    said = await asyncio.gather(answer(OTHER), answer(THIRD), answer(None), answer(""))

    assert said.count("done") == 1
    async with sessions.begin() as session:
        requests = await session.scalar(select(func.count()).select_from(BlockerRequest))
        assert requests in (1, 2)


@pytest.mark.parametrize("who", ["asker named helper", "helper named asker"])
async def test_never_to_be_paired_looks_like_any_other_no(team: AsyncSession, who: str) -> None:
    owner, avoided = (ASKER, HELPER) if who.startswith("asker") else (HELPER, ASKER)
    team.add(
        MentoringProfile(
            workspace_id=WORKSPACE, employee_id=owner, never_with=[avoided], joined_at=NOW
        )
    )
    away = await team.get_one(Employee, (WORKSPACE, OTHER))
    away.away_until = NOW + timedelta(days=1)
    await team.flush()
    blocker = await reported(team)

    said = set()
    for person in (HELPER, OTHER):
        with pytest.raises(UserError) as refused:
            await service.ask(team, actor(ASKER), blocker.id, person, NOW)
        said.add(str(refused.value))
    assert said == {helpers.NOT_NOW}


async def test_proposals_are_who_knows_who_is_near_and_who_leads(team: AsyncSession) -> None:
    asker = await team.get_one(Employee, (WORKSPACE, ASKER))
    asker.manager_id = ADMIN
    knows = {
        "workspace_id": WORKSPACE, "findable": True, "offers": ["Kubernetes"], "joined_at": NOW,
    }  # fmt: skip
    team.add_all([employee("U0EXPERT", team="Platform"), employee("U0AWAY", team="Platform")])
    (await team.get_one(Employee, (WORKSPACE, "U0AWAY"))).absent_from = date(2026, 11, 1)
    profiles = [
        MentoringProfile(employee_id="U0EXPERT", never_with=[ASKER], **knows),
        MentoringProfile(employee_id="U0AWAY", **knows),
        MentoringProfile(employee_id=OTHER, **knows),
        MentoringProfile(
            workspace_id=WORKSPACE, employee_id=ASKER, never_with=[THIRD], joined_at=NOW
        ),
    ]
    team.add_all(profiles)
    await team.flush()
    for each in profiles:
        await store_offers(team, each)
    busy = await asked(team, "UDESI004")
    blocker = await reported(team, topic="kubernetes")

    found = await helpers.propose(within(team), actor(ASKER), blocker.id, "kubernetes", NOW)

    assert {each.id: each.because for each in found} == {
        OTHER: Because.TOPIC,
        "U0EXPERT": Because.TOPIC,
        HELPER: Because.TEAM,
        "UDESI005": Because.TEAM,
        ADMIN: Because.MANAGER,
    }, f"whoever was asked least comes first, not {busy.helper_id}"


async def test_without_team_topic_and_manager_nobody_is_proposed(session: AsyncSession) -> None:
    await design_team(session)
    session.add(employee(ASKER + "X", team=None))
    await session.flush()

    assert not await helpers.propose(within(session), actor(ASKER + "X"), "a" * 32, "", NOW)
