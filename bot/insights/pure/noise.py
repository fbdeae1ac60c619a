"""How much chance moves a group's figures from wave to wave, from published figures alone. Pure.

Mostly the same people answer each wave, so a group's figures vary less than those of independent
samples. How much less is estimated from the survey's own earlier waves: the mean squared difference
of successive figures, over all cells, against the variance of independent samples (von Neumann and
others, "The mean square successive difference", Annals of Mathematical Statistics 12, 1941). With
little history, it counts as if samples were independent.

A cell that varies far more than the others has its own noise, drawn towards theirs (as in Smyth,
"Linear models and empirical Bayes methods", Statistical Applications in Genetics and Molecular
Biology 3, 2004).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Final

from bot.insights.pure.figure_history import (
    Cell,
    History,
    Reading,
    WaveFigures,
    has_pause,
    usual_gaps,
)

LATEST: Final = 3
"""Waves that may be news: what they change isn't noise."""

_GUESSED_PAIRS: Final = 10
"""How many pairs of waves the guess weighs, which is all that there is in the beginning."""
_NOISY: Final = 2
"""A cell that varies by this factor more than the others gets its own noise."""
_COMMON_PAIRS: Final = 10
"""How many pairs of waves the common noise weighs in a cell's own."""
_COARSEST: Final = 4
"""The largest squared step, in sampling variances, at which figures show what chance does."""
_LEAST_NOISE: Final = 0.25


@dataclass(frozen=True)
class Series:
    """A cell's readings with the variances of their errors."""

    history: History
    variances: tuple[float, ...]
    """Of each reading's own error."""
    lasting: float
    """Of the error that they share: the same people answer, and a group has one threshold."""

    @property
    def mean(self) -> float:
        """Return the mean of the readings."""
        return fmean(each.value for each in self.history)

    @property
    def mean_variance(self) -> float:
        """Return the variance of the mean around the level, if that doesn't move."""
        return fmean(self.variances) / len(self.variances) + self.lasting


@dataclass(frozen=True)
class Noise:
    """The variance of figures from wave to wave, as a multiple of that of independent samples."""

    common: Mapping[str, float]
    """Of all cells together, per measure."""
    least: Mapping[str, float]
    """The same, but with little history it counts as if almost only the same people answered."""
    before: date
    """Waves from this day on are left out."""
    gaps: Mapping[tuple[str, str], timedelta]
    """The usual time between two waves with a measure, see `usual_gaps`."""

    @classmethod
    def of(cls, found: Mapping[Cell, History], waves: Sequence[WaveFigures]) -> "Noise":
        """Estimate it from the histories of a survey's cells; `waves` are not empty."""
        before, gaps = waves[-min(LATEST, len(waves))].held_on, usual_gaps(waves)
        ratios: defaultdict[str, list[float]] = defaultdict(list)
        for cell, history in found.items():
            ratios[cell.measure] += _ratios(history, before, gaps[cell[:2]])
        common, least = (
            {
                measure: max(_LEAST_NOISE, (_GUESSED_PAIRS * guess + sum(each)) / count)
                for measure, each in ratios.items()
                for count in [_GUESSED_PAIRS + len(each)]
            }
            for guess in (1.0, _LEAST_NOISE)
        )
        return cls(common, least, before, gaps)

    def in_cell(self, cell: Cell, history: History) -> float:
        """Return a cell's noise: the common one, or more if its own figures vary far more."""
        common = self.common[cell.measure]
        own = list(_ratios(history, self.before, self.gaps[cell[:2]]))
        if not own or fmean(own) < _NOISY * common:
            return common
        return (_COMMON_PAIRS * common + sum(own)) / (_COMMON_PAIRS + len(own))

    def series(self, cell: Cell, history: History) -> Series:
        """Return a cell's readings with their errors; there is at least one reading."""
        own = self.in_cell(cell, history)
        # What doesn't vary from wave to wave, though another sample would have, lasts.
        lasting = max(0.0, 1 - self.least[cell.measure]) * fmean(each.variance for each in history)
        lasting += fmean(each.step**2 for each in history) / 12
        return Series(history, tuple(wave_variance(each, own) for each in history), lasting)


def _ratios(history: History, before: date, gap: timedelta) -> Iterator[float]:
    """Yield half the squared difference of successive figures, over their sampling variance.

    Pairs with different members or steps are left out: their rounding differs. So are those with
    steps of more than two standard deviations: near the ends of the scale they hide all noise.
    """
    older = [reading for reading in history if reading.held_on < before]
    for pair in pairwise(older):
        first, second = pair
        is_alike = (first.invited, first.step) == (second.invited, second.step)
        is_fine = first.step**2 <= _COARSEST * min(first.variance, second.variance)
        if is_alike and is_fine and not has_pause(pair, gap):
            squared = (second.value - first.value) ** 2 / 2 - first.step**2 / 12
            yield squared / fmean((first.variance, second.variance))


def wave_variance(reading: Reading, noise: float) -> float:
    """Return the variance of a figure around its group's level.

    Never less than a quarter of the squared step: the variance of a number that falls on this side
    or that side of a threshold.
    """
    step = reading.step**2
    return float(max(noise * reading.variance + step / 12, step / 4))
