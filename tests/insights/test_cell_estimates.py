import pytest

from bot.insights.pure.cell_estimates import between_cells, estimate_cells
from bot.insights.pure.figure_history import Cell
from tests.bench.bench_change import TWENTY, coverage
from tests.insights.test_change import wave, weekly

SUPPORT = Cell("driver", "workload", "team", "Support")


def test_the_variance_between_cells_is_that_of_dersimonian_and_laird() -> None:
    """The vaccine trials of R's package metafor: `rma(yi, vi, data=dat.bcg, method="DL")`."""
    yi = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713]
    vi = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730]
    mean, variance = between_cells(
        [*yi, -0.3394, 0.4459, -0.0173], [*vi, 0.0124, 0.5325, 0.0714], 0.0
    )

    assert mean == pytest.approx(-0.7141, abs=0.0005)
    assert variance - 0.1787**2 == pytest.approx(0.3088, abs=0.001)


def test_an_estimate_lies_between_the_figures_and_narrows_with_waves() -> None:
    one, many = (estimate_cells(weekly(*[6.0, 7.0] * count))[SUPPORT] for count in (1, 6))

    assert len(many) == 12
    for estimate in many:
        assert estimate.low < estimate.value < estimate.high
        assert 6.0 <= estimate.value <= 7.0
    assert many[6].high - many[6].low < one[0].high - one[0].low


def test_cells_that_tell_little_are_drawn_towards_the_others() -> None:
    def company(n: int) -> float:
        waves = weekly(6.0)[0]
        figures = [*waves.figures]
        for name, mean in (("Sales", 6.0), ("Design", 6.0), ("Legal", 2.5)):
            figures += wave(0, mean, n if name == "Legal" else 40, name=name).figures
        found = estimate_cells([type(waves)(waves.held_on, 5, figures)])
        return found[Cell("driver", "workload", "team", "Legal")][0].value

    assert 2.5 < company(40) < company(5) < 6.0


def test_nothing_is_estimated_from_nothing() -> None:
    assert estimate_cells([]) == {}
    assert SUPPORT not in estimate_cells(weekly(6.0, None))


@pytest.mark.parametrize("waves", [2, 9])
def test_intervals_hold_the_truth(waves: int) -> None:
    assert coverage(TWENTY, 2.0, 1, seed=5, waves=waves) >= 0.93
