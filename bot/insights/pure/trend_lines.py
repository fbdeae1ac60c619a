"""The figures of a few groups over a survey's waves, with the estimates between them. Pure.

Published figures are coarse and some are withheld. The estimate (`cell_estimates`) is smoother, and
goes on through the waves in between: there, a random walk is expected on the straight line between
its levels before and after (Durbin and Koopman, 2012, section 2.7 on missing observations).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.insights.pure.cell_estimates import CellEstimate, estimate_cells
from bot.insights.pure.figure_history import (
    RESOLUTIONS,
    Cell,
    WaveFigures,
    cell_of,
    has_long_gap,
    usual_gap,
)
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.wave_results import PublishedNumber


@dataclass(frozen=True)
class TrendPoint:
    """What a wave published of a group."""

    held_on: date
    number: PublishedNumber | None
    """None if the wave withheld it, or the group was not there."""
    level: float | None
    """The estimate; None before the first figure and after the last one."""


@dataclass(frozen=True)
class TrendLine:
    """One group over time; the name is empty for the company. It has one point per wave."""

    name: str
    points: tuple[TrendPoint, ...]
    latest: CellEstimate | None
    """The estimate on the day of its last figure; None without figures."""

    @property
    def shown(self) -> tuple[TrendPoint, ...]:
        """Return the points with a published number."""
        return tuple(each for each in self.points if each.number)


def trend_lines(waves: Sequence[WaveFigures], cells: Sequence[Cell]) -> tuple[TrendLine, ...]:
    """Return the lines of the wanted cells; `waves` are of one survey, oldest first.

    The figures of other cells of the same measure sharpen the estimates.
    """
    by_day = {each.held_on: {cell_of(figure): figure for figure in each.figures} for each in waves}
    estimates = _estimates(waves, cells)
    return tuple(
        TrendLine(
            cell.segment_ref,
            tuple(
                TrendPoint(day, _number(figures.get(cell)), level_on(estimates.get(cell, ()), day))
                for day, figures in by_day.items()
            ),
            estimates[cell][-1] if cell in estimates else None,
        )
        for cell in cells
    )


def pauses(waves: Sequence[WaveFigures]) -> tuple[tuple[date, date], ...]:
    """Return the days before and after each pause of the survey."""
    gap = usual_gap(waves)
    days = [each.held_on for each in waves]
    return tuple(pair for pair in pairwise(days) if has_long_gap(*pair, gap))


def level_on(estimates: Sequence[CellEstimate], day: date) -> float | None:
    """Return the estimate for a day, on the straight line between two waves if it has none."""
    for before, after in pairwise([*estimates[:1], *estimates]):
        if before.held_on < day < after.held_on:
            share = (day - before.held_on) / (after.held_on - before.held_on)
            return before.value + share * (after.value - before.value)
        if after.held_on == day:
            return after.value
    return None


def _estimates(
    waves: Sequence[WaveFigures], cells: Collection[Cell]
) -> dict[Cell, tuple[CellEstimate, ...]]:
    """Estimate the cells, each up to the last wave that shows it."""
    found: dict[Cell, tuple[CellEstimate, ...]] = {}
    missing = set(cells)
    for count in range(len(waves), 0, -1):
        newest = missing & {cell_of(figure) for figure in waves[count - 1].figures}
        if newest:
            estimates = estimate_cells(waves[:count])
            found |= {cell: estimates[cell] for cell in newest if cell in estimates}
            missing -= newest
    return found


def _number(figure: PublishedFigure | None) -> PublishedNumber | None:
    if figure is None:
        return None
    value, resolution = figure.number, RESOLUTIONS[figure.measure]
    return None if value is None else PublishedNumber.of(value, figure.n, resolution)
