"""The published figures of a survey's waves, as readings over time. Pure.

A figure's variance has two parts. *Sampling*: who answered, and how they felt that day. *Rounding*:
the number is a multiple of a step, with a hidden threshold that stays the same until the group's
members change (`bot.insights.pure.resolution`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import (
    ENPS_RESOLUTION,
    MEAN_RESOLUTION,
    SHARE_RESOLUTION,
    Resolution,
)
from bot.insights.pure.segments import MENTORING_DIMENSION

PAUSE: Final = 2.5
"""A gap of more than this many times the usual one is a pause of the survey."""

RESOLUTIONS: Final[Mapping[str, Resolution]] = {
    "driver": MEAN_RESOLUTION,
    "question": MEAN_RESOLUTION,
    "enps": ENPS_RESOLUTION,
    "strain": SHARE_RESOLUTION,
    "participation": SHARE_RESOLUTION,
    "theme": SHARE_RESOLUTION,
}
"""The measures that have a history. Those in `SHARES` use the range only."""
SHARES: Final = frozenset({"participation", "theme"})
"""The measures whose number is `n` as a share of the population."""
IN_PERCENT: Final = SHARES | {"strain"}
"""The measures that are written as percentages."""
_LEAST_SHARE: Final = 0.1
"""Shares closer to 0 or 1 get the variance of this one, which is never 0."""


class Cell(NamedTuple):
    """One measure of one group, the same in every wave of a survey."""

    measure: str
    ref: str
    segment: str
    segment_ref: str


@dataclass(frozen=True)
class WaveFigures:
    """What one wave published. A survey's waves are given in the order of their days."""

    held_on: date
    k: int
    figures: Sequence[PublishedFigure]
    ended_early: bool = False
    """True if HR ended it early. Its participation then has no history."""


class Reading(NamedTuple):
    """One published number as a measurement of its cell."""

    held_on: date
    value: float
    variance: float
    """Sampling variance if other people had answered in every wave."""
    step: float
    """What the number is a multiple of."""
    invited: int | None
    """People invited in the group; in the company pulse, all people in it. Another number means
    other members and another threshold."""


History = Sequence[Reading]
"""A cell's readings, oldest first."""


def cell_of(figure: PublishedFigure) -> Cell:
    """Return the cell of a figure."""
    return Cell(figure.measure, figure.measure_ref, figure.segment, figure.segment_ref)


def histories(
    waves: Sequence[WaveFigures], *, newest_only: bool = True
) -> dict[Cell, list[Reading]]:
    """Return the readings of every cell that the newest wave shows.

    In the company pulse a wave shows some cells only. Without `newest_only` the readings are
    those of every cell that any wave shows.

    Means, net promoter scores, strain and participation have readings; the last two are shares, 0
    to 1.
    Themes are compared by themselves (`bot.insights.pure.rising_themes`). The comparison of people
    in mentoring is left out: it stands by itself.
    """
    found: dict[Cell, list[Reading]] = {}
    for wave in waves[-1:] if newest_only else waves:
        found |= {cell: [] for cell, _ in _readings(wave)}
    for wave in waves:
        for cell, reading in _readings(wave):
            if cell in found:
                found[cell].append(reading)
    return found


def _readings(wave: WaveFigures) -> Iterator[tuple[Cell, Reading]]:
    invited = {
        (figure.segment, figure.segment_ref): figure.population
        for figure in wave.figures
        if figure.measure == "participation"
    }
    for figure in wave.figures:
        if figure.segment == MENTORING_DIMENSION:
            continue
        people = invited.get((figure.segment, figure.segment_ref), figure.members)
        reading = _reading(wave, figure, people)
        if reading:
            yield cell_of(figure), reading


def _reading(wave: WaveFigures, figure: PublishedFigure, invited: int | None) -> Reading | None:
    if figure.measure == "participation":
        if not figure.population or wave.ended_early:
            return None
        share = figure.n / figure.population
        likely = min(max(share, _LEAST_SHARE), 1 - _LEAST_SHARE)
        variance = likely * (1 - likely) / figure.population
        return Reading(wave.held_on, share, variance, wave.k / figure.population, invited)
    value = figure.number
    resolution = RESOLUTIONS.get(figure.measure)
    if resolution is None or value is None or figure.error is None:
        return None
    step = resolution.step(figure.n)
    return Reading(wave.held_on, value, sampling_variance(figure.error, step), step, invited)


def sampling_variance(error: float, step: float) -> float:
    """Return the part of a published error that is not rounding (see `Resolution.error`)."""
    return float(max(error**2 - step**2 / 6, (error / 10) ** 2, 1e-6))


def usual_gap(waves: Sequence[WaveFigures]) -> timedelta:
    """Return the median time between two waves; 0 for fewer than two."""
    return _median_gap([each.held_on for each in waves])


def usual_gaps(waves: Sequence[WaveFigures]) -> dict[tuple[str, str], timedelta]:
    """Return the median time between two waves that show a measure, by measure and reference.

    It is longer than that between two waves of a survey that asks its questions in turn.
    """
    days: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for wave in waves:
        for shown in {(each.measure, each.measure_ref) for each in wave.figures}:
            days[shown].append(wave.held_on)
    return {shown: _median_gap(each) for shown, each in days.items()}


def _median_gap(days: Sequence[date]) -> timedelta:
    gaps = [(after - before).days for before, after in pairwise(days)]
    return timedelta(days=median(gaps)) if gaps else timedelta()


def has_pause(history: History, gap: timedelta) -> bool:
    """Return True if the survey paused between two of the readings."""
    return any(has_long_gap(a.held_on, b.held_on, gap) for a, b in pairwise(history))


def has_long_gap(before: date, after: date, gap: timedelta) -> bool:
    """Return True if the survey paused between two days; `gap` is its usual time between waves."""
    return after - before > PAUSE * gap
