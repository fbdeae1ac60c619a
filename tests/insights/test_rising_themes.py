import random
from datetime import date, timedelta

import pytest

from bot.insights.pure.change import CellChange, find_changes
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.rising_themes import ThemeHistory, Writers, share_difference

NEWEST = date(2026, 11, 3)


def wave(weeks_ago: int, writers: int, k: int = 5, **about: int) -> WaveFigures:
    """Return a wave in which themes are shown, each by how many people wrote about it."""
    figures = [
        PublishedFigure("theme", key, "all", "", n, population=writers)
        for key, n in about.items()
        if n
    ]
    return WaveFigures(NEWEST - timedelta(weeks=weeks_ago), k, figures)


def change(*waves: WaveFigures) -> CellChange | None:
    return find_changes(waves).cells.get(Cell("theme", "pay", "all", ""))


def rises(*waves: WaveFigures) -> bool:
    found = change(*waves)
    return found is not None and found.low > 0


def published(weeks_ago: int, share: float, draw: random.Random, writers: int) -> WaveFigures:
    """Return what is published if `share` of the people write about pay, and half about tools."""
    about = sum(draw.random() < share for _ in range(writers))
    return wave(
        weeks_ago, in_fives(writers), pay=in_fives(about) if about >= 10 else 0, tools=writers // 2
    )


def in_fives(n: int) -> int:
    return n - n % 5


def test_the_interval_is_newcombes_where_nothing_is_hidden() -> None:
    """Newcombe (1998), table II: 56 of 70 against 48 of 80, method 10."""
    history = ThemeHistory(Writers(56, 70, 1), [Writers(48, 80, 1)], 1)

    assert share_difference(history, 0.05) == pytest.approx((0.0524, 0.3339), abs=0.0001)


def test_the_steps_of_counts_widen_the_interval() -> None:
    exact = share_difference(ThemeHistory(Writers(56, 70, 1), [Writers(48, 80, 1)], 1), 0.05)
    steps = share_difference(ThemeHistory(Writers(56, 70, 8), [Writers(48, 80, 8)], 1), 0.05)

    assert steps[0] < exact[0] < exact[1] < steps[1]


def test_a_clear_rise_is_seen() -> None:
    found = change(wave(2, 100, pay=20), wave(1, 100, pay=15), wave(0, 100, pay=60))

    assert found
    assert 0 < found.low < 0.4 < found.high
    assert found.weeks == 2


def test_a_new_theme_rises_if_many_write_about_it() -> None:
    assert rises(wave(1, 100, tools=50), wave(0, 100, pay=50))
    assert not rises(wave(1, 100, tools=50), wave(0, 100, pay=10))


def test_waves_before_eight_weeks_or_without_themes_are_not_compared() -> None:
    now = wave(0, 100, pay=60)

    assert change(now) is None
    assert change(wave(9, 100, pay=10), now) is None
    assert change(wave(1, 0), now) is None
    assert change(wave(8, 100, pay=10), wave(1, 0), now) == change(wave(8, 100, pay=10), now)


def test_a_fall_is_no_rise() -> None:
    assert not rises(wave(1, 100, pay=60), wave(0, 100, pay=20))


def test_the_same_people_who_write_in_each_wave_count_once() -> None:
    now = wave(0, 100, pay=45)
    once = change(wave(1, 100, pay=20), now)
    often = change(*(wave(number, 100, pay=20) for number in range(4, 0, -1)), now)

    assert once
    assert often
    assert (once.difference, once.margin) == (often.difference, often.margin)


def test_steady_themes_hardly_ever_seem_to_rise() -> None:
    draw = random.Random(1)
    rising = sum(
        rises(*(published(number, 0.3, draw, 120) for number in range(4, -1, -1)))
        for _ in range(1000)
    )
    assert rising <= 25


def test_a_doubled_share_of_many_writers_is_mostly_seen() -> None:
    draw = random.Random(2)
    rising = sum(
        rises(
            *(published(number, 0.2, draw, 300) for number in range(4, 0, -1)),
            published(0, 0.4, draw, 300),
        )
        for _ in range(200)
    )
    assert rising >= 180
