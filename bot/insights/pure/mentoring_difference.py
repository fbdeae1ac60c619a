"""People in mentoring compared with the others in their teams, from published figures alone. Pure.

The gate has allowed both groups beside everything else that is shown
(`bot.insights.pure.segments`). The difference of two published numbers, and its interval, follow
from the numbers and their errors, so publishing it reveals nothing new.
"""

import math
from collections.abc import Iterable

from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.segments import MENTORING_DIMENSION
from bot.insights.pure.statistics import CONFIDENCE, Estimate, compare
from bot.pulse.pure.cohorts import IN_MENTORING, NOT_IN_MENTORING


def mentoring_differences(figures: Iterable[PublishedFigure]) -> list[PublishedFigure]:
    """Return people in mentoring minus others, for each driver and eNPS that shows both groups.

    `n` counts the people in mentoring, `population` the others. The intervals have 95 % confidence
    for all differences of a wave together (Bonferroni); otherwise one in twenty would stand out by
    chance.
    """
    sides = {
        (figure.measure, figure.measure_ref, figure.segment_ref): figure
        for figure in figures
        if figure.segment == MENTORING_DIMENSION
    }
    pairs = [
        (mentees, sides[measure, ref, NOT_IN_MENTORING])
        for (measure, ref, side), mentees in sides.items()
        if side == IN_MENTORING and (measure, ref, NOT_IN_MENTORING) in sides
    ]
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(pairs))
    return [_difference(mentees, others, confidence) for mentees, others in pairs]


def _difference(
    mentees: PublishedFigure, others: PublishedFigure, confidence: float
) -> PublishedFigure:
    first, second = estimate_of(mentees), estimate_of(others)
    found = compare(second, first, confidence)
    is_enps = mentees.measure == "enps"
    return PublishedFigure(
        "difference",
        mentees.measure_ref,
        MENTORING_DIMENSION,
        IN_MENTORING,
        mentees.n,
        population=others.n,
        mean=None if is_enps else round(found.difference, 6),
        score=round(found.difference, 6) if is_enps else None,
        error=round(math.hypot(first.error, second.error), 3),
        low=round(found.low, 1),
        high=round(found.high, 1),
        segment_values=(IN_MENTORING, NOT_IN_MENTORING),
        cohorts=tuple(sorted({*mentees.cohorts, *others.cohorts})),
    )


def estimate_of(figure: PublishedFigure) -> Estimate:
    """Return a figure's mean, or its score, as an estimate."""
    value = figure.mean if figure.score is None else figure.score
    return Estimate(value or 0.0, figure.error or 0.0)
