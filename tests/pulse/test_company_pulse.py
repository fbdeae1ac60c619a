"""The company pulse through its jobs, on both databases, over several weeks."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError, UserError
from bot.pulse import service
from bot.pulse.company.choosing import week_of
from bot.pulse.company.service import NewCompanyPulse, save_company_draft
from bot.pulse.pure.tokens import Press, press_nonce
from bot.pulse.steps import WHOLE_PULSE
from bot.runtime import Runtime
from bot.surveys import service as surveys
from bot.surveys.drafts import CompanyPulse, confirm_draft
from models import (
    AttentionPreference,
    Figure,
    OpenAnswer,
    Pool,
    ProductItem,
    Survey,
    Wave,
)
from scheduler.insights import publish_waves
from scheduler.pulse import close_waves, open_waves
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
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


async def test_weeks_publish_figures_of_teams(runtime: Runtime) -> None:
    pulse = await standing(runtime)
    for week in range(5):
        await pulse.week(week, lambda person, _: None if person.endswith("1") else 4)

    figures = await pulse.figures()
    cells = {cell for of_week in figures.values() for cell in of_week}
    assert {team for _, team in cells} == {"Design", "Engineering", "Sales", "Everyone else"}
    for of_week in figures.values():
        for figure in of_week.values():
            assert figure.n % 5 == 0
            assert figure.n >= 5
            assert figure.mean is not None
            assert abs(figure.mean - 7.5) <= 1
    assert await count(runtime, OpenAnswer) == 0
    async with runtime.sessions.begin() as session:
        waves = (await session.scalars(select(Wave))).all()
        whole = (await session.scalars(select(Figure).where(Figure.segment == "all"))).all()
    assert all(wave.key is None and wave.status == "published" for wave in waves)
    assert {each.measure for each in whole} == {"driver", "participation"}
    assert all(each.change is None for each in whole if each.measure == "driver")


async def test_what_waits_too_long_for_a_decision_is_not_asked_until_it_is_made(
    runtime: Runtime,
) -> None:
    pulse = await standing(runtime)
    waits: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "problem": "Too much to do",
        "origin": "people",
    }
    waits |= {"state": "proposed", "for_everybody": True, "waiting_since": NOW, "created_at": NOW}
    late = OPENS + timedelta(weeks=1)
    async with runtime.sessions.begin() as session:
        session.add(ProductItem(**waits, driver="workload", decide_by=late))

    async def asked_in(week: int) -> set[str]:
        await pulse.week(week, always(3))
        day = FIRST_DAY + timedelta(weeks=week)
        rows = await asked_rows(runtime)
        return {pulse.questions[row.position].driver for row in rows if row.held_on == day}

    assert "workload" in await asked_in(0)
    waiting = [await asked_in(week) for week in range(1, 5)]
    assert set().union(*waiting) == {"recognition", "growth"}
    async with runtime.sessions.begin() as session:
        item = (await session.scalars(select(ProductItem))).one()
        item.state, item.decide_by, item.decided_at, item.reason = "wont", None, NOW, "Not now."
    assert "workload" in await asked_in(5)


async def test_nobody_is_asked_too_much_or_too_soon(runtime: Runtime) -> None:
    pulse = await standing(runtime)
    seldom = "UDESI000"
    async with runtime.sessions.begin() as session:
        session.add(AttentionPreference(workspace_id=WORKSPACE, employee_id=seldom, every_weeks=4))
    for week in range(14):
        await pulse.week(week, always(3))

    asked = await asked_rows(runtime)
    a_week = Counter((each.employee_id, each.held_on) for each in asked)
    assert max(a_week.values()) <= 2
    drivers, questions, own = defaultdict(list), defaultdict(list), set()
    for each in asked:
        week = week_of(each.held_on)
        drivers[each.employee_id, pulse.questions[each.position].driver].append(week)
        questions[each.employee_id, each.position].append(week)
        own |= {week} if each.employee_id == seldom else set()
    for least, histories in ((3, drivers), (12, questions)):
        for weeks in histories.values():
            assert all(later - earlier >= least for earlier, later in pairwise(sorted(weeks)))
    assert all(later - earlier >= 4 for earlier, later in pairwise(sorted(own)))
    assert len(own) >= 3


async def test_answers_wait_until_enough_have_come_and_a_later_one_replaces(
    runtime: Runtime,
) -> None:
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    people = [f"UDESI{number:03}" for number in range(8)]
    await pulse.week(0, few(*people[:3]))
    assert not await pulse.figures()
    (pool,) = (await entries(runtime)).values()
    assert Counter(pool.values()) == {None: 5, 3: 3}

    wave = await pulse.open(3)
    assert wave
    asked = await pulse.asked(wave)
    again = [person for person in people[:3] if person in asked]
    assert again
    answering = {*again, next(person for person in asked if person not in people[:3])}
    await pulse.answer(wave, lambda person, _: 2 if person in answering else None)
    await pulse.close(3)
    assert not await pulse.figures(), "some replaced their answers, so four people have answered"
    (pool,) = (await entries(runtime)).values()
    counted = Counter(value for value in pool.values() if value is not None)
    assert counted == Counter({1: len(again) + 1, 3: 3 - len(again)})

    await pulse.week(6, always(4))
    assert list(await pulse.figures()) == [6]
    assert await entries(runtime) == {}
    assert await count(runtime, Pool) == 0


async def test_a_person_has_only_their_own_questions_and_no_comments(runtime: Runtime) -> None:
    pulse = await standing(runtime)
    wave = await pulse.open(0)
    assert wave
    assert wave.press_key
    person, asked = next(iter((await pulse.asked(wave)).items()))
    position = asked[0]
    theirs = Press(wave.id, position, press_nonce(wave.press_key, person), 3)
    other = min(pulse.questions.keys() - asked)
    for press in (replace(theirs, position=other), replace(theirs, position=99)):
        with pytest.raises(OutdatedError):
            async with runtime.sessions.begin() as session:
                await service.answer(session, actor(person), press)
    for at in (position, WHOLE_PULSE):
        with pytest.raises(OutdatedError):
            async with runtime.sessions.begin() as session:
                await service.comment(
                    session, actor(person), replace(theirs, position=at), "No.", after_thanks=True
                )
    async with runtime.sessions.begin() as session:
        step = await service.first_step(session, WORKSPACE, wave.id, person)
        assert step
        assert step.press.position == position
        assert step.wave.question_count == len(asked)


@pytest.mark.parametrize("broken", ["seal", "publish"])
async def test_a_crash_between_steps_loses_and_doubles_nothing(
    runtime: Runtime, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse = await standing(runtime)
    wave = await pulse.open(0)
    assert wave
    assert await open_waves(runtime, OPENS) == 0, "it opened already"
    await pulse.answer(wave, few("ULEGA000", *(f"UENGI{each:03}" for each in range(18))))
    before = await count(runtime, OpenAnswer)

    def crash(*_: Any, **__: Any) -> None:
        raise OSError("the power is gone")

    later = OPENS + timedelta(days=6)
    place = {
        "seal": "bot.pulse.sealing.delete_of_wave",
        "publish": "bot.insights.publishing.asdict",
    }[broken]
    with monkeypatch.context() as patch:
        patch.setattr(place, crash)
        with pytest.raises(OSError, match="power"):
            assert await close_waves(runtime, later) + await publish_waves(runtime, later)
    if broken == "seal":
        assert await count(runtime, OpenAnswer) == before
        assert await count(runtime, Pool) == 0
    for _ in range(2):
        await close_waves(runtime, later)
        await publish_waves(runtime, later)
    figures = (await pulse.figures())[0]
    assert {team for _, team in figures} == {"Engineering"}
    kept = [value for pool in (await entries(runtime)).values() for value in pool.values()]
    asked = await asked_rows(runtime)
    of_legal = [each for each in asked if each.employee_id == "ULEGA000"]
    assert len([value for value in kept if value is not None]) == len(of_legal)
    assert sum(figure.n for figure in figures.values()) + len(of_legal) <= before


async def test_a_paused_pulse_asks_nobody_and_loses_nothing(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 8}, ("workload",))
    await pulse.week(0, few("UDESI000", "UDESI001"))
    async with runtime.sessions.begin() as session:
        await surveys.pause(session, actor(ADMIN), pulse.survey_id, pulse.opens(1))
    assert await pulse.open(1) is None
    assert await waiting(runtime, "UDESI000") == 1
    async with runtime.sessions.begin() as session:
        await surveys.resume(session, actor(ADMIN), pulse.survey_id, pulse.opens(2))
    pulse.following = 2
    await pulse.week(3, always(4))
    assert list(await pulse.figures()) == [3]
    assert await waiting(runtime, "UDESI000") == 0


async def test_a_week_waits_for_the_figures_of_the_last_one(runtime: Runtime) -> None:
    pulse = await standing(runtime)
    wave = await pulse.open(0)
    assert wave
    async with runtime.sessions.begin() as session:
        await session.execute(update(Wave).values(closes_at=pulse.opens(1)))
    assert await pulse.open(1) is None
    await close_waves(runtime, pulse.opens(1))
    assert await pulse.open(1) is None
    await publish_waves(runtime, pulse.opens(1))
    assert await pulse.open(1)


async def test_what_is_known_well_is_asked_less(runtime: Runtime) -> None:
    pulse = await standing(runtime, {"Design": 40}, ("workload",), half_width=3.0)
    await pulse.week(0, always(4))
    assert await pulse.figures()
    assert await pulse.open(3) is None
    async with runtime.sessions.begin() as session:
        survey = await session.get_one(Survey, (WORKSPACE, pulse.survey_id))
        assert survey.next_on == FIRST_DAY + timedelta(weeks=4)


async def test_a_real_fall_in_a_team_is_noticed_though_weeks_show_some_cells(
    runtime: Runtime,
) -> None:
    pulse = await standing(
        runtime, {"Design": 40, "Sales": 30}, ("workload", "growth", "purpose"), half_width=0.5
    )
    for week in range(12):
        await pulse.week(
            week,
            lambda person, driver, late=week > 8: (  # type: ignore[misc]
                1 if late and driver == "growth" and person.startswith("UDESI") else 4
            ),
        )
    figures = await pulse.figures()
    late = [
        figure
        for week, cells in figures.items()
        for cell, figure in cells.items()
        if week > 8 and cell == ("growth", "Design")
    ]
    assert late
    assert any(
        figure.change and figure.change_margin and figure.change < -figure.change_margin
        for figure in late
    )
    others = [f for cells in figures.values() for c, f in cells.items() if c[0] != "growth"]
    assert all(not f.change or abs(f.change) <= (f.change_margin or 0) for f in others)


async def test_of_two_who_start_a_company_pulse_the_second_is_told(session: AsyncSession) -> None:
    await company(session, {"Design": 8})
    new = NewCompanyPulse("One", ("workload",), CompanyPulse(2, 0.8), 1, time(10))
    for key in ("1" * 32, "2" * 32):
        found = await save_company_draft(session, actor(ADMIN), key, replace(new, name=key), NOW)
        assert (found.teams, found.in_small_teams, found.left_out) == (1, 0, 1)
        assert found.most_in_a_quarter == 5
    await confirm_draft(session, actor(ADMIN), "1" * 32, NOW)
    with pytest.raises(UserError, match="There is a company pulse already"):
        await confirm_draft(session, actor(ADMIN), "2" * 32, NOW)
    with pytest.raises(UserError, match="There is a company pulse already"):
        await save_company_draft(session, actor(ADMIN), "3" * 32, new, NOW)
