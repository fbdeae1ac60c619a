import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.pure.statistics import Estimate, compare, quantile

estimates = st.builds(Estimate, st.floats(0, 10), st.floats(0.05, 2))


def test_intervals_are_normal_ones_within_the_scale() -> None:
    assert quantile(0.95) == pytest.approx(1.96, abs=0.001)
    assert Estimate(5, 1).interval(0, 10) == pytest.approx((3.04, 6.96), abs=0.001)
    assert Estimate(9, 1).interval(0, 10) == pytest.approx((7.04, 10), abs=0.001)
    assert Estimate(-90, 20).interval(-100, 100, 0.99)[0] == -100


def test_a_change_is_detectable_when_chance_alone_does_not_explain_it() -> None:
    # The difference's error is 0.5: detectable from 0.98 on.
    before = Estimate(6.0, 0.3)
    assert not compare(before, Estimate(5.1, 0.4)).detectable
    fall = compare(before, Estimate(5.0, 0.4))
    assert fall.detectable
    assert (fall.difference, fall.low, fall.high) == pytest.approx((-1, -1.98, -0.02), abs=0.001)
    assert not compare(before, Estimate(5.0, 0.4), confidence=0.99).detectable


@given(estimates, estimates)
def test_a_change_and_its_reverse_mirror_each_other(before: Estimate, after: Estimate) -> None:
    forth, back = compare(before, after), compare(after, before)

    assert forth.difference == pytest.approx(-back.difference)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low))
    assert forth.detectable == back.detectable
