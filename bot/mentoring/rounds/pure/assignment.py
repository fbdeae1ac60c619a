"""Finds the best assignment of mentees to mentors with several places each.

It matches as many mentees as possible; among those assignments it serves as many people who are
first in line as possible; among these it takes the highest total score. Every match earns a premium
that outweighs everything else, and a match of a person first in line earns a bonus that outweighs
all scores. Serving them never costs a match: the sets of mentees that can be matched together are a
transversal matroid, so each mentee who can be matched at all is in some largest matching. Scores
are whole numbers, so sums are exact.

SciPy's solver (`min_weight_full_bipartite_matching`, the LAPJVsp of Jonker and Volgenant 1987) does
the work. If there are many edges, it gets a small part of them: column generation. The prices of
places in that solution (the dual of the linear programme) show which other edges could improve it;
these are added, and it is solved again. If no edge can, the prices prove that the assignment is the
best over all edges. Edges come block by block, so only a small part is in memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Integers = NDArray[np.integer[Any]]

FEW_EDGES: Final = 2_000_000
"""Most edges that are solved at once: fast, in about 150 MB."""
_FIRST_EDGES: Final = 30
"""Edges of each mentee that are drawn for the first, rough solution."""
_BEST_EDGES: Final = 20
"""Most promising edges of each mentee, and of each mentor, that are added after a solution."""
_HELD_EDGES: Final = 1_000_000
"""Number of edges from which all but each mentor's most promising are dropped."""
_PROMISING: Final = 0.05
"""An edge is promising if it misses an improvement by less than this share of the best score:
prices change a little from one solution to the next."""


class Edges(NamedTuple):
    """Mentee `rows[e]` may have mentor `cols[e]` for the score `scores[e]` ≥ 0."""

    rows: Integers
    cols: Integers
    scores: Integers


@dataclass(frozen=True)
class Assignment:
    """The mentor's position for each mentee (−1 for none), the number of matches, the total score.

    No assignment matches more than `most` mentees. None with that many serves more than
    `most_first` people first in line, and none as good in both has a total above `bound`. An
    assignment that reaches all three is proved to be the best.
    """

    mentor_of: Integers
    matched: int
    first: int
    total: int
    most: int
    most_first: int
    bound: int


@dataclass(frozen=True)
class Stakes:
    """The value of matching each mentee, apart from the score, in units of the score.

    The `premium` outweighs all scores and bonuses together, a `bonus` all scores. With 50,000
    mentees, all first in line, they stay below 2^45; floats are exact up to 2^53.
    """

    premium: int
    bonus: int
    first: NDArray[np.bool_]
    """True for each mentee who is first in line, by position."""

    @property
    def of_each(self) -> Integers:
        """The value of each mentee's match."""
        return self.premium + self.bonus * self.first.astype(np.int64)


def stakes(places: int, top_score: int, first: NDArray[np.bool_]) -> Stakes:
    """Return the stakes for `places` places in total; `first` marks the mentees first in line.

    >>> stakes(3, 10, np.array([True, False]))
    Stakes(premium=74, bonus=21, first=array([ True, False]))
    """
    scores = top_score * min(len(first), places)
    waiting = min(int(first.sum()), places)
    bonus = scores + 1 if waiting else 0
    # `graph_of` charges a match up to `top_score + bonus + 1`, which must not outweigh its premium.
    return Stakes(scores + waiting * bonus + top_score + bonus + 2, bonus, first)


def assign(
    blocks: Iterable[Edges],
    places: Integers,
    first: NDArray[np.bool_],
    top_score: int,
    max_solutions: int | None = None,
    few_edges: int = FEW_EDGES,
) -> Assignment:
    """Assign each mentee to at most one mentor, mentor j to at most `places[j]` mentees.

    `first` marks the mentees who are first in line.

    `blocks` holds each edge once and can be iterated repeatedly; all edges of a mentee are in one
    block. No score is above `top_score`. Stops at the proved best, or after `max_solutions` with
    the best over the edges seen so far. Up to `few_edges` edges are solved at once.
    """
    chosen, complete = _draw_first(blocks, few_edges)
    if not len(chosen.rows) or not places.sum():
        return Assignment(np.full(len(first), -1, dtype=np.int64), 0, 0, 0, 0, 0, 0)
    at_stake = stakes(int(places.sum()), top_score, first)
    solutions = 0
    while True:
        mentor_of = _solve(chosen, places, at_stake)
        if complete:
            return _result(chosen, mentor_of, at_stake, surplus=0)
        solutions += 1
        prices, gains = duals(chosen, mentor_of, len(places), at_stake)
        margin = int(top_score * _PROMISING)
        promising, surplus = _price(blocks, prices, gains - at_stake.of_each, margin)
        if surplus == 0 or solutions == max_solutions:
            return _result(chosen, mentor_of, at_stake, surplus)
        chosen = _merge(chosen, promising, len(places))


def _draw_first(blocks: Iterable[Edges], few_edges: int) -> tuple[Edges, bool]:
    """Return all edges if they are few, else some of each mentee; and True if these are all."""
    edges = 0
    few = []
    for block in blocks:
        edges += len(block.rows)
        if edges > few_edges:
            break
        few.append(block)
    else:
        return _join(few), True
    rng = np.random.default_rng(0)
    drawn = []
    for block in blocks:
        degree = np.bincount(block.rows)[block.rows] if len(block.rows) else block.rows
        drawn.append(_take(block, rng.random(len(degree)) * degree < _FIRST_EDGES))
    return _join(drawn), False


def _solve(edges: Edges, places: Integers, at_stake: Stakes) -> Integers:
    """Return the mentor of each mentee, −1 for none, in a best assignment over `edges`."""
    owner = np.repeat(np.arange(len(places)), places)
    sizes = (len(at_stake.first), len(owner))
    few = int(sizes[1] < sizes[0])
    ones, others = min_weight_full_bipartite_matching(graph_of(edges, places, at_stake))
    matched = others < sizes[1 - few]
    pairs = (ones[matched], others[matched])
    mentor_of = np.full(sizes[0], -1, dtype=np.int64)
    mentor_of[pairs[few]] = owner[pairs[1 - few]]
    return mentor_of


def graph_of(edges: Edges, places: Integers, at_stake: Stakes) -> sparse.csr_array:
    """Return the costs whose cheapest full matching is the best assignment.

    Each place is a node. Rows are the side with fewer nodes, which makes the search short. Every
    row has an additional column of its own that means "unmatched" and costs more than any match.
    """
    worth = edges.scores + at_stake.bonus * at_stake.first[edges.rows].astype(np.int64)
    # SciPy takes an explicit 0 for no edge at all: the best edge costs 1.
    cost = (worth.max() - worth + 1).astype(np.float64)
    mentees, premium = len(at_stake.first), at_stake.premium
    matrix = sparse.csr_array((cost, (edges.rows, edges.cols)), shape=(mentees, len(places)))
    owner = np.repeat(np.arange(len(places)), places)
    matrix = matrix[:, owner] if mentees <= len(owner) else matrix.T.tocsr()[owner]
    rows, cols = matrix.shape
    ends = matrix.indptr[1:]
    return sparse.csr_array(
        (
            np.insert(matrix.data, ends, premium),
            np.insert(matrix.indices, ends, cols + np.arange(rows, dtype=matrix.indices.dtype)),
            matrix.indptr + np.arange(rows + 1, dtype=matrix.indptr.dtype),
        ),
        shape=(rows, cols + rows),
    )


def duals(
    edges: Edges, mentor_of: Integers, mentors: int, at_stake: Stakes
) -> tuple[Integers, Integers]:
    """Return the lowest prices of the mentors' places, and what each mentee gains after paying.

    A price is the most that another mentee would gain from that place. Prices are the longest paths
    of exchanges, found as by Bellman and Ford; the loop ends because no exchange improves the
    solution.
    """
    order = np.argsort(edges.cols, kind="stable")
    rows, cols = edges.rows[order], edges.cols[order]
    worth = edges.scores[order] + at_stake.of_each[rows]
    held = np.zeros(len(mentor_of), dtype=np.int64)
    holds = mentor_of[rows] == cols
    held[rows[holds]] = worth[holds]
    starts = np.flatnonzero(np.diff(cols, prepend=-1))
    advantage = worth - held[rows]
    present = mentor_of[rows]
    prices = np.zeros(mentors + 1, dtype=np.int64)
    while True:
        # Position −1, for mentees without a mentor, is the last price, which stays 0.
        offers = np.maximum.reduceat(advantage + prices[present], starts)
        raised = prices.copy()
        raised[cols[starts]] = np.maximum(prices[cols[starts]], offers)
        if np.array_equal(raised, prices):
            return prices[:-1], held - prices[mentor_of]
        prices = raised


def _price(
    blocks: Iterable[Edges], prices: Integers, needs: Integers, margin: int
) -> tuple[Edges, int]:
    """Return the promising edges, and by how much the optimum may exceed the solution.

    `needs` is how far above a place's price a mentee's score must be to improve the solution.
    """

    def excess_of(edges: Edges) -> Integers:
        return edges.scores - needs[edges.rows] - prices[edges.cols]

    for_mentees, for_mentors = [], []
    surplus = held = 0
    for block in blocks:
        near = _take(block, excess_of(block) > -margin)
        excess = excess_of(near)
        starts = np.flatnonzero(np.diff(near.rows, prepend=-1))
        if len(starts):
            surplus += int(np.maximum.reduceat(excess, starts).clip(min=0).sum())
        for_mentees.append(_take(near, _best_of_each(near.rows, excess)))
        for_mentors.append(_take(near, _best_of_each(near.cols, excess)))
        held += len(for_mentors[-1].rows)
        if held > _HELD_EDGES:
            joined = _join(for_mentors)
            for_mentors = [_take(joined, _best_of_each(joined.cols, excess_of(joined)))]
            held = 0
    joined = _join(for_mentors)
    for_mentors = [_take(joined, _best_of_each(joined.cols, excess_of(joined)))]
    return _join(for_mentees + for_mentors), surplus


def _best_of_each(groups: Integers, values: Integers) -> Integers:
    """Return the positions of the `_BEST_EDGES` highest values of each group."""
    order = np.lexsort((-values, groups))
    _, counts = np.unique(groups, return_counts=True)
    return order[_ranks(counts) < _BEST_EDGES]


def _ranks(counts: Integers) -> Integers:
    """Return 0 to count − 1 for each count, one after the other."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def _merge(one: Edges, other: Edges, mentors: int) -> Edges:
    both = _join([one, other])
    _, first = np.unique(both.rows.astype(np.int64) * mentors + both.cols, return_index=True)
    return _take(both, first)


def _join(parts: list[Edges]) -> Edges:
    fields = zip(*parts, strict=True)
    return Edges(*(np.concatenate(field) for field in fields))


def _take(edges: Edges, which: NDArray[np.bool_] | Integers) -> Edges:
    return Edges(edges.rows[which], edges.cols[which], edges.scores[which])


def _result(edges: Edges, mentor_of: Integers, at_stake: Stakes, surplus: int) -> Assignment:
    total = int(edges.scores[mentor_of[edges.rows] == edges.cols].sum())
    matched = int((mentor_of >= 0).sum())
    first = int((mentor_of[at_stake.first] >= 0).sum())
    return Assignment(
        mentor_of,
        matched,
        first,
        total,
        most=matched + surplus // at_stake.premium,
        most_first=first + (surplus // at_stake.bonus if at_stake.bonus else 0),
        bound=total + surplus,
    )
