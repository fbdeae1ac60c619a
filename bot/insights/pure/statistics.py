"""Published numbers as estimates: intervals, and whether two of them differ. Pure.

Intervals are at 95 %. An estimate is a published number with its standard error, see
`bot.insights.pure.resolution`; nothing here looks at answers.
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
        """Return the ends of the normal interval, within the scale."""
        margin = quantile(confidence) * self.error
        return max(lowest, self.value - margin), min(highest, self.value + margin)


@dataclass(frozen=True)
class Change:
    """The difference of two estimates (after − before), with its interval.

    `detectable` is false while the interval includes no change.
    """

    difference: float
    low: float
    high: float
    detectable: bool


def change(before: Estimate, after: Estimate, confidence: float = CONFIDENCE) -> Change:
    """Compare two estimates as if they were independent.

    The same people mostly answer both waves, so this errs towards "no detectable change". To
    compare many cells at once, ask for more confidence, for example 1 − 0.05 / comparisons
    (Bonferroni), or one in twenty will stand out by chance.
    """
    difference = after.value - before.value
    margin = quantile(confidence) * math.hypot(before.error, after.error)
    low, high = difference - margin, difference + margin
    return Change(difference, low, high, detectable=low > 0 or high < 0)


def quantile(confidence: float) -> float:
    """Return how many standard errors a two-sided normal interval reaches to either side."""
    return NormalDist().inv_cdf((1 + confidence) / 2)
