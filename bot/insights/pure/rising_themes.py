"""How much more people write about a theme than in the weeks before, from figures alone. Pure.

A theme's share of the writers is compared with that of the survey's earlier waves in which any
theme was shown. They are pooled, but count as one of their largest, because the same people may
have written in each.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from statistics import NormalDist
from typing import Final, NamedTuple

from bot.insights.pure.figure_history import Cell, WaveFigures, cell_of

WEEKS: Final = timedelta(weeks=8)
"""How far back a theme's share is compared."""


class Writers(NamedTuple):
    """Published counts of one wave, in steps of k."""

    about: int
    """People who wrote about the theme; 0 if it was not shown."""
    all: int
    """People who wrote a comment."""
    k: int


class ThemeHistory(NamedTuple):
    """Who writes about a theme, now and before."""

    now: Writers
    before: Sequence[Writers]
    weeks: int
    """Weeks from the first of the earlier waves to the newest."""


def theme_histories(waves: Sequence[WaveFigures]) -> dict[Cell, ThemeHistory]:
    """Return the history of each theme of the newest wave that can be compared.

    `waves` are of one survey, oldest first.
    """
    if not waves:
        return {}
    *before, newest = [_themes(wave) for wave in waves]
    earlier = [
        (wave, themes)
        for wave, themes in zip(waves, before, strict=False)
        if themes and wave.held_on >= waves[-1].held_on - WEEKS
    ]
    if not earlier:
        return {}
    weeks = max(1, round((waves[-1].held_on - earlier[0][0].held_on).days / 7))
    return {
        cell: ThemeHistory(
            now,
            [
                themes.get(cell, Writers(0, next(iter(themes.values())).all, wave.k))
                for wave, themes in earlier
            ],
            weeks,
        )
        for cell, now in newest.items()
    }


def share_difference(history: ThemeHistory, by_chance: float) -> tuple[float, float]:
    """Return the interval of the difference of the shares, now − before, from −1 to 1.

    It is Newcombe's ("Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17, 1998, method 10), for whatever the steps of the counts hide: fewer
    than 2k people wrote about a theme that was not shown, unless nearly the same people wrote about
    another one. It misses the true difference with the chance `by_chance`.
    """
    z = NormalDist().inv_cdf(1 - by_chance / 2)
    n, n_before = history.now.all, max(each.all for each in history.before)
    least, most = _bounds([history.now])
    least_before, most_before = _bounds(history.before)
    low = least - most_before
    low -= math.hypot(
        least - _wilson(least, n, z)[0], _wilson(most_before, n_before, z)[1] - most_before
    )
    high = most - least_before
    high += math.hypot(
        _wilson(most, n, z)[1] - most, least_before - _wilson(least_before, n_before, z)[0]
    )
    return low, high


def _themes(wave: WaveFigures) -> dict[Cell, Writers]:
    return {
        cell_of(figure): Writers(figure.n, figure.population or figure.n, wave.k)
        for figure in wave.figures
        if figure.measure == "theme"
    }


def _bounds(writers: Sequence[Writers]) -> tuple[float, float]:
    """Return the smallest and the largest share that the steps of the counts allow."""
    least = sum(each.about for each in writers) / sum(each.all + each.k - 1 for each in writers)
    most = sum((each.about + each.k if each.about else 2 * each.k) - 1 for each in writers)
    return least, min(1.0, most / sum(each.all for each in writers))


def _wilson(share: float, n: int, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share (J. Am. Stat. Assoc. 22, 1927)."""
    middle = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (middle - margin) / scale, (middle + margin) / scale
