"""The best whole assignment of mentees to mentors with several places each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Assignment:
    """The mentor's position for each mentee, −1 for none, with the total of the scores."""

    mentor_of: Integers
    matched: int
    total: int


def assign(
    rows: Integers, cols: Integers, scores: Integers, capacity: Integers, n: int
) -> Assignment:
    """Match as many of `n` mentees as possible and, among such assignments, for the most score.

    Edge e lets mentee `rows[e]` have mentor `cols[e]` for the whole number `scores[e]` ≥ 0; mentor
    j takes at most `capacity[j]`. Exact. Edges are distinct.
    """
    mentor_of = np.full(n, -1, dtype=np.int64)
    if len(rows) == 0 or n == 0:
        return Assignment(mentor_of, 0, 0)
    owner = np.repeat(np.arange(len(capacity)), capacity)
    first = np.concatenate([[0], np.cumsum(capacity)[:-1]])
    copies = capacity[cols]
    edge = np.repeat(np.arange(len(rows)), copies)
    offset = np.arange(len(edge)) - np.repeat(np.cumsum(copies) - copies, copies)
    best = int(scores.max())
    alone = (best + 1) * (n + 1)
    cost = np.concatenate([best - scores[edge] + 1, np.full(n, alone)]).astype(np.float64)
    at_row = np.concatenate([rows[edge], np.arange(n)])
    at_col = np.concatenate([first[cols[edge]] + offset, len(owner) + np.arange(n)])
    graph = sparse.csr_array((cost, (at_row, at_col)), shape=(n, len(owner) + n))
    row, slot = min_weight_full_bipartite_matching(graph)
    real = slot < len(owner)
    mentor_of[row[real]] = owner[slot[real]]
    chosen = mentor_of[rows] == cols
    return Assignment(mentor_of, int(real.sum()), int(scores[chosen].sum()))
