from datetime import date, timedelta

import pytest

from bot.insights.pure.figure_history import ThemeCount, WaveFigures
from bot.insights.pure.rising_themes import ThemeChange, theme_changes


def waves(*counts: tuple[int, int] | None) -> list[WaveFigures]:
    """Return waves with comments: how many mention the theme, of how many."""
    return [
        WaveFigures(
            date(2026, 1, 6) + timedelta(weeks=week),
            5,
            (),
            (ThemeCount("workload", *each),) if each else (),
        )
        for week, each in enumerate(counts)
    ]


def only(*counts: tuple[int, int] | None) -> ThemeChange:
    (found,) = theme_changes(waves(*counts), 3, 4)
    return found


def test_the_test_of_two_rates_is_the_usual_one() -> None:
    """The example of R's `poisson.test`: 11 in 800 against 21 in 3,011."""
    assert only((21, 3011), (11, 800)).p_value == pytest.approx(0.07967, abs=0.00001)


def test_the_interval_is_newcombes() -> None:
    """Newcombe (1998), table II: 56 of 70 against 48 of 80, method 10."""
    found = only((48, 80), (56, 70))

    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=0.0001)


def test_the_newest_waves_are_compared_with_the_four_before() -> None:
    found = only((50, 50), (0, 10), (0, 10), (0, 10), (0, 10), (5, 10), (5, 10), (5, 10))

    assert (found.share, found.difference, found.weeks) == (0.5, 0.5, 3)


def test_without_earlier_comments_nothing_is_compared() -> None:
    assert theme_changes(waves((3, 10)), 3, 4) == []
    assert theme_changes(waves(None, (3, 10)), 3, 4) == []
    assert theme_changes(waves((3, 10), (0, 0)), 3, 4) == []
    assert theme_changes([], 3, 4) == []
