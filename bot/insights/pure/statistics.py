"""Published numbers as estimates: their intervals and differences. Pure.

Intervals have 95 % confidence by default. An estimate is a published number with its standard
error, see `bot.insights.pure.resolution`. Answers are not used here.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Estimate:
    """A published number and its standard error."""

    value: float
    error: float

    def interval(
        self, lowest: float, highest: float, confidence: float = CONFIDENCE
    ) -> tuple[float, float]:
        """Return the ends of the normal interval, clipped to the scale."""
        margin = quantile(confidence) * self.error
        return max(lowest, self.value - margin), min(highest, self.value + margin)


@dataclass(frozen=True)
class Change:
    """The difference of two estimates (after − before), with its interval.

    `detectable` is False if the interval includes 0.
    """

    difference: float
    low: float
    high: float
    detectable: bool


def compare(before: Estimate, after: Estimate, confidence: float = CONFIDENCE) -> Change:
    """Compare two estimates as if they were independent.

    Mostly the same people answer both waves, so this errs towards "no detectable change". To
    compare many cells at once, raise the confidence, for example to 1 − 0.05 / comparisons
    (Bonferroni); otherwise one in twenty stands out by chance.
    """
    difference = after.value - before.value
    margin = quantile(confidence) * math.hypot(before.error, after.error)
    low, high = difference - margin, difference + margin
    return Change(difference, low, high, detectable=low > 0 or high < 0)


def quantile(confidence: float) -> float:
    """Return the half-width of a two-sided normal interval, in standard errors."""
    return NormalDist().inv_cdf((1 + confidence) / 2)
