"""Those in mentoring compared with the others of the same teams, from published figures alone.

Pure. The gate decided over both groups and over everything that is shown beside them
(`bot.insights.pure.segments`). The difference of two published numbers, and its interval, follow
from the numbers and their errors, so publishing it tells nobody anything new.
"""

import math
from collections.abc import Iterable

from bot.insights.pure.published import Published
from bot.insights.pure.segments import MENTORING
from bot.insights.pure.statistics import CONFIDENCE, Estimate, change
from bot.pulse.pure.cohorts import IN_MENTORING, NOT_IN_MENTORING


def differences(figures: Iterable[Published]) -> list[Published]:
    """Return mentees less others, for each driver and eNPS in which both groups are shown.

    `n` counts the mentees, `population` the others. The intervals hold all of a wave's differences
    together with 95 % (Bonferroni), or one in twenty would stand out by chance.
    """
    sides = {
        (figure.measure, figure.measure_ref, figure.segment_ref): figure
        for figure in figures
        if figure.segment == MENTORING
    }
    pairs = [
        (mentees, sides[measure, ref, NOT_IN_MENTORING])
        for (measure, ref, side), mentees in sides.items()
        if side == IN_MENTORING and (measure, ref, NOT_IN_MENTORING) in sides
    ]
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(pairs))
    return [_difference(mentees, others, confidence) for mentees, others in pairs]


def _difference(mentees: Published, others: Published, confidence: float) -> Published:
    first, second = estimate(mentees), estimate(others)
    found = change(second, first, confidence)
    is_enps = mentees.measure == "enps"
    return Published(
        "difference",
        mentees.measure_ref,
        MENTORING,
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


def estimate(figure: Published) -> Estimate:
    """Read a mean or a score back from what is published of it."""
    value = figure.mean if figure.score is None else figure.score
    return Estimate(value or 0.0, figure.error or 0.0)
