"""Scores of single pairs; production scores whole pools at once."""

from datetime import datetime

import numpy as np

from bot.mentoring.rounds.pure.scoring import (
    MatchReason,
    Mentee,
    Mentor,
    ScorePart,
    Scorer,
    Weights,
    reasons_for,
)


def score(mentee: Mentee, mentor: Mentor, weights: Weights, now: datetime) -> float:
    """Return one pair's score, in [0, 1], whether or not the rules allow the pair."""
    parts = score_parts(mentee, mentor, weights, now)
    return sum(share * parts[part] for part, share in weights.shares().items())


def score_parts(
    mentee: Mentee, mentor: Mentor, weights: Weights, now: datetime
) -> dict[ScorePart, float]:
    """Return the parts of one pair's score, each in [0, 1]."""
    first = np.zeros(1, dtype=np.int32)
    parts = Scorer([mentee], [mentor], weights, now).parts(first, first)
    return {part: float(values[0]) for part, values in parts.items()}


def explain(
    mentee: Mentee, mentor: Mentor, weights: Weights, now: datetime, limit: int = 3
) -> list[MatchReason]:
    """Return up to `limit` reasons for a pair, the weightiest first.

    Reasons use only what both people agreed to show: shared topics and languages, the gap in
    experience, shared hours, different teams. The time waited is not shown.
    """
    parts = score_parts(mentee, mentor, weights, now)
    return reasons_for(mentee, mentor, parts, weights, now)[:limit]
