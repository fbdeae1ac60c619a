"""Trends, for the slices that show figures over time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.insights.pure.change import CellChange
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.published_figure import FigureMeasure, PublishedFigure
from bot.insights.trends.service import Trend, TrendSource, find_trend
from bot.insights.wave_results import WaveResults
from tests.golden.cases._waves import WAVE

FIRST = date(2026, 5, 12)
FALL = CellChange(-1.2, 0.8, 3)
NOTHING_NEW = CellChange(0.1, 1.0, 1)
Means = Sequence[float | None]
"""A group's mean in each wave; None where it was withheld."""


def weekly(count: int) -> list[date]:
    return [FIRST + timedelta(weeks=number) for number in range(count)]


def trend(
    groups: Mapping[str, Means],
    days: Sequence[date],
    changes: Sequence[CellChange | None] = (),
    *,
    wave: WaveResults = WAVE,
    measure: FigureMeasure = "driver",
    ref: str = "workload",
    other_questions: bool = False,
) -> Trend:
    """Return the trend of a driver or an eNPS; "" is the company, which comes first."""
    waves = [
        WaveFigures(
            day,
            5,
            [
                figure
                for name, means in groups.items()
                if (mean := means[number]) is not None
                for figure in _figures(measure, ref, name, mean)
            ],
        )
        for number, day in enumerate(days)
    ]
    cells = [Cell(measure, ref, "team" if name else "all", name) for name in groups]
    known = tuple(changes) or (None,) * len(cells)
    of_day = replace(wave, held_on=days[-1])
    return find_trend(TrendSource(of_day, tuple(cells), known, tuple(waves), other_questions))


def _figures(measure: FigureMeasure, ref: str, name: str, value: float) -> list[PublishedFigure]:
    n = 10 if name else 40
    segment = "team" if name else "all"
    figure = PublishedFigure(measure, ref, segment, name, n, mean=value, error=0.6)
    if measure == "strain":
        figure = replace(figure, mean=None, score=value, error=0.08)
    if measure == "enps":
        figure = replace(figure, mean=None, score=value, error=20.0)
    return [PublishedFigure("participation", "", segment, name, n, population=n + 2), figure]
