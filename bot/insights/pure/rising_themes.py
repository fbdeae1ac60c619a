"""Which themes are written about more than before, computed from published figures only. Pure."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.insights.pure.statistics import CONFIDENCE, quantile

WEEKS: Final = 8
"""How far back a theme's share is compared."""


class Writers(NamedTuple):
    """Published counts of one wave, in steps of k."""

    about: int
    """People who wrote about the theme; 0 if it was not shown, so fewer than 2k wrote about it."""
    all: int
    """People who wrote a comment."""


def is_rising(now: Writers, before: Sequence[Writers], k: int, themes: int) -> bool:
    """Return True if a larger share of the writers writes about a theme than before.

    The interval of the difference (Newcombe, Statistics in Medicine 17, 1998, method 10) must lie
    above 0. It holds for all compared themes together (Bonferroni, `themes`), and even if the steps
    of the published counts hide a smaller difference. Earlier waves are pooled, but count as one of
    their largest: the same people may have written in each.
    """
    if not before or not themes:
        return False
    z = quantile(1 - (1 - CONFIDENCE) / themes)
    most_about = sum((each.about + k if each.about else 2 * k) - 1 for each in before)
    pooled = min(1.0, most_about / sum(each.all for each in before))
    least = now.about / (now.all + k - 1)
    low, _ = _wilson(least, now.all, z)
    _, high = _wilson(pooled, max(each.all for each in before), z)
    return least - pooled > math.hypot(least - low, high - pooled)


def _wilson(share: float, n: int, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share (J. Am. Stat. Assoc. 22, 1927)."""
    middle = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (middle - margin) / scale, (middle + margin) / scale
