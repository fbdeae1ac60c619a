"""The best assignment of a whole pool: mentees to mentors with several places each.

As many mentees as possible are matched and, among all such assignments, one with the highest total
score is found: every match earns a premium that no difference in scores can make up for. Scores are
whole numbers, so sums are exact.

SciPy's solver (`min_weight_full_bipartite_matching`, the LAPJVsp of Jonker and Volgenant 1987) does
the work. Where there are many edges, it is given a small part of them: column generation. The
prices of places in that solution (the dual of the linear programme) tell which of the other edges
could improve it; these are added, and it is solved again. When no edge can, the prices prove that
the assignment is the best over all edges. Edges may be made block by block: memory is needed for a
small part only.
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
"""The solver is fast with so many edges at once, and needs some 150 MB."""
_FIRST_EDGES: Final = 30
"""Edges of each mentee that are drawn for the first, rough solution."""
_BEST_EDGES: Final = 20
"""Most promising edges of each mentee, and of each mentor, that are added after a solution."""
_HELD_EDGES: Final = 1_000_000
"""Edges that are held before those that are not a mentor's most promising are dropped."""
_PROMISING: Final = 0.05
"""An edge that is short of an improvement by less than this share of the best score is promising:
prices change a little from one solution to the next."""


class Edges(NamedTuple):
    """Mentee `rows[e]` may have mentor `cols[e]` for the score `scores[e]` ≥ 0."""

    rows: Integers
    cols: Integers
    scores: Integers


@dataclass(frozen=True)
class Assignment:
    """The mentor's position for each mentee (−1 for none), how many are matched, their total score.

    No assignment matches more than `most` mentees, and none with as many pairs has a total above
    `bound`; the assignment is proved the best when `matched == most` and `total == bound`.
    """

    mentor_of: Integers
    matched: int
    total: int
    most: int
    bound: int


def assign(
    blocks: Iterable[Edges],
    places: Integers,
    mentees: int,
    top_score: int,
    max_solutions: int | None = None,
    few_edges: int = FEW_EDGES,
) -> Assignment:
    """Assign each of `mentees` to at most one mentor, mentor j to at most `places[j]` mentees.

    `blocks` holds all edges, each once, and can be iterated again; all of a mentee's edges stand
    together in one block. No score is above `top_score`. Stops at the proved best, or after
    `max_solutions` with the best over the edges looked at so far. Up to `few_edges` edges are
    solved at once.
    """
    chosen, complete = _draw_first(blocks, few_edges)
    if not len(chosen.rows) or not places.sum():
        return Assignment(np.full(mentees, -1, dtype=np.int64), 0, 0, 0, 0)
    premium = (top_score + 1) * (min(mentees, int(places.sum())) + 1)
    solutions = 0
    while True:
        mentor_of = _solve(chosen, places, mentees, premium)
        if complete:
            return _result(chosen, mentor_of, premium, surplus=0)
        solutions += 1
        prices, gains = duals(chosen, mentor_of, len(places), premium)
        margin = int(top_score * _PROMISING)
        promising, surplus = _price(blocks, prices, gains, premium, margin)
        if surplus == 0 or solutions == max_solutions:
            return _result(chosen, mentor_of, premium, surplus)
        chosen = _merge(chosen, promising, len(places))


def _draw_first(blocks: Iterable[Edges], few_edges: int) -> tuple[Edges, bool]:
    """Return all edges where they are few, else some of each mentee; and whether these are all."""
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


def _solve(edges: Edges, places: Integers, mentees: int, premium: int) -> Integers:
    """Return the mentor of each mentee, −1 for none, in a best assignment over `edges`."""
    owner = np.repeat(np.arange(len(places)), places)
    sizes = (mentees, len(owner))
    few = int(sizes[1] < sizes[0])
    ones, others = min_weight_full_bipartite_matching(graph_of(edges, places, mentees, premium))
    matched = others < sizes[1 - few]
    pairs = (ones[matched], others[matched])
    mentor_of = np.full(mentees, -1, dtype=np.int64)
    mentor_of[pairs[few]] = owner[pairs[1 - few]]
    return mentor_of


def graph_of(edges: Edges, places: Integers, mentees: int, premium: int) -> sparse.csr_array:
    """Return the costs whose cheapest full matching is the best assignment.

    Each place is a node of its own. Rows are the side with fewer nodes, which makes the search
    short, and columns the other. Every row has a further column of its own for being left, dearer
    than any match.
    """
    # SciPy takes an explicit 0 for no edge at all: the best edge costs 1.
    cost = (edges.scores.max() - edges.scores + 1).astype(np.float64)
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
    edges: Edges, mentor_of: Integers, mentors: int, premium: int
) -> tuple[Integers, Integers]:
    """Return the lowest prices of the mentors' places, and what each mentee gains after paying.

    A price is the most that another mentee would gain by that place: prices are the longest paths
    of exchanges, found as by Bellman and Ford. They end because no exchange improves the solution.
    """
    order = np.argsort(edges.cols, kind="stable")
    rows, cols = edges.rows[order], edges.cols[order]
    worth = edges.scores[order].astype(np.int64) + premium
    held = np.zeros(len(mentor_of), dtype=np.int64)
    holds = mentor_of[rows] == cols
    held[rows[holds]] = worth[holds]
    starts = np.flatnonzero(np.diff(cols, prepend=-1))
    advantage = worth - held[rows]
    present = mentor_of[rows]
    prices = np.zeros(mentors + 1, dtype=np.int64)
    while True:
        # Position −1, of those without a mentor, is the last price, which stays 0.
        offers = np.maximum.reduceat(advantage + prices[present], starts)
        raised = prices.copy()
        raised[cols[starts]] = np.maximum(prices[cols[starts]], offers)
        if np.array_equal(raised, prices):
            return prices[:-1], held - prices[mentor_of]
        prices = raised


def _price(
    blocks: Iterable[Edges], prices: Integers, gains: Integers, premium: int, margin: int
) -> tuple[Edges, int]:
    """Return the promising edges, and by how much the optimum may be above the present solution."""

    def excess_of(edges: Edges) -> Integers:
        return edges.scores - gains[edges.rows] - prices[edges.cols] + premium

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


def _result(edges: Edges, mentor_of: Integers, premium: int, surplus: int) -> Assignment:
    total = int(edges.scores[mentor_of[edges.rows] == edges.cols].sum())
    matched = int((mentor_of >= 0).sum())
    most = matched + surplus // premium
    return Assignment(mentor_of, matched, total, most, total + surplus)
