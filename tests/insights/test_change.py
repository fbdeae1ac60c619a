"""Changes over several waves: what is found, what is not, and that chance rarely looks like one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from bot.insights.pure.change import BY_CHANCE, CellChange, find_changes
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import ENPS_RESOLUTION, MEAN_RESOLUTION
from tests.bench.bench_change import FORTY, TWENTY, false_alarms, found_within
from tests.insights.simulated import Company

START = date(2026, 1, 6)
TOTAL = Cell("driver", "workload", "all", "")


def wave(
    week: int,
    mean: float | None,
    n: int = 40,
    *,
    invited: int = 60,
    name: str = "Support",
    enps: float | None = None,
) -> WaveFigures:
    """Return a wave with one team; without a mean, the figure was withheld."""
    figures = [PublishedFigure("participation", "", "team", name, n, population=invited)]
    if mean is not None:
        error = MEAN_RESOLUTION.error(n, 5, 2.5)
        figures.append(
            PublishedFigure("driver", "workload", "team", name, n, mean=mean, error=error)
        )
    if enps is not None:
        error = ENPS_RESOLUTION.error(n, 5, 80)
        figures.append(PublishedFigure("enps", "2", "team", name, n, score=enps, error=error))
    return WaveFigures(START + timedelta(weeks=week), 5, figures)


def weekly(*means: float | None, n: int = 40) -> list[WaveFigures]:
    return [wave(week, mean, n) for week, mean in enumerate(means)]


def change(waves: Sequence[WaveFigures], name: str = "Support") -> CellChange | None:
    return find_changes(waves).cells.get(Cell("driver", "workload", "team", name))


def found(waves: Sequence[WaveFigures]) -> CellChange:
    result = change(waves)
    assert result is not None
    return result


def test_a_first_wave_and_no_wave_have_nothing_to_be_compared_with() -> None:
    assert find_changes([]).cells == {}
    assert find_changes(weekly(6.0)).cells == {}


def test_two_waves_count_as_independent_samples() -> None:
    # Two comparisons, of the mean and of participation, share the chance of a false one.
    one = 2.5**2 / 42 + 0.5**2 / 12
    margin = norm.isf(BY_CHANCE / 2 / 2) * np.sqrt(2 * one)
    result = found(weekly(6.0, 4.5))

    assert result.difference == -1.5
    assert result.margin == pytest.approx(margin, rel=0.01)
    assert (result.detectable, result.weeks) == (True, 1)
    assert (result.low, result.high) == pytest.approx((-1.5 - margin, -1.5 + margin), rel=0.01)
    assert not found(weekly(6.0, 5.0)).detectable


def test_more_waves_see_smaller_falls_and_say_in_how_many_weeks() -> None:
    before = [6.0, 6.5, 6.0, 6.5, 6.0, 6.5, 6.0, 6.5]

    assert not found(weekly(*before, 5.5)).detectable
    result = found(weekly(*before, 5.5, 5.0, 5.0))
    assert (result.detectable, result.weeks) == (True, 3)
    assert result.difference == pytest.approx(-6.25 + 15.5 / 3)


def test_the_same_people_make_smaller_changes_visible() -> None:
    """Figures that hardly vary from wave to wave show that mostly the same people answer."""
    calm = found(weekly(*[6.0] * 13))
    restless = found(weekly(*[5.5, 6.5] * 6, 6.0))

    assert calm.margin < 0.75 * restless.margin


def test_a_slow_drift_shows_against_twelve_weeks() -> None:
    drift = [7.0, 7.0, 7.0, 6.5, 6.5, 6.5, 6.0, 6.0, 6.0, 5.5, 5.5, 5.5, 5.5]
    result = found(weekly(*drift))

    assert (result.detectable, result.weeks) == (True, 12)
    assert not found(weekly(*drift[5:])).detectable, "the four weeks before show too little"


def test_missing_and_withheld_waves_are_skipped() -> None:
    steady = found(weekly(6.0, None, 6.0, 6.5, None, 6.0))
    assert not steady.detectable
    assert found(weekly(6.0, 6.5, None, 6.0, 6.5, None, 4.0)).detectable
    assert change(weekly(6.0, 6.0, None)) is None


def test_a_survey_that_paused_is_compared_with_the_time_before_the_pause() -> None:
    before = [wave(week, 6.5 if week % 2 else 6.0) for week in range(8)]
    resumed = [*before, wave(16, 4.0)]
    result = found(resumed)

    assert (result.detectable, result.weeks) == (True, 9)
    # After two months, the people who answer count as others.
    one = 2.5**2 / 42 + 0.5**2 / 12
    margin = norm.isf(BY_CHANCE / 2 / 2) * np.sqrt(one + one / 4)
    assert result.margin == pytest.approx(margin, rel=0.01)
    # A wave before the pause is no news.
    assert found([*before, wave(16, 4.0), wave(17, 4.0)]).weeks == 10


def test_a_renamed_team_is_another_team() -> None:
    waves = [*weekly(6.0, 6.0, 6.0), wave(3, 3.0, name="Customer care")]

    assert change(waves, "Customer care") is None
    assert change(waves) is None


def test_equal_answers_of_everybody_change_nothing() -> None:
    error = MEAN_RESOLUTION.error(40, 5, 0.5)
    same = [
        replace(each, figures=[replace(f, error=f.error and error) for f in each.figures])
        for each in weekly(*[7.5] * 8)
    ]
    result = found(same)

    assert (result.difference, result.detectable) == (0.0, False)
    assert result.margin > 0


def test_a_figure_that_falls_on_either_side_of_a_threshold_does_not_change() -> None:
    """Five people's means come in steps of 2.5, so one step is nearly nothing."""
    for steps in ([5.0] * 4 + [2.5] * 3, [5.0, 2.5, 5.0, 2.5, 5.0, 5.0, 5.0, 5.0, 2.5, 2.5, 2.5]):
        waves = [
            replace(each, figures=[f for n in "ABCDE" for f in wave(0, mean, 5, name=n).figures])
            for each, mean in zip(weekly(*steps), steps, strict=True)
        ]
        result = change(waves, "A")
        assert result is not None
        assert not result.detectable


def test_other_members_may_have_another_threshold() -> None:
    stay = [wave(week, 6.0, n=15) for week in range(12)]
    join = [*stay[:9], *(wave(week, 6.0, n=15, invited=61) for week in range(9, 12))]

    assert found(join).margin > 1.05 * found(stay).margin


def test_enps_and_participation_change_as_means_do() -> None:
    waves = [wave(week, None, enps=40.0) for week in range(7)]
    waves += [wave(week, None, n=20, enps=-40.0) for week in (7, 8, 9)]
    cells = find_changes(waves).cells

    score, people = (
        cells[Cell(*cell)]
        for cell in (("enps", "2", "team", "Support"), ("participation", "", "team", "Support"))
    )
    assert (score.difference, score.detectable) == (-80.0, True)
    assert people.difference == pytest.approx(-1 / 3)
    assert people.detectable


def test_the_participation_of_a_wave_that_ended_early_says_nothing() -> None:
    full = [wave(week, None) for week in range(6)]
    early = replace(wave(6, None, n=5), ended_early=True)
    people = Cell("participation", "", "team", "Support")

    assert people not in find_changes([*full, early]).cells
    assert not find_changes([*full, early, wave(7, None)]).cells[people].detectable


@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from([2.5, 5.0, 5.5, 6.0, 7.5])), min_size=1, max_size=14
    ),
    st.sampled_from([5, 10, 20, 40, 500]),
)
def test_any_history_has_an_interval_around_its_change(means: list[float | None], n: int) -> None:
    for result in find_changes(weekly(*means, n=n)).cells.values():
        assert result.low < result.difference < result.high
        assert result.detectable == (result.low > 0 or result.high < 0)
        assert result.weeks >= 1


def test_a_stable_company_has_less_than_one_false_fall_a_quarter() -> None:
    """Here with few runs; `python -m tests.bench.bench_change` has many."""
    assert false_alarms(FORTY, 2, seed=1).falls < 1


@pytest.mark.parametrize(
    ("company", "fall", "least"), [(FORTY, 1.0, 0.55), (TWENTY, 1.0, 0.15), (TWENTY, 2.0, 0.8)]
)
def test_a_real_fall_is_found_within_three_waves(
    company: Company, fall: float, least: float
) -> None:
    assert found_within(company, fall, 1, seed=3, before=7) >= least
