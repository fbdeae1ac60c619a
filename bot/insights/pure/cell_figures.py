"""Figures of a week of the company pulse: of what came out of its pools. Pure.

Each cell, a driver in a team, stands alone. What came out has answers of at least k people, and no
two teams share people, so no figure can be subtracted from another. The whole company's figure of a
driver is computed from the teams' published figures and tells nothing more than they do: computed
from answers, its difference from them would show the answers that still wait.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bot.insights.disclosure import Cell as Candidate
from bot.insights.disclosure import decide
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.figures import segment_means
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import MEAN_RESOLUTION, in_steps
from bot.insights.pure.sealed_wave import IntArray, SealedQuestion, SealedWave, sum_by_cohort
from bot.insights.pure.segments import EVERYONE_ELSE, TEAM_DIMENSION, TOTAL, Segment
from bot.insights.pure.statistics import Estimate
from bot.surveys.pure.scales import Scale

FRESH: Final = timedelta(weeks=12)
"""How old a team's figure may be in the figure of the whole company."""
COVERED: Final = 0.5
"""The share of the teams' people whose teams must have a figure for one of the whole company."""


@dataclass(frozen=True)
class CompanyWeek:
    """What is known of a week of the company pulse beside the answers that came out."""

    held_on: date
    invited: int
    responded: int
    """In steps of k."""
    is_shown: bool
    """True if enough people answered to show how many did."""


def cell_figures(
    wave: SealedWave, week: CompanyWeek, earlier: Sequence[WaveFigures]
) -> list[PublishedFigure]:
    """Return the figures of a week; `earlier` are those of the weeks before, oldest first.

    In `wave` each cohort is a team, and the first question of a driver has what came out of it.
    """
    figures = [_participation(week)] if week.is_shown else []
    drivers: dict[str, SealedQuestion] = {}
    for question in wave.questions:
        if question.scale is Scale.AGREE:
            drivers.setdefault(question.driver, question)
    teams: list[PublishedFigure] = []
    for question in drivers.values():
        cohorts, (values,) = wave.responses.complete([question.position])
        if cohorts.size:
            teams += _of_teams(wave, question, cohorts, values)
    people = {_name(wave, number): wave.invited[number] for number in wave.cohorts}
    this_week = WaveFigures(week.held_on, wave.k, teams)
    return [*figures, *_of_company([*earlier, this_week], people, drivers), *teams]


def without_company(waves: Iterable[WaveFigures]) -> list[WaveFigures]:
    """Leave out the whole company's figures of drivers.

    Successive ones share teams' figures, so chance and change can't be told apart in them.
    """
    return [
        replace(
            wave,
            figures=[
                each for each in wave.figures if each.measure != "driver" or each.segment != TOTAL
            ],
        )
        for wave in waves
    ]


def _participation(week: CompanyWeek) -> PublishedFigure:
    return PublishedFigure("participation", "", TOTAL, "", week.responded, population=week.invited)


def _of_teams(
    wave: SealedWave, question: SealedQuestion, cohorts: IntArray, values: IntArray
) -> Iterator[PublishedFigure]:
    """Yield a driver's figure in each team of which enough answers came out."""
    counts = sum_by_cohort(cohorts)
    candidates = [
        Candidate(str(number), TEAM_DIMENSION, _name(wave, number), frozenset({number}))
        for number in counts
    ]
    decision = decide(candidates, counts, wave.k, asked=wave.asked)
    shown = [each for each in decision.shown if len(each.cohorts) == 1]
    segments = [
        Segment(TEAM_DIMENSION, each.label, each.cohorts, None, (_team(wave, number),))
        for each in sorted(shown, key=lambda each: each.label)
        for number in each.cohorts
    ]
    steps = values - 1 if question.direction > 0 else 5 - values
    for figure in segment_means(wave, "driver", question.driver, segments, cohorts, steps, 1):
        (number,) = figure.cohorts
        yield replace(figure, members=wave.invited[number])


def _of_company(
    waves: Sequence[WaveFigures], people: Mapping[str, int], drivers: Iterable[str]
) -> Iterator[PublishedFigure]:
    """Yield each driver's mean of the teams' latest figures, weighted by their people."""
    newest = waves[-1]
    for driver in drivers:
        latest: dict[str, PublishedFigure] = {}
        for wave in waves:
            for each in wave.figures:
                is_fresh = newest.held_on - wave.held_on <= FRESH
                if is_fresh and _is_of(each, driver) and each.segment_ref in people:
                    latest[each.segment_ref] = each
        covered = sum(people[team] for team in latest)
        if not covered or covered < COVERED * sum(people.values()):
            continue
        weights = {team: people[team] / covered for team in latest}
        mean = sum(weights[team] * (each.mean or 0.0) for team, each in latest.items())
        error = math.hypot(*(weights[team] * (each.error or 0.0) for team, each in latest.items()))
        low, high = Estimate(mean, error).interval(MEAN_RESOLUTION.lowest, MEAN_RESOLUTION.highest)
        yield PublishedFigure(
            "driver",
            driver,
            TOTAL,
            "",
            in_steps(sum(each.n for each in latest.values()), newest.k),
            mean=round(mean, 1),
            error=round(error, 3),
            low=round(low, 1),
            high=round(high, 1),
        )


def _is_of(figure: PublishedFigure, driver: str) -> bool:
    return (
        figure.measure == "driver"
        and figure.measure_ref == driver
        and figure.segment == TEAM_DIMENSION
    )


def _team(wave: SealedWave, number: int) -> str:
    return wave.cohorts[number].get(TEAM_DIMENSION) or ""


def _name(wave: SealedWave, number: int) -> str:
    return _team(wave, number) or EVERYONE_ELSE
