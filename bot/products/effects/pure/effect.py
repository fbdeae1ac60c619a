"""What an item changed: its teams' figures before and after, less the change elsewhere. Pure.

A difference in differences over teams, from published team figures alone. Weighting published
numbers reveals nothing new (`bot.insights.pure.mentoring_difference` argues the same way).

- *A team is one case.* Everybody in a team shares its weeks, so teams vary more than the errors of
  their figures say, and few teams tell little (Bertrand, Duflo and Mullainathan, "How much should
  we trust differences-in-differences estimates?", Quarterly Journal of Economics 119, 2004). The
  teams' changes are combined as a random-effects meta-regression on "something was done here".
  Weights come from each figure's own error and the variance between teams (DerSimonian and Laird,
  "Meta-analysis in clinical trials", Controlled Clinical Trials 7, 1986). The interval is Student's
  t with teams less two degrees of freedom (Knapp and Hartung, "Improved tests for a random effects
  meta-regression with a single covariate", Statistics in Medicine 22, 2003). With a single team in
  which something was done, the others alone say how much teams vary (Donald and Lang, "Inference
  with difference-in-differences and other panel data", Review of Economics and Statistics 89,
  2007).
- *Regression to the mean.* Something is done where figures were low, and what was low by chance
  rises by itself. The time before is therefore the waves after the one that showed the problem, if
  there are two. Otherwise it is all since the problem began, and an effect is found a little too
  often (`tests/bench/bench_effect.py` measures how often).
- *Not proof.* Teams are chosen, not drawn. The sentence says "than elsewhere", never "because".
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Any, Final

from scipy.stats import t as student

from bot.insights.pure.change import BEFORE, compare_periods
from bot.insights.pure.figure_history import (
    Cell,
    History,
    Reading,
    WaveFigures,
    histories,
    usual_gaps,
)
from bot.insights.pure.noise import Noise
from bot.insights.pure.segments import TEAM_DIMENSION
from bot.insights.pure.statistics import CONFIDENCE, quantile

SETTLING: Final = timedelta(days=14)
"""What is done needs some time before figures can show it."""
MOST_POINTS: Final = 12
"""Days in the chart."""
LEAST_SPREAD: Final = 0.5
"""How far teams that vary less than the errors of their figures may narrow the interval. Those are
errors of independent samples, and mostly the same people answer (`bot.insights.pure.noise`)."""
ENOUGH_FRESH: Final = 2
"""Waves after the one that showed the problem that are enough for the time before."""
FEWEST_OTHERS: Final = 3
"""Teams elsewhere that a comparison needs: fewer do not show how much teams vary."""


@dataclass(frozen=True)
class Question:
    """What an effect is looked for in."""

    measure: str
    ref: str
    touched: frozenset[str]
    """Teams in which something was done."""
    not_comparable: frozenset[str]
    """Other teams in which something was done about the same in that time."""
    started_on: date
    look_on: date
    shown_on: date | None
    """The day of the wave that showed the problem; None if none did."""
    began_before: timedelta = timedelta(weeks=3)
    """How long before that day the problem began, at most."""


@dataclass(frozen=True)
class Point:
    """A day of the chart: the mean of the figures of either side."""

    on: date
    touched: float
    others: float | None


@dataclass(frozen=True)
class Effect:
    """The change where something was done, less the change elsewhere; or the change alone."""

    is_compared: bool
    difference: float
    low: float
    high: float
    """95 % interval."""
    before: float
    after: float
    """Where something was done: means of the figures."""
    teams: int
    others: int
    """Teams that it is compared with; 0 if nothing was comparable."""
    points: tuple[Point, ...]

    @property
    def is_detectable(self) -> bool:
        """True if chance alone hardly explains it."""
        return self.low > 0 or self.high < 0

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> "Effect":
        """Return the effect that `as_stored` turned into JSON."""
        points = tuple(
            Point(date.fromisoformat(on), touched, others)
            for on, touched, others in stored["points"]
        )
        return cls(**{**stored, "points": points})

    def as_stored(self) -> dict[str, Any]:
        """Return the effect for a JSON column."""
        points = [(each.on.isoformat(), each.touched, each.others) for each in self.points]
        return {**vars(self), "points": points}


@dataclass(frozen=True)
class TeamChange:
    """How one team's figures changed."""

    change: float
    variance: float
    """Of its error: who answered, and rounding."""


def find_effect(waves: Sequence[WaveFigures], question: Question) -> Effect | None:
    """Return the effect that published figures show; None without any before or after.

    `waves` are of one survey, oldest first. Only teams that are shown alone count.
    """
    seen = [wave for wave in waves if wave.held_on <= question.look_on]
    every = histories(seen)
    teams = _team_histories(seen, every, question)
    if not teams:
        return None
    earlier = _days_before(seen, question)
    noise, gap = Noise.of(every, seen), usual_gaps(seen)[question.measure, question.ref]
    changes: dict[str, TeamChange] = {}
    for team, history in teams.items():
        before = [each for each in history if each.held_on in earlier]
        after = _after(history, question)
        if before and after:
            cell = Cell(question.measure, question.ref, TEAM_DIMENSION, team)
            found = compare_periods(before, after, noise.in_cell(cell, history), gap)
            changes[team] = TeamChange(found.difference, found.error**2)
    touched = sorted(question.touched & changes.keys())
    others = sorted(changes.keys() - question.touched - question.not_comparable)
    if not touched:
        return None
    if len(others) < FEWEST_OTHERS:
        others = []
    difference, margin = combined(
        [changes[team] for team in touched], [changes[team] for team in others]
    )
    sides = [teams[team] for team in touched], [teams[team] for team in others]
    return Effect(
        is_compared=bool(others),
        difference=round(difference, 3),
        low=round(difference - margin, 3),
        high=round(difference + margin, 3),
        before=_mean(each for history in sides[0] for each in history if each.held_on in earlier),
        after=_mean(each for history in sides[0] for each in _after(history, question)),
        teams=len(touched),
        others=len(others),
        points=_points(*sides),
    )


def _team_histories(
    waves: Sequence[WaveFigures], every: Mapping[Cell, History], question: Question
) -> dict[str, History]:
    """Return the readings of each team that the newest wave shows alone."""
    alone = {
        figure.segment_ref
        for figure in (waves[-1].figures if waves else ())
        if (figure.segment, figure.measure) == (TEAM_DIMENSION, question.measure)
        and figure.note is None
    }
    wanted = question.measure, question.ref, TEAM_DIMENSION
    return {
        cell.segment_ref: history
        for cell, history in every.items()
        if cell[:3] == wanted and cell.segment_ref in alone
    }


def _days_before(waves: Sequence[WaveFigures], question: Question) -> Collection[date]:
    """Return the days of the last waves before the start.

    Of a problem that showed in figures, only the waves since it began: what was better before is no
    measure of what is done now. If there are enough, only those after the wave that showed it.
    """
    days = [wave.held_on for wave in waves if wave.held_on < question.started_on]
    if question.shown_on is None:
        return days[-BEFORE:]
    fresh = [day for day in days if day > question.shown_on]
    if len(fresh) >= ENOUGH_FRESH:
        return fresh[-BEFORE:]
    since = [day for day in days if day > question.shown_on - question.began_before]
    return (since or days)[-BEFORE:]


def _after(history: History, question: Question) -> History:
    """Return the last readings once what is done could show."""
    settled = question.started_on + SETTLING
    return [each for each in history if settled <= each.held_on <= question.look_on][-BEFORE:]


def _points(touched: Sequence[History], others: Sequence[History]) -> tuple[Point, ...]:
    """Return both sides' means on the days on which all their teams are shown."""
    days = sorted({each.held_on for history in touched for each in history})
    points = []
    for day in days[-MOST_POINTS:]:
        means = [
            [each.value for history in side for each in history if each.held_on == day]
            for side in (touched, others)
        ]
        if [len(each) for each in means] == [len(touched), len(others)]:
            here, elsewhere = means
            points.append(
                Point(day, round(fmean(here), 2), round(fmean(elsewhere), 2) if elsewhere else None)
            )
    return tuple(points)


def _mean(readings: Iterable[Reading]) -> float:
    return round(fmean(each.value for each in readings), 2)


def combined(touched: Sequence[TeamChange], others: Sequence[TeamChange]) -> tuple[float, float]:
    """Return the touched teams' change less the others', and the margin of its 95 % interval.

    Without others: the touched teams' change, and a margin from the errors of their figures alone.
    """
    if not others:
        weights = [1 / each.variance for each in touched]
        return _weighted(touched, weights), quantile(CONFIDENCE) / math.sqrt(sum(weights))
    sides = (touched, others)
    between = _variance_between(sides)
    weights_of = [[1 / (each.variance + between) for each in side] for side in sides]
    means = [_weighted(side, weights) for side, weights in zip(sides, weights_of, strict=True)]
    freedom = len(touched) + len(others) - 2
    spread = sum(
        weight * (each.change - mean) ** 2
        for side, weights, mean in zip(sides, weights_of, means, strict=True)
        for each, weight in zip(side, weights, strict=True)
    )
    variance = sum(1 / sum(weights) for weights in weights_of) * max(LEAST_SPREAD, spread / freedom)
    margin = float(student.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(variance)
    return means[0] - means[1], margin


def _variance_between(sides: Sequence[Sequence[TeamChange]]) -> float:
    """Return the variance between teams of one side beyond their figures' errors, by moments."""
    heterogeneity = scale = 0.0
    for side in sides:
        weights = [1 / each.variance for each in side]
        mean = _weighted(side, weights)
        heterogeneity += sum(
            weight * (each.change - mean) ** 2 for each, weight in zip(side, weights, strict=True)
        ) - (len(side) - 1)
        scale += sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    return max(0.0, heterogeneity / scale) if scale > 0 else 0.0


def _weighted(side: Sequence[TeamChange], weights: Sequence[float]) -> float:
    return sum(weight * each.change for each, weight in zip(side, weights, strict=True)) / sum(
        weights
    )
