"""Those in mentoring compared with the others of the same teams, from published figures alone.

Pure. The gate decided over both groups and over everything that is shown beside them
(`bot.insights.segments`). The difference of two published means, and its interval, follow from
their n, means and spreads, so publishing it tells nobody anything new.
"""

from collections.abc import Iterable

from bot.insights.published import Published
from bot.insights.segments import MENTORING
from bot.insights.statistics import (
    CONFIDENCE,
    Change,
    EnpsSummary,
    Summary,
    change,
    change_of_enps,
    enps_of_counts,
)
from bot.pulse.cohorts import IN_MENTORING, NOT_IN_MENTORING


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
    is_enps = mentees.measure == "enps"
    found = (
        change_of_enps(_enps(others, confidence), _enps(mentees, confidence))
        if is_enps
        else change(_summary(others), _summary(mentees), confidence)
    )
    return _row(mentees, others, found, is_enps=is_enps)


def _row(mentees: Published, others: Published, found: Change, *, is_enps: bool) -> Published:
    return Published(
        "difference",
        mentees.measure_ref,
        MENTORING,
        IN_MENTORING,
        mentees.n,
        population=others.n,
        mean=None if is_enps else found.difference,
        score=found.difference if is_enps else None,
        low=found.low,
        high=found.high,
        segment_values=(IN_MENTORING, NOT_IN_MENTORING),
        cohorts=tuple(sorted({*mentees.cohorts, *others.cohorts})),
    )


def _summary(figure: Published) -> Summary:
    mean, share = figure.mean or 0.0, figure.favourable or 0.0
    return Summary(figure.n, mean, figure.spread or 0.0, share, mean, mean, share, share)


def _enps(figure: Published, confidence: float) -> EnpsSummary:
    promoters = round((figure.favourable or 0.0) * figure.n)
    detractors = round((figure.unfavourable or 0.0) * figure.n)
    return enps_of_counts(figure.n, promoters, detractors, confidence)
