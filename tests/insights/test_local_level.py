"""The filter and smoother, against Durbin and Koopman's example and plain conditioning."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from bot.insights.pure.local_level import LevelModel, estimate_levels

# Annual flow of the Nile at Aswan, 1871 to 1970.
NILE = [
    *(1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960),
    *(1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694),
    *(940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764),
    *(821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822),
    *(1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050),
    *(918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740),
]
IRREGULAR = 15_099.0


def test_the_likelihood_is_highest_where_the_book_finds_it() -> None:
    """Durbin and Koopman, section 2.10.3: 15,099 and 1,469.1 maximise it for the Nile."""

    def against(log_drift: float) -> float:
        model = LevelModel(0.0, 1e7, float(np.exp(log_drift)), 0.0)
        levels = estimate_levels(model, range(100), NILE, [IRREGULAR] * 100)
        return -levels.log_likelihood

    best = minimize_scalar(against, bounds=(4, 11), method="bounded")

    assert np.exp(best.x) == pytest.approx(1469.1, rel=0.02)


def test_the_filter_gives_the_books_first_steps() -> None:
    """Section 2.2.5 starts at 0 with variance 10⁷; the gain then settles at 0.27 or so."""
    model = LevelModel(0.0, 1e7, 1469.1, 0.0)
    levels = estimate_levels(model, range(100), NILE, [IRREGULAR] * 100)

    assert levels.filtered[0] == pytest.approx(1118.3, abs=0.1)
    steady = levels.filtered_variance[-1]
    assert steady == pytest.approx(4032.2, abs=0.5)
    assert levels.smoothed[-1] == levels.filtered[-1]
    assert levels.smoothed_variance[50] < steady


@settings(max_examples=40)
@given(
    st.lists(st.floats(0, 10), min_size=1, max_size=8),
    st.floats(0.001, 2),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 9),
)
def test_it_is_the_normal_distribution_given_the_readings(
    values: list[float], variance: float, drift: float, lasting: float, gap: int
) -> None:
    weeks = np.cumsum([0, *[1, gap] * 4])[: len(values)]
    own = np.linspace(0.1, 0.5, len(values))
    levels = estimate_levels(
        LevelModel(5.0, variance, drift, lasting), list(weeks), values, list(own)
    )

    of_levels = variance + drift * np.minimum.outer(weeks, weeks)
    of_values = of_levels + lasting + np.diag(own)
    weights = of_levels @ np.linalg.inv(of_values)
    expected = 5 + weights @ (np.array(values) - 5)
    left = np.diag(of_levels - weights @ of_levels.T)
    likelihood = multivariate_normal([5.0] * len(values), of_values).logpdf(values)
    assert levels.smoothed == pytest.approx(expected, abs=1e-6)
    assert levels.smoothed_variance == pytest.approx(left, abs=1e-6)
    assert levels.filtered[-1] == pytest.approx(expected[-1], abs=1e-6)
    assert levels.log_likelihood == pytest.approx(likelihood, abs=1e-6)
