import random

from bot.insights.pure.rising_themes import Writers, is_rising


def in_fives(n: int) -> int:
    return n - n % 5


def published(share: float, writers: int, draw: random.Random) -> Writers:
    about = sum(draw.random() < share for _ in range(writers))
    return Writers(in_fives(about) if about >= 10 else 0, in_fives(writers))


def test_a_clear_rise_is_seen() -> None:
    assert is_rising(Writers(60, 100), [Writers(20, 100), Writers(15, 100)], 5, 8)


def test_a_new_theme_rises_if_many_write_about_it() -> None:
    assert is_rising(Writers(50, 100), [Writers(0, 100)], 5, 8)
    assert not is_rising(Writers(10, 100), [Writers(0, 100)], 5, 8)


def test_without_earlier_waves_nothing_rises() -> None:
    assert not is_rising(Writers(60, 100), [], 5, 8)


def test_a_fall_is_no_rise() -> None:
    assert not is_rising(Writers(20, 100), [Writers(60, 100)], 5, 8)


def test_steady_themes_hardly_ever_seem_to_rise() -> None:
    draw = random.Random(1)
    rising = sum(
        is_rising(
            published(0.3, 120, draw), [published(0.3, 120, draw) for _ in range(4)], 5, themes=1
        )
        for _ in range(1000)
    )
    assert rising <= 25


def test_a_doubled_share_of_many_writers_is_mostly_seen() -> None:
    draw = random.Random(2)
    rising = sum(
        is_rising(
            published(0.4, 300, draw), [published(0.2, 300, draw) for _ in range(4)], 5, themes=10
        )
        for _ in range(200)
    )
    assert rising >= 180
