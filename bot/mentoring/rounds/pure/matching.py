"""Computes a round: the pairs, the mentees without a mentor, and why.

The same pool, weights, time and seed give the same round, whatever the order of the people. The
seed determines their order, which also settles ties.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Final

import numpy as np

from bot.mentoring.rounds.pure.allowed_pairs import AllowedPairs
from bot.mentoring.rounds.pure.assignment import assign
from bot.mentoring.rounds.pure.rules import Pool, Rule, broken_rule
from bot.mentoring.rounds.pure.scoring import (
    SCALE,
    Floats,
    MatchReason,
    Mentee,
    Mentor,
    ScorePart,
    Scorer,
    Weights,
    reasons_for,
)
from bot.mentoring.rounds.pure.seeded_order import seeded_order

EXACT_PAIRS: Final = 20_000_000
"""Most possible pairs for which the search goes on until the optimum is proved."""
BIG_POOL_SOLUTIONS: Final = 2
"""How often a larger pool is solved, each time with the most promising edges."""
MOST_REASONS: Final = 3


class Why(StrEnum):
    """Why a mentee has no mentor; shown to the mentee and to HR."""

    PAUSED_OR_AWAY = "not_now"
    """The mentee is paused or away."""
    NO_MENTORS = "no_mentors"
    """Nobody mentors at present."""
    NOBODY_OFFERS = "nobody_offers"
    """None of the wanted topics is offered by anybody."""
    NOBODY_FREE = "nobody_free"
    """Mentors offer a wanted topic, but none is free for this mentee now. Deliberately covers full,
    paused and away mentors as well as "never with", which must look the same."""
    OWN_LINE_OR_REPEAT = "own_line_or_repeat"
    """Everybody who offers a wanted topic is in the mentee's manager line or was paired before."""


@dataclass(frozen=True)
class Pair:
    """A mentee and the mentor to ask, with the score in [0, 1] and up to three reasons."""

    mentee_id: str
    mentor_id: str
    score: float
    reasons: tuple[MatchReason, ...]


@dataclass(frozen=True)
class Unmatched:
    """A mentee without a mentor, why, and the wanted topics that nobody offers."""

    mentee_id: str
    why: Why
    missing_topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class TopicGap:
    """A topic that unmatched mentees want, with numbers of people and free places."""

    topic: str
    waiting: int
    offered_by: int
    free_places: int


@dataclass(frozen=True)
class Round:
    """The outcome for one pool.

    No round has more than `most_pairs` pairs. None with that many serves more than `most_first`
    people first in line, and none as good in both has a total score above `bound`. A round that
    reaches all three, as it does for all but the largest pools, is proved to be the best.
    """

    seed: int
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    gaps: tuple[TopicGap, ...]
    total: float
    bound: float
    most_pairs: int = 0
    first_served: int = 0
    most_first: int = 0


def propose_round(
    pool: Pool,
    weights: Weights,
    now: datetime,
    seed: int,
    first_in_line: Collection[str] = frozenset(),
) -> Round:
    """Match the pool: as many pairs as possible and, among those rounds, the highest score.

    Of rounds with the same number of pairs, serving more of `first_in_line` counts more than any
    score.
    """
    mentees = seeded_order([mentee for mentee in pool.mentees if mentee.takes_part], seed)
    mentors = seeded_order([mentor for mentor in pool.mentors if mentor.free_places], seed)
    pairs: list[Pair] = []
    total = bound = most = served = most_first = 0
    if mentees and mentors:
        allowed = AllowedPairs(mentees, mentors, pool, weights, now)
        places = np.array([mentor.free_places for mentor in mentors])
        limit = None if len(mentees) * len(mentors) <= EXACT_PAIRS else BIG_POOL_SOLUTIONS
        first = np.array([mentee.id in first_in_line for mentee in mentees])
        assignment = assign(allowed, places, first, SCALE, limit)
        total, bound, most = assignment.total, assignment.bound, assignment.most
        served, most_first = assignment.first, min(assignment.most_first, int(first.sum()))
        rows = np.flatnonzero(assignment.mentor_of >= 0)
        chosen = [(mentees[row], mentors[assignment.mentor_of[row]]) for row in rows]
        parts = allowed.scorer.parts(rows, assignment.mentor_of[rows])
        pairs = _pairs(chosen, parts, weights, now)
    unmatched = _unmatched(pool, {pair.mentee_id for pair in pairs})
    return Round(
        seed=seed,
        pairs=tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.mentee_id))),
        unmatched=unmatched,
        gaps=_gaps(pool, unmatched, Counter(pair.mentor_id for pair in pairs)),
        total=total / SCALE,
        bound=bound / SCALE,
        most_pairs=most,
        first_served=served,
        most_first=most_first,
    )


def next_best(mentee: Mentee, pool: Pool, weights: Weights, now: datetime) -> Pair | None:
    """Return the best free mentor for a mentee."""
    if not mentee.takes_part:
        return None
    candidates = [
        mentor
        for mentor in pool.mentors
        if mentor.free_places
        and _offers_wanted(mentor, mentee)
        and broken_rule(mentee, mentor, pool) is None
    ]
    if not candidates:
        return None
    cols = np.arange(len(candidates))
    parts = Scorer([mentee], candidates, weights, now).parts(np.zeros_like(cols), cols)
    pairs = _pairs([(mentee, mentor) for mentor in candidates], parts, weights, now)
    return min(pairs, key=lambda pair: (-pair.score, pair.mentor_id))


def _pairs(
    chosen: Sequence[tuple[Mentee, Mentor]],
    parts: Mapping[ScorePart, Floats],
    weights: Weights,
    now: datetime,
) -> list[Pair]:
    """Build pairs from people and the parts of their scores, which are in the same order."""
    shares = weights.shares()
    pairs = []
    for n, (mentee, mentor) in enumerate(chosen):
        own = {part: float(values[n]) for part, values in parts.items()}
        score = round(sum(shares[part] * own[part] for part in ScorePart), 4)
        reasons = reasons_for(mentee, mentor, own, weights, now)[:MOST_REASONS]
        pairs.append(Pair(mentee.id, mentor.id, score, tuple(reasons)))
    return pairs


def _offers_wanted(mentor: Mentor, mentee: Mentee) -> bool:
    return not mentee.wants or not mentee.wants.isdisjoint(mentor.offers)


def _unmatched(pool: Pool, matched: Collection[str]) -> tuple[Unmatched, ...]:
    offering = _offering(pool)
    return tuple(
        Unmatched(
            mentee.id, _why(mentee, pool, offering), tuple(sorted(mentee.wants - offering.keys()))
        )
        for mentee in sorted(pool.mentees, key=lambda mentee: mentee.id)
        if mentee.id not in matched
    )


def _offering(pool: Pool) -> dict[str, list[Mentor]]:
    """Return the mentors who offer each topic."""
    offering: dict[str, list[Mentor]] = defaultdict(list)
    for mentor in pool.mentors:
        for topic in mentor.offers:
            offering[topic].append(mentor)
    return dict(offering)


def _why(mentee: Mentee, pool: Pool, offering: Mapping[str, Sequence[Mentor]]) -> Why:
    if not mentee.takes_part:
        return Why.PAUSED_OR_AWAY
    if not any(mentor.capacity and mentor.id != mentee.id for mentor in pool.mentors):
        return Why.NO_MENTORS
    everybody = pool.mentors if not mentee.wants else ()
    suitable = chain(everybody, *(offering.get(topic, ()) for topic in mentee.wants))
    others = (mentor for mentor in suitable if mentor.id != mentee.id)
    first = next(others, None)
    if first is None:
        return Why.NOBODY_OFFERS
    open_rules = {Rule.MANAGER_LINE, Rule.REPEAT}
    if all(broken_rule(mentee, mentor, pool) in open_rules for mentor in chain([first], others)):
        return Why.OWN_LINE_OR_REPEAT
    return Why.NOBODY_FREE


def _gaps(pool: Pool, unmatched: Sequence[Unmatched], given: Counter[str]) -> tuple[TopicGap, ...]:
    left = {one.mentee_id for one in unmatched if one.why is not Why.PAUSED_OR_AWAY}
    waiting = Counter(
        topic for mentee in pool.mentees if mentee.id in left for topic in mentee.wants
    )
    offering = _offering(pool)
    return tuple(
        TopicGap(
            topic,
            count,
            len(offering.get(topic, ())),
            sum(mentor.free_places - given[mentor.id] for mentor in offering.get(topic, ())),
        )
        for topic, count in sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
    )
