"""Changes over a survey's waves: what is read, stored with a wave, and shown."""

from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights import service
from bot.insights.history import earlier_figures
from bot.insights.pure.change import WAVES_NEEDED
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from models import Survey
from tests.factories import WORKSPACE, survey
from tests.insights.waves import CLOSED, everyone, publish, sealed_wave, store_wave

NOW = CLOSED + timedelta(minutes=1)
DESIGN = everyone(4, 5, 4, 3, 5, 4)


async def test_what_stands_out_is_stored_with_the_wave_and_its_figures(
    session: AsyncSession, weekly: Survey
) -> None:
    content, worn_out = everyone(*[5, 4] * 6), everyone(*[1, 2] * 6)
    for week in range(6):
        design = content if week < 4 else worn_out
        held_on = date(2026, 10, 6) + timedelta(weeks=week)
        wave = await sealed_wave(
            session,
            weekly,
            {"Design": design, "Sales": content, "Ops": content, "Legal": content},
            held_on=held_on,
        )
        await publish(session, WORKSPACE, wave.id, NOW + timedelta(weeks=week))

    shown = await service.wave_results(session, WORKSPACE, wave.id)
    totals = await service.wave_totals(session, WORKSPACE, wave.id)

    assert shown is not None
    assert totals is not None
    (fall,) = shown.stands_out
    assert totals.stands_out == shown.stands_out, "the digest reads no groups"
    assert fall.statement.finding is Finding.FALL
    assert fall.statement.cell == Cell("driver", "workload", "team", "Design")
    assert (fall.label, fall.statement.weeks) == ("Workload", 2)
    design_results = next(group for group in shown.groups if group.name == "Design")
    (workload,) = design_results.scores
    assert workload.change is not None
    assert workload.change.difference == pytest.approx(fall.statement.difference)
    assert workload.change.detectable


async def test_history_has_the_published_figures_of_the_same_survey_only(
    session: AsyncSession, weekly: Survey
) -> None:
    other = survey(name="Another")
    session.add(other)
    await session.flush()
    days = [date(2026, 1, 6) + timedelta(weeks=week) for week in range(WAVES_NEEDED + 2)]
    for day in days:
        for each in (weekly, other):
            wave = await sealed_wave(session, each, {"Design": DESIGN}, held_on=day)
            await publish(session, WORKSPACE, wave.id, NOW)
    waiting = await sealed_wave(session, weekly, {"Design": DESIGN}, held_on=date(2026, 5, 5))
    newest = await store_wave(session, weekly, {"Design": DESIGN}, held_on=date(2026, 5, 12))

    history = await earlier_figures(session, newest)

    assert waiting.status == "sealed"
    assert [each.held_on for each in history] == days[-WAVES_NEEDED + 1 :]
    measures = {figure.measure for each in history for figure in each.figures}
    assert measures == {"driver", "participation"}


async def test_a_wave_that_most_did_not_answer_is_marked_weak(
    session: AsyncSession, weekly: Survey
) -> None:
    some = [*everyone(4, 4, 4, 4, 4, 4, 4, 4, 4, 4), *[None] * 25]
    wave = await sealed_wave(session, weekly, {"Design": some})
    await publish(session, WORKSPACE, wave.id, NOW)

    shown = await service.wave_results(session, WORKSPACE, wave.id)

    assert shown is not None
    # In so small a wave, a usual spread of 2.5 counts.
    bound = shown.drivers[0].mean.value - 25 / 35 * 1.0908 * 2.5
    assert shown.weakness == (
        "Most did not answer, so figures are weak. If the 25 or fewer who did not answer felt like "
        f"the least content third, Workload would be {bound:.1f}."
    )
