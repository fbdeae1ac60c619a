"""Themes that more comments mention than before, from published counts alone. Pure.

The newest waves' share of comments is compared with that of the waves before, by the exact test of
two rates (Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson
series", Biometrika 31, 1940). The interval of the difference is Newcombe's hybrid of two Wilson
intervals ("Interval estimation for the difference between independent proportions", Statistics in
Medicine 17, 1998, method 10).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from scipy.stats import binomtest

from bot.insights.pure.figure_history import WaveFigures


class ThemeChange(NamedTuple):
    """How a theme's share of comments, 0 to 1, differs from earlier waves."""

    theme: str
    share: float
    difference: float
    low: float
    high: float
    weeks: int
    p_value: float


def theme_changes(waves: Sequence[WaveFigures], newest: int, before: int) -> list[ThemeChange]:
    """Compare the last `newest` waves with up to `before` earlier ones, or half of what there is.

    `waves` are oldest first. Themes are those of the newest wave; waves without comments count as
    none.
    """
    count = min(newest, len(waves) // 2)
    if not count:
        return []
    after, earlier = waves[-count:], waves[-count - before : -count]
    weeks = max(1, round((waves[-1].held_on - earlier[-1].held_on).days / 7))
    found = []
    for theme in dict.fromkeys(each.theme for each in waves[-1].themes):
        now, now_of = _mentions(after, theme)
        then, then_of = _mentions(earlier, theme)
        if now_of and then_of and now + then:
            found.append(_compare(theme, (then, then_of), (now, now_of), weeks))
    return found


def _mentions(waves: Sequence[WaveFigures], theme: str) -> tuple[int, int]:
    """Return how many comments mention a theme, and how many comments there are."""
    mentions = sum(each.mentions for wave in waves for each in wave.themes if each.theme == theme)
    comments = sum(max((each.comments for each in wave.themes), default=0) for wave in waves)
    return mentions, comments


def _compare(
    theme: str, before: tuple[int, int], after: tuple[int, int], weeks: int
) -> ThemeChange:
    (then, then_of), (now, now_of) = before, after
    p_value = binomtest(now, now + then, now_of / (now_of + then_of)).pvalue
    share, earlier = now / now_of, then / then_of
    low, high = binomtest(now, now_of).proportion_ci(method="wilson")
    low_then, high_then = binomtest(then, then_of).proportion_ci(method="wilson")
    difference = share - earlier
    return ThemeChange(
        theme,
        share,
        difference,
        difference - math.hypot(share - low, high_then - earlier),
        difference + math.hypot(high - share, earlier - low_then),
        weeks,
        float(p_value),
    )
