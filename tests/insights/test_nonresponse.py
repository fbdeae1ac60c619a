import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, truncnorm

from bot.insights.pure.nonresponse import (
    LEAST_CONTENT,
    bounds_sentence,
    if_least_content,
    is_weak,
    spread_of,
)
from bot.insights.pure.resolution import MEAN_RESOLUTION


def test_the_least_content_third_is_the_lowest_of_a_normal_distribution() -> None:
    assert pytest.approx(truncnorm(-40, norm.ppf(1 / 3)).mean(), abs=1e-6) == LEAST_CONTENT


def test_those_who_did_not_answer_bound_the_figure() -> None:
    bound = if_least_content(7.1, 2.4, 60, 100, MEAN_RESOLUTION)

    assert bound == pytest.approx(7.1 - 0.4 * 1.0908 * 2.4, abs=0.001)
    assert bounds_sentence("it", bound, 40) == (
        "If the 40 or fewer who did not answer felt like the least content third, it would be 6.1."
    )
    assert if_least_content(7.1, 2.4, 100, 100, MEAN_RESOLUTION) == 7.1


def test_a_figure_is_weak_when_most_did_not_answer() -> None:
    assert is_weak(49, 100)
    assert not is_weak(50, 100)


@given(st.integers(5, 500), st.floats(0.5, 4))
def test_the_spread_follows_from_the_published_error(n: int, spread: float) -> None:
    error = MEAN_RESOLUTION.error(n, 5, spread)

    # The error has three decimals.
    assert spread_of(error, n, 5, MEAN_RESOLUTION) == pytest.approx(spread, abs=0.3)


@given(st.floats(0, 10), st.integers(0, 50), st.floats(0.5, 4))
def test_the_bound_is_lower_and_on_the_scale(value: float, answered: int, spread: float) -> None:
    assert 0 <= if_least_content(value, spread, answered, 50, MEAN_RESOLUTION) <= value + 1e-9
