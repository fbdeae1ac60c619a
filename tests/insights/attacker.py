"""An attacker that tries every small group in rational arithmetic: slow but certain."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations
from typing import Any

Figure = frozenset[Any]


def rational_rank(rows: Sequence[Sequence[int]]) -> int:
    matrix = [[Fraction(entry) for entry in row] for row in rows]
    rank = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((i for i in range(rank, len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        for i in range(rank + 1, len(matrix)):
            factor = matrix[i][column] / matrix[rank][column]
            matrix[i] = [a - factor * b for a, b in zip(matrix[i], matrix[rank], strict=True)]
        rank += 1
    return rank


def small_groups(counts: Mapping[Any, int], k: int) -> Iterator[set[Any]]:
    subsets = chain.from_iterable(combinations(counts, size) for size in range(1, k))
    return (set(subset) for subset in subsets if sum(counts[key] for key in subset) < k)


def leaks_by_brute_force(figures: Sequence[Figure], counts: Mapping[Any, int], k: int) -> bool:
    """Return True if the figures determine a small group: they lose rank without it."""
    if not figures:
        return False

    def rank_over(keys: list[Any]) -> int:
        return rational_rank([[int(key in figure) for key in keys] for figure in figures])

    everything = rank_over(list(counts))
    return any(
        rank_over([key for key in counts if key not in group]) < everything
        for group in small_groups(counts, k)
    )
