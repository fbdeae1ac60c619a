"""A round of mentoring: who is matched with whom, who is left, and why.

Pure: people come in as `Mentee` and `Mentor`, a `Round` goes out. The same pool, weights, moment
and seed give the same round, in whatever order the people come: they are put in an order drawn from
the seed, which also settles ties.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from bot.mentoring.assignment import Integers, assign
from bot.mentoring.order import drawn
from bot.mentoring.rules import Pool, Rule, broken_rule, ruled_out
from bot.mentoring.scoring import (
    SCALE,
    Mentee,
    Mentor,
    Reason,
    Scorer,
    Weights,
    explain,
    score,
)


class Why(StrEnum):
    """Why a mentee is left without a mentor; told to the mentee and to HR."""

    NOT_NOW = "not_now"
    """The mentee is paused or away."""
    NO_MENTORS = "no_mentors"
    """Nobody mentors at present."""
    NOBODY_OFFERS = "nobody_offers"
    """None of the wanted topics is offered by anybody."""
    NOBODY_FREE = "nobody_free"
    """Some offer a wanted topic, but none is free for this mentee now. Deliberately covers full,
    paused and away mentors and "never with" alike, which must not be told apart."""
    OWN_LINE_OR_REPEAT = "own_line_or_repeat"
    """All who offer a wanted topic are in the mentee's manager line or were paired before."""


@dataclass(frozen=True)
class Pair:
    """A mentee and the mentor to ask, with the score in [0, 1] and up to three reasons."""

    mentee_id: str
    mentor_id: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Unmatched:
    """A mentee without a mentor, why, and the wanted topics that nobody offers."""

    mentee_id: str
    why: Why
    missing_topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class TopicGap:
    """A topic that unmatched mentees want: how many wait, how many offer it, with free places."""

    topic: str
    waiting: int
    offered_by: int
    free_places: int


@dataclass(frozen=True)
class Round:
    """The outcome for one pool.

    `bound` is a total score that no round with as many pairs can exceed, and `total` the one
    reached: equal when the optimum is proved.
    """

    seed: int
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    gaps: tuple[TopicGap, ...]
    total: float
    bound: float


def propose_round(pool: Pool, weights: Weights, now: datetime, seed: int) -> Round:
    """Match the pool as a whole: as many pairs as possible and, among those, the most score."""
    mentees = drawn([mentee for mentee in pool.mentees if mentee.takes_part], seed)
    mentors = drawn([mentor for mentor in pool.mentors if mentor.free_places], seed)
    pairs: list[Pair] = []
    total = 0
    if mentees and mentors:
        rows, cols, scores = _allowed_pairs(mentees, mentors, pool, weights, now)
        places = np.array([mentor.free_places for mentor in mentors])
        assignment = assign(rows, cols, scores, places, len(mentees))
        total = assignment.total
        pairs = [
            _pair(mentee, mentors[at], weights, now)
            for mentee, at in zip(mentees, assignment.mentor_of, strict=True)
            if at >= 0
        ]
    unmatched = _unmatched(pool, {pair.mentee_id for pair in pairs})
    return Round(
        seed=seed,
        pairs=tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.mentee_id))),
        unmatched=unmatched,
        gaps=_gaps(pool, unmatched, Counter(pair.mentor_id for pair in pairs)),
        total=total / SCALE,
        bound=total / SCALE,
    )


def next_best(
    mentee: Mentee, pool: Pool, declined: Collection[str], weights: Weights, now: datetime
) -> Pair | None:
    """Return the best free mentor who has not declined (or let lapse) this mentee's proposal."""
    if not mentee.takes_part:
        return None
    candidates = [
        mentor
        for mentor in pool.mentors
        if mentor.free_places
        and mentor.id not in declined
        and _offers_wanted(mentor, mentee)
        and broken_rule(mentee, mentor, pool) is None
    ]
    ranked = sorted(
        (_pair(mentee, mentor, weights, now) for mentor in candidates),
        key=lambda pair: (-pair.score, pair.mentor_id),
    )
    return ranked[0] if ranked else None


def _pair(mentee: Mentee, mentor: Mentor, weights: Weights, now: datetime) -> Pair:
    return Pair(
        mentee.id,
        mentor.id,
        round(score(mentee, mentor, weights, now), 4),
        tuple(explain(mentee, mentor, weights, now)),
    )


def _allowed_pairs(
    mentees: Sequence[Mentee],
    mentors: Sequence[Mentor],
    pool: Pool,
    weights: Weights,
    now: datetime,
) -> tuple[Integers, Integers, Integers]:
    rows, cols, scores = Scorer(mentees, mentors, weights, now).pairs(0, len(mentees))
    forbidden = ruled_out(mentees, mentors, pool)
    codes = np.array([row * len(mentors) + col for row, col in forbidden], dtype=np.int64)
    allowed = ~np.isin(rows * len(mentors) + cols, codes)
    return rows[allowed], cols[allowed], scores[allowed]


def _offers_wanted(mentor: Mentor, mentee: Mentee) -> bool:
    return not mentee.wants or not mentee.wants.isdisjoint(mentor.offers)


def _unmatched(pool: Pool, matched: Collection[str]) -> tuple[Unmatched, ...]:
    offered = {topic for mentor in pool.mentors for topic in mentor.offers}
    return tuple(
        Unmatched(mentee.id, _why(mentee, pool), tuple(sorted(mentee.wants - offered)))
        for mentee in sorted(pool.mentees, key=lambda mentee: mentee.id)
        if mentee.id not in matched
    )


def _why(mentee: Mentee, pool: Pool) -> Why:
    if not mentee.takes_part:
        return Why.NOT_NOW
    others = [mentor for mentor in pool.mentors if mentor.id != mentee.id]
    if not any(mentor.capacity for mentor in others):
        return Why.NO_MENTORS
    suitable = [mentor for mentor in others if _offers_wanted(mentor, mentee)]
    if not suitable:
        return Why.NOBODY_OFFERS
    open_reasons = {Rule.MANAGER_LINE, Rule.REPEAT}
    if all(broken_rule(mentee, mentor, pool) in open_reasons for mentor in suitable):
        return Why.OWN_LINE_OR_REPEAT
    return Why.NOBODY_FREE


def _gaps(pool: Pool, unmatched: Sequence[Unmatched], given: Counter[str]) -> tuple[TopicGap, ...]:
    left = {one.mentee_id for one in unmatched if one.why is not Why.NOT_NOW}
    waiting = Counter(
        topic for mentee in pool.mentees if mentee.id in left for topic in mentee.wants
    )
    offering: dict[str, list[Mentor]] = defaultdict(list)
    for mentor in pool.mentors:
        for topic in mentor.offers:
            offering[topic].append(mentor)
    return tuple(
        TopicGap(
            topic,
            count,
            len(offering[topic]),
            sum(mentor.free_places - given[mentor.id] for mentor in offering[topic]),
        )
        for topic, count in sorted(waiting.items(), key=lambda item: (-item[1], item[0]))
    )
