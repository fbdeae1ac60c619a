"""What stands out: in the demo's story, in stable companies, and when the whole company changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.insights.pure.change import find_changes
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.stands_out import MOST, Statement, due_alerts, find_statements
from sandbox.demo.moods import BUDDIES, REORGANISATION
from tests.bench.bench_change import OF_500, false_alarms
from tests.insights.demo_story import settling_in, weekly_pulse
from tests.insights.simulated import Company, Levels, stable

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def statements(waves: list[WaveFigures], number: int | None = None) -> tuple[Statement, ...]:
    """Return what stands out after some waves."""
    return find_statements(waves[:number], find_changes(waves[:number]))


@pytest.mark.parametrize("seed", [11, 12])
def test_the_demo_tells_of_support_within_three_weeks_and_of_nothing_else(seed: int) -> None:
    waves = weekly_pulse(seed)

    for week in range(1, REORGANISATION):
        assert statements(waves, week) == (), week
    for week in (REORGANISATION + 2, REORGANISATION + 3):
        (support,) = statements(waves, week)
        assert support.finding is Finding.FALL
        assert (support.cell.segment, support.cell.segment_ref) == ("team", "Support")
        assert support.also, "several drivers fell"
        assert support.low < support.difference < support.high < 0
        assert support.weeks <= 3
        assert support.next_step
    assert support.sureness in {"very likely", "almost certain"}


@pytest.mark.parametrize("seed", [11, 12])
def test_the_demo_tells_of_newcomers_by_the_sixth_week_with_buddies(seed: int) -> None:
    waves = settling_in(seed)

    for number in range(1, BUDDIES // 2 + 1):
        assert statements(waves, number) == (), number
    (rise,) = statements(waves)
    assert rise.finding is Finding.RISE
    assert rise.cell.segment == "all"
    assert rise.difference == pytest.approx(4, abs=0.7)


def test_a_stable_company_of_500_has_less_than_one_false_alarm_a_quarter() -> None:
    """Here with few runs; `python -m tests.bench.bench_change` has many."""
    assert false_alarms(OF_500, 2, seed=4).statements < 1


def simulated(levels: Levels = stable) -> list[WaveFigures]:
    return list(Company(drivers=3, levels=levels).waves(13, np.random.default_rng(6)))


def test_a_fall_of_the_whole_company_is_named_once() -> None:
    (fall,) = statements(simulated(lambda d, _, w: -1.5 if d == 0 and w >= 10 else 0.0))

    assert fall.cell == Cell("driver", "driver0", "all", "")
    assert fall.finding is Finding.FALL


def test_a_team_that_falls_deeper_than_the_company_is_named_too() -> None:
    def levels(driver: int, team: int, week: int) -> float:
        return (-4.0 if team == 2 else -1.0) if driver == 0 and week >= 10 else 0.0

    found = statements(simulated(levels))

    assert {each.cell.segment_ref for each in found} == {"", "Team C"}


def test_a_team_far_from_the_company_stands_out_from_the_first_wave_on() -> None:
    waves = simulated(lambda d, t, _: -3.0 if (d, t) == (1, 5) else 0.0)
    for number in (1, 2, 13):
        (far,) = statements(waves, number)
        assert far.finding is Finding.FAR_BELOW
        assert far.cell == Cell("driver", "driver1", "team", "Team F")
        assert far.weeks == 0


def test_falling_participation_stands_out_and_rising_does_not() -> None:
    many, few = (
        list(Company(drivers=1, answering=share).waves(13, np.random.default_rng(7)))
        for share in (0.8, 0.4)
    )
    fall = [*many[:10], *few[10:]]
    rise = [*few[:10], *many[10:]]

    kinds = {each.finding for each in statements(fall)}
    assert Finding.PARTICIPATION in kinds
    assert Finding.PARTICIPATION not in {each.finding for each in statements(rise)}


def test_a_rising_theme_stands_out() -> None:
    def with_themes(wave: WaveFigures, about: int) -> WaveFigures:
        counts = {"workload": about, "meetings": about + 5, "pay": 45 - about // 4}
        themes = [
            PublishedFigure("theme", key, "all", "", n, population=100) for key, n in counts.items()
        ]
        return replace(wave, figures=[*wave.figures, *themes])

    waves = [
        with_themes(wave, about) for wave, about in zip(simulated(), [10] * 12 + [60], strict=True)
    ]

    assert statements(waves[:12]) == ()
    (theme,) = statements(waves)
    assert (theme.finding, theme.cell.ref) == (Finding.THEME, "workload")
    assert [each.ref for each in theme.also] == ["meetings"]
    assert (theme.n, theme.value, theme.weeks) == (60, 0.6, 8)
    assert 0 < theme.low < theme.difference < theme.high


def test_at_most_three_statements_come_and_the_largest_first() -> None:
    falls = {0: -5.0, 2: -4.0, 4: -3.0, 6: -3.5}
    found = statements(simulated(lambda d, t, w: falls.get(t, 0.0) if d == 0 and w >= 10 else 0.0))

    assert len(found) == MOST
    assert found[0].cell.segment_ref == "Team A"


def test_a_cell_has_an_alert_at_most_once_a_week() -> None:
    found = statements(weekly_pulse(weeks=REORGANISATION + 2))
    told = {found[0].cell: NOW}

    assert due_alerts(found, {}, NOW) == found
    assert due_alerts(found, told, NOW + timedelta(days=6)) == ()
    assert due_alerts(found, told, NOW + timedelta(days=7)) == found


def test_without_waves_nothing_stands_out() -> None:
    assert statements([]) == ()
