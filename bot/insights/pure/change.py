"""What changed over several waves, from published figures alone. Pure.

The newest one to three waves are compared with the four before them, and three with all that came
before within twelve weeks, so that a slow drift shows as well.

- *Noise.* Mostly the same people answer each wave, so chance moves a group's figures less than
  independent samples; see `bot.insights.pure.noise`.
- *Rounding.* The same hidden threshold shifts all figures of a group alike, so it cancels out until
  the group's members change.
- *Themes* of comments have their own comparison: see `bot.insights.pure.rising_themes`.
- *Many comparisons.* One threshold holds for everything that a wave is compared in (Bonferroni's
  correction; Dunn, "Multiple comparisons among means", JASA 56, 1961). Rules that relax once much
  is found, such as Benjamini and Hochberg's, would name chance beside every real change: one team's
  fall shows in many cells.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import NormalDist, fmean
from typing import Final, NamedTuple

from bot.insights.pure.figure_history import (
    Cell,
    History,
    WaveFigures,
    cell_of,
    has_pause,
    histories,
    usual_gaps,
)
from bot.insights.pure.noise import LATEST, Noise, wave_variance
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.rising_themes import ThemeHistory, share_difference, theme_histories

BEFORE: Final = 4
"""Waves that they are compared with."""
DRIFT: Final = timedelta(weeks=12)
"""How far back a slow drift is looked for."""
WAVES_NEEDED: Final = 13
"""Waves of a weekly survey in that time, with the newest."""
BY_CHANCE: Final = 0.07
"""The chance that a wave shows a change where nothing changed. A quarter has 13 weekly waves, so it
shows less than one such change."""


class CellChange(NamedTuple):
    """How a cell's figures differ from its earlier ones (after − before)."""

    difference: float
    margin: float
    """The smallest difference that is detectable; the interval is `difference` ± `margin`."""
    weeks: int
    """Weeks from the last of the earlier waves to the newest one; of a drift, from the first."""

    @property
    def detectable(self) -> bool:
        """Return True if chance alone hardly explains the difference."""
        return abs(self.difference) > self.margin

    @property
    def low(self) -> float:
        """Return the lower end of the interval."""
        return self.difference - self.margin

    @property
    def high(self) -> float:
        """Return the upper end of the interval."""
        return self.difference + self.margin


@dataclass(frozen=True)
class Comparison:
    """The mean of some waves' figures minus the mean of earlier ones."""

    difference: float
    error: float
    weeks: int
    is_drift: bool


@dataclass(frozen=True)
class Changes:
    """All that was compared between a survey's newest wave and the waves before it."""

    cells: Mapping[Cell, CellChange]
    """Cells without an earlier figure are left out."""
    largest: Mapping[Cell, float]
    """Each cell's largest difference between any newest and earlier waves, detectable or not."""


def find_changes(waves: Sequence[WaveFigures]) -> Changes:
    """Compare the newest wave with the waves before it; `waves` are of one survey, oldest first."""
    if not waves:
        return Changes({}, {})
    gaps = usual_gaps(waves)
    found = histories(waves)
    noise = Noise.of(found, waves)
    compared = {}
    for cell, history in found.items():
        own_noise, gap = noise.in_cell(cell, history), gaps[cell[:2]]
        if comparisons := list(_comparisons(history, own_noise, gap)):
            compared[cell] = comparisons
    themes = theme_histories(waves)
    by_chance = BY_CHANCE / max(1, len(compared) + len(themes))
    of_themes = {cell: _of_theme(each, by_chance) for cell, each in themes.items()}
    return Changes(
        {cell: _chosen(each, by_chance) for cell, each in compared.items()} | of_themes,
        {
            cell: max((comparison.difference for comparison in each), key=abs)
            for cell, each in compared.items()
        }
        | {cell: change.difference for cell, change in of_themes.items()},
    )


def with_changes(figures: Iterable[PublishedFigure], changes: Changes) -> list[PublishedFigure]:
    """Return the newest wave's figures with their changes."""
    return [_with_change(figure, changes.cells.get(cell_of(figure))) for figure in figures]


def _with_change(figure: PublishedFigure, change: CellChange | None) -> PublishedFigure:
    if change is None:
        return figure
    difference, margin, weeks = change
    return replace(figure, change=difference, change_margin=margin, change_weeks=weeks)


def _of_theme(history: ThemeHistory, by_chance: float) -> CellChange:
    """Return the middle of the difference's interval, with half its width."""
    low, high = share_difference(history, by_chance)
    return CellChange((low + high) / 2, (high - low) / 2, history.weeks)


def _comparisons(history: History, noise: float, gap: timedelta) -> Iterator[Comparison]:
    """Yield the comparisons of a cell that its history allows."""
    for count in range(1, LATEST + 1):
        after, before = history[-count:], history[-count - BEFORE : -count]
        if len(before) >= count and not has_pause(after, gap):
            yield compare_periods(before, after, noise, gap)
    after, before = history[-LATEST:], history[:-LATEST]
    within = [each for each in before if each.held_on >= after[-1].held_on - DRIFT]
    if len(within) > BEFORE and not has_pause(after, gap):
        yield compare_periods(within, after, noise, gap, is_drift=True)


def compare_periods(
    before: History, after: History, noise: float, gap: timedelta, *, is_drift: bool = False
) -> Comparison:
    """Return how far a cell's later readings are from its earlier ones, with the standard error.

    Neither is empty. `noise` is the cell's (`Noise.in_cell`), `gap` the usual one between waves.
    """
    if has_pause([*before, *after], gap):
        noise = max(noise, 1.0)
    variance = _shift_variance(before, after) + sum(
        wave_variance(reading, noise) / len(each) ** 2
        for each in (before, after)
        for reading in each
    )
    difference = fmean(each.value for each in after) - fmean(each.value for each in before)
    since = before[0 if is_drift else -1].held_on
    weeks = max(1, round((after[-1].held_on - since).days / 7))
    return Comparison(difference, math.sqrt(variance), weeks, is_drift)


def _shift_variance(before: History, after: History) -> float:
    """Return the variance that hidden thresholds add because members or steps changed.

    A threshold shifts a group's figures by an unknown part of the step, evenly from −½ to ½.
    """
    shifts: defaultdict[int | None, float] = defaultdict(float)
    for sign, readings in ((-1, before), (1, after)):
        for reading in readings:
            shifts[reading.invited] += sign * reading.step / len(readings)
    return sum(shift**2 for shift in shifts.values()) / 12


def _chosen(comparisons: Sequence[Comparison], by_chance: float) -> CellChange:
    """Return the surest change; if none is detectable, the comparison that sees the most.

    A change within the last waves comes before a drift, which it makes as well.

    `by_chance` is the chance that the cell seems to change. Its comparisons share it by the square
    of their precision, because those that see little lose little (weighted Bonferroni; Genovese,
    Roeder and Wasserman, "False discovery control with p-value weighting", Biometrika 93, 2006).
    """
    weights = [each.error**-4 for each in comparisons]
    changes = [
        CellChange(
            each.difference,
            each.error * NormalDist().inv_cdf(1 - by_chance * weight / sum(weights) / 2),
            each.weeks,
        )
        for each, weight in zip(comparisons, weights, strict=True)
    ]
    detectable = [change for change in changes if change.detectable]
    if not detectable:
        return min(changes, key=lambda each: each.margin)
    last = [
        change
        for change, each in zip(changes, comparisons, strict=True)
        if change.detectable and not each.is_drift
    ]
    return max(last or detectable, key=lambda each: abs(each.difference) / each.margin)
