"""The company pulse when people come, move, leave or are forgotten, and when it ends."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.pulse.company.choosing import HISTORY
from bot.pulse.personal_data import own_waiting_answers
from bot.pulse.pools import LONGEST_WAIT
from bot.pulse.pure.tokens import respondent_token
from bot.rights.service import forget
from bot.runtime import Runtime
from bot.surveys import service as surveys
from models import (
    Employee,
    Invitation,
    OpenAnswer,
    Pool,
    PoolEntry,
    Survey,
    Wave,
)
from scheduler.insights import publish_waves
from scheduler.pulse import close_waves, open_waves
from scheduler.rights import apply_retention
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE
from tests.pulse.standing import (
    FIRST_DAY,
    OPENS,
    always,
    asked_rows,
    count,
    entries,
    few,
    standing,
    waiting,
)
from tests.pulse.waves import actor


async def test_a_team_that_shrinks_counts_with_other_small_teams(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 7, "Legal": 4}, ("workload",))
    await pulse.week(0, few("UDESI000", "UDESI001", "UDESI002"))
    async with runtime.sessions.begin() as session:
        for number in (5, 6):
            left = await session.get_one(Employee, (WORKSPACE, f"UDESI00{number}"))
            left.active = False
    await pulse.week(3, always(4))
    assert {team for _, team in (await pulse.figures())[3]} == {"Everyone else"}
    labels = {each.label for each in await asked_rows(runtime) if each.held_on > FIRST_DAY}
    assert labels == {""}
    assert list(await entries(runtime)) == ["workload Design"], "what waits there stays there"
    assert await waiting(runtime, "UDESI000") == 1
    await apply_retention(runtime, OPENS + LONGEST_WAIT + timedelta(days=7))
    assert await entries(runtime) == {}


async def test_too_few_people_for_any_team_are_not_asked(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 3, "Legal": 1})
    assert await open_waves(runtime, OPENS) == 1
    assert await count(runtime, Wave) == 0
    async with runtime.sessions.begin() as session:
        survey = await session.get_one(Survey, (WORKSPACE, pulse.survey_id))
        assert survey.next_open_at == pulse.opens(1)


async def test_a_person_who_moves_is_in_each_pool_with_their_own_answer(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 8, "Sales": 8}, ("workload",))
    await pulse.week(0, few("UDESI000"))
    async with runtime.sessions.begin() as session:
        moved = await session.get_one(Employee, (WORKSPACE, "UDESI000"))
        moved.team = "Sales"
    await pulse.week(3, few("UDESI000"))
    assert await waiting(runtime, "UDESI000") == 2
    found = (await entries(runtime)).items()
    answers = {cell: [each for each in pool.values() if each is not None] for cell, pool in found}
    assert {cell for cell, own in answers.items() if own} == {"workload Design", "workload Sales"}


async def test_people_who_were_not_reached_count_as_not_asked(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    await open_waves(runtime, OPENS)
    pulse.following = 1
    reached = [f"UDESI00{number}" for number in range(5)]
    async with runtime.sessions.begin() as session:
        wave = (await session.scalars(select(Wave))).one()
        await session.execute(
            update(Invitation).where(Invitation.employee_id.in_(reached)).values(status="asked")
        )
    await pulse.answer(wave, few(*reached))
    await pulse.close(0)
    assert not await pulse.figures(), "all of the five who were asked answered"
    assert {each.employee_id for each in await asked_rows(runtime)} == set(reached)
    reasked = await pulse.open(1)
    assert reasked
    assert not await pulse.asked(reasked) or not set(reached) & set(await pulse.asked(reasked))


async def test_what_waits_is_shown_to_its_author_and_erased(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 8}, ("workload", "growth"))
    await pulse.week(0, few("UDESI000", "UDESI001"))
    assert await waiting(runtime, "UDESI000") == 2
    async with runtime.sessions.begin() as session:
        (own, _) = await own_waiting_answers(session, WORKSPACE, "UDESI000")
        assert own.in_words == "Agree"
        keys = list(await session.scalars(select(Pool.key)))
        await forget(session, actor("UDESI000"), "UDESI000", NOW)
    tokens = {respondent_token(key, "UDESI000") for key in keys}
    left = {token for pool in (await entries(runtime)).values() for token in pool}
    assert left
    assert not tokens & left
    assert "UDESI000" not in {each.employee_id for each in await asked_rows(runtime)}
    assert await waiting(runtime, "UDESI001") == 2


async def test_a_leaver_is_asked_no_more_and_erased_with_what_waits(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    await pulse.week(0, few("UDESI000"))
    async with runtime.sessions.begin() as session:
        left = await session.get_one(Employee, (WORKSPACE, "UDESI000"))
        left.active, left.left_at = False, OPENS + timedelta(days=8)
    wave = await pulse.open(3)
    assert wave
    assert "UDESI000" not in await pulse.asked(wave)
    assert await waiting(runtime, "UDESI000") == 1
    await pulse.close(3)
    await apply_retention(runtime, OPENS + timedelta(days=40))
    assert await waiting(runtime, "UDESI000") == 0


async def test_a_pulse_that_ends_publishes_nothing_small_and_leaves_nothing(
    runtime: Runtime,
) -> None:
    pulse = await standing(runtime)
    await pulse.week(0, few("UDESI000", "USALE000"))
    wave = await pulse.open(3)
    assert wave
    await pulse.answer(wave, few(*(f"UDESI{number:03}" for number in range(6))))
    now = pulse.opens(3) + timedelta(days=2)
    async with runtime.sessions.begin() as session:
        await surveys.end(session, actor(ADMIN), pulse.survey_id, now)
    await apply_retention(runtime, now)
    assert await count(runtime, Pool), "they may still fill while its wave is open"
    await close_waves(runtime, now)
    await publish_waves(runtime, now)
    assert not await pulse.figures(), "fewer than ten people answered"
    await apply_retention(runtime, now)
    assert await count(runtime, Pool) == await count(runtime, PoolEntry) == 0
    assert await count(runtime, OpenAnswer) == 0


async def test_what_was_asked_is_forgotten_after_a_quarter(runtime: Runtime) -> None:
    pulse = await standing(runtime)
    await pulse.week(0, always(3))
    assert await asked_rows(runtime)
    kept = OPENS + HISTORY
    await apply_retention(runtime, kept)
    assert await asked_rows(runtime)
    await apply_retention(runtime, kept + timedelta(days=1))
    assert not await asked_rows(runtime)
