"""Estimates of every cell's level over time, from published figures alone. Pure.

An estimate says less than a figure and more than one: it borrows from the cell's other waves and
from the other teams. Show it as an estimate, for example as the band behind a trend line.

Each cell follows `bot.insights.pure.local_level`. What the cells of one measure and dimension share
is estimated from them (empirical Bayes; partial pooling):

- mean and variance between cells by the method of DerSimonian and Laird, "Meta-analysis in clinical
  trials", Controlled Clinical Trials 7 (1986);
- the weekly drift by maximum likelihood over a few values.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from bot.insights.pure.figure_history import RESOLUTIONS, Cell, WaveFigures, histories
from bot.insights.pure.local_level import LevelModel, Levels, estimate_levels
from bot.insights.pure.noise import Noise, Series
from bot.insights.pure.resolution import Resolution
from bot.insights.pure.statistics import Estimate

_LEAST_BETWEEN: Final = 0.05
"""Groups differ by at least this share of the range, in standard deviations."""
_DRIFTS: Final = (0.005, 0.01, 0.02, 0.04, 0.08)
"""Standard deviations of a level's step in a week, as shares of the range."""


class CellEstimate(NamedTuple):
    """An estimate of a cell's level on the day of a wave, with its 95 % interval."""

    held_on: date
    value: float
    low: float
    high: float
    error: float
    """Its standard error."""


def estimate_cells(
    waves: Sequence[WaveFigures], *, newest_only: bool = True
) -> dict[Cell, tuple[CellEstimate, ...]]:
    """Return each cell's estimates, one per wave that shows it; `waves` are oldest first.

    Cells are those of the newest wave, or without `newest_only` those of any.
    """
    found = histories(waves, newest_only=newest_only)
    if not found:
        return {}
    noise = Noise.of(found, waves)
    alike: defaultdict[tuple[str, str, str], dict[Cell, Series]] = defaultdict(dict)
    for cell, history in found.items():
        alike[cell[:3]][cell] = noise.series(cell, history)
    return {
        cell: estimates
        for (measure, _, _), series in alike.items()
        for cell, estimates in _pooled(series, RESOLUTIONS[measure]).items()
    }


def _pooled(
    cells: Mapping[Cell, Series], resolution: Resolution
) -> dict[Cell, tuple[CellEstimate, ...]]:
    """Estimate the cells of one measure and dimension together."""
    lowest, highest = resolution.lowest, resolution.highest
    width = highest - lowest
    mean, between = between_cells(
        [each.mean for each in cells.values()],
        [each.mean_variance for each in cells.values()],
        (_LEAST_BETWEEN * width) ** 2 if len(cells) > 1 else (width / 2) ** 2,
    )
    drifts = [(share * width) ** 2 for share in _DRIFTS]
    fitted = [[_levels(each, mean, between, drift) for each in cells.values()] for drift in drifts]
    likeliest = max(fitted, key=lambda levels: sum(each.log_likelihood for each in levels))
    return {
        cell: tuple(
            CellEstimate(
                reading.held_on,
                float(value),
                *Estimate(float(value), float(np.sqrt(variance))).interval(lowest, highest),
                float(np.sqrt(variance)),
            )
            for reading, value, variance in zip(
                cells[cell].history, levels.smoothed, levels.smoothed_variance, strict=True
            )
        )
        for cell, levels in zip(cells, likeliest, strict=True)
    }


def _levels(series: Series, mean: float, between: float, drift: float) -> Levels:
    first = series.history[0].held_on
    return estimate_levels(
        LevelModel(mean, between, drift, series.lasting),
        [(each.held_on - first).days / 7 for each in series.history],
        [each.value for each in series.history],
        series.variances,
    )


def between_cells(
    means: Sequence[float], variances: Sequence[float], least: float
) -> tuple[float, float]:
    """Return the mean of the cells, and the variance of a cell around it.

    The variance between cells is at least `least`, and has that of the mean added.
    """
    weights = 1 / np.asarray(variances)
    centre = np.average(means, weights=weights)
    heterogeneity = weights @ (np.asarray(means) - centre) ** 2 - (len(means) - 1)
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    between = max(least, heterogeneity / scale) if scale > 0 else least
    weights = 1 / (np.asarray(variances) + between)
    return float(np.average(means, weights=weights)), float(between + 1 / weights.sum())
