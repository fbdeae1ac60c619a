"""Lines over time: published figures, gaps, and the estimate between them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.pure.cell_estimates import CellEstimate
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.trend_lines import level_on, pauses, trend_lines

FIRST = date(2026, 9, 1)
COMPANY = Cell("driver", "workload", "all", "")
SALES = Cell("driver", "workload", "team", "Sales")
means = st.lists(st.one_of(st.none(), st.sampled_from([2.0, 5.0, 8.0])), min_size=1, max_size=9)


def waves(*of_sales: float | None, days: list[date] | None = None) -> list[WaveFigures]:
    days = days or [FIRST + timedelta(weeks=number) for number in range(len(of_sales))]
    return [
        WaveFigures(
            day,
            5,
            [*figures(COMPANY, 6.0), *([] if mean is None else figures(SALES, mean))],
        )
        for day, mean in zip(days, of_sales, strict=True)
    ]


def figures(cell: Cell, mean: float) -> list[PublishedFigure]:
    _, _, segment, name = cell
    return [
        PublishedFigure("participation", "", segment, name, 10, population=12),
        PublishedFigure("driver", "workload", segment, name, 10, mean=mean, error=0.8),
    ]


@given(of_sales=means)
def test_a_line_has_a_point_per_wave_and_numbers_where_they_were_published(
    of_sales: list[float | None],
) -> None:
    company, sales = trend_lines(waves(*of_sales), [COMPANY, SALES])
    assert [each.held_on for each in sales.points] == [each.held_on for each in company.points]
    assert [each.number.value if each.number else None for each in sales.points] == of_sales
    shown = [place for place, mean in enumerate(of_sales) if mean is not None]
    for place, point in enumerate(sales.points):
        within = bool(shown) and shown[0] <= place <= shown[-1]
        assert (point.level is not None) == within
    assert (sales.latest is None) == (not shown)
    if sales.latest:
        assert sales.latest.held_on == sales.shown[-1].held_on
        assert sales.latest.low <= sales.latest.value <= sales.latest.high


def test_a_withheld_wave_lies_on_the_straight_line_between_the_estimates() -> None:
    (sales,) = trend_lines(waves(2.0, None, None, 8.0), [SALES])
    first, second, third, last = [each.level for each in sales.points]
    assert first is not None
    assert last is not None
    assert second == pytest.approx(first + (last - first) / 3)
    assert third == pytest.approx(first + (last - first) * 2 / 3)


def test_there_is_no_estimate_outside_of_what_was_published() -> None:
    day = CellEstimate(FIRST, 5.0, 4.0, 6.0, 0.5)
    assert level_on([day], FIRST) == 5.0
    assert level_on([day], FIRST + timedelta(days=1)) is None
    assert level_on([], FIRST) is None


def test_a_pause_is_found_where_a_survey_rested() -> None:
    days = [FIRST + timedelta(weeks=each) for each in (0, 1, 2, 11, 12)]
    assert pauses(waves(*[5.0] * 5, days=days)) == ((days[2], days[3]),)
    assert pauses(waves(5.0, 5.0, 5.0)) == ()
