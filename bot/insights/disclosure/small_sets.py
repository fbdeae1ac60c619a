"""The deep part of the audit: leaks of three or more classes.

The sums that can be computed over small classes alone form a linear code. A leak is a word of it
whose support has fewer than k respondents. In reduced form each word is nonzero on some pivot, so
the search starts from each pivot in turn. A *circuit* is a null vector: every word is orthogonal to
it, so no word meets its support in exactly one class. If a circuit meets the current set in one
class, one of its other classes must join: few choices, and often none that is small enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.insights.disclosure.modular import Matrix, reduce_rows

_MOST_STEPS_A_PIVOT = 2_000
_MOST_STEPS = 50_000


@dataclass(frozen=True)
class Findings:
    """The result of the search; both lists are empty exactly if there is no leak."""

    sets: list[tuple[int, ...]]
    """Classes that leak together."""
    undecided: list[Matrix]
    """Factors of figures whose search took too long to call them safe."""


def find_small_sets(
    incidence: Any, computable: Matrix, sizes: Matrix, rows: Matrix, k: int, prime: int
) -> Findings:
    """Find sets of three or more classes with fewer than k respondents and dependent rows.

    `incidence` is M (figures × classes). `computable` has the combinations of figures that are 0 on
    all classes above k-3 respondents, the largest that fit into such a set. `sizes` has the
    respondents of each class, `rows` the entries of null vectors for each class.
    """
    small = np.flatnonzero(sizes <= k - 3)
    small = small[np.argsort(-sizes[small], kind="stable")]
    words = computable @ incidence[:, small] % prime
    used = words.any(axis=0)
    small, words = small[used], words[:, used]
    # Large classes come first and become the pivots: few of them fit into one small set.
    reduced, pivots = reduce_rows(np.hstack([words, computable]), prime, columns=small.size)
    search = _Search(
        k=k,
        prime=prime,
        sizes=sizes[small].tolist(),
        rows=rows[small].tolist(),
        circuits=_Circuits.of(reduced[: len(pivots), : small.size], pivots),
    )
    undecided = []
    for row, pivot in enumerate(pivots):
        if not search.examine(pivot):
            undecided.append(reduced[row, small.size :])
    return Findings([tuple(small[list(leak)].tolist()) for leak in search.found], undecided)


@dataclass(frozen=True)
class _Circuits:
    through: list[list[frozenset[int]]]
    """The circuits that contain each class, the shortest first."""

    @classmethod
    def of(cls, words: Matrix, pivots: list[int]) -> "_Circuits":
        """Return the fundamental circuits: one for each class that is not a pivot."""
        through: list[list[frozenset[int]]] = [[] for _ in range(words.shape[1])]
        for column in np.setdiff1d(np.arange(words.shape[1]), pivots).tolist():
            rows = np.flatnonzero(words[:, column]).tolist()
            circuit = frozenset([column, *(pivots[row] for row in rows)])
            for each in circuit:
                through[each].append(circuit)
        for circuits in through:
            circuits.sort(key=len)
        return cls(through)

    def meeting_once(self, chosen: set[int]) -> Iterable[frozenset[int]]:
        """Yield the circuits that contain exactly one of the chosen classes."""
        for each in chosen:
            for circuit in self.through[each]:
                if len(circuit & chosen) == 1:
                    yield circuit


@dataclass
class _Search:
    k: int
    prime: int
    sizes: list[int]
    rows: list[list[int]]
    circuits: _Circuits
    found: list[tuple[int, ...]] = field(default_factory=list)
    excluded: set[int] = field(default_factory=set)
    """Classes whose sets have all been examined."""
    steps: int = 0

    def examine(self, pivot: int) -> bool:
        """Examine all sets with this pivot; return False if that takes too long."""
        limit = min(self.steps + _MOST_STEPS_A_PIVOT, _MOST_STEPS)
        finished = self._extend({pivot}, _Echelon(self.prime).with_row(self.rows[pivot]), limit)
        self.excluded.add(pivot)
        return finished

    def _extend(self, chosen: set[int], echelon: "_Echelon", limit: int) -> bool:
        """Examine all supersets of the chosen classes, whose rows are independent."""
        room = self.k - 1 - sum(self.sizes[each] for each in chosen)
        examined: list[int] = []
        finished = True
        for each in sorted(self._choices(chosen, room)):
            self.steps += 1
            if self.steps > limit:
                finished = False
                break
            extended = echelon.with_row(self.rows[each])
            if extended.dependent:
                self.found.append((*sorted(chosen), each))
            elif not self._extend(chosen | {each}, extended, limit):
                finished = False
                break
            self.excluded.add(each)
            examined.append(each)
        self.excluded.difference_update(examined)
        return finished

    def _choices(self, chosen: set[int], room: int) -> list[int]:
        """Return the shortest list of classes; at least one of them must join the chosen ones."""
        if room < 1:
            return []
        fewest: list[int] | None = None
        for circuit in self.circuits.meeting_once(chosen):
            choices = self._fitting(circuit - chosen, room)
            if fewest is None or len(choices) < len(fewest):
                fewest = choices
            if len(fewest) < 2:
                return fewest
        if fewest is None:
            return self._fitting(set(range(len(self.sizes))) - chosen, room)
        return fewest

    def _fitting(self, classes: Iterable[int], room: int) -> list[int]:
        return [each for each in classes if self.sizes[each] <= room and each not in self.excluded]


class _Echelon:
    """Independent rows in echelon form, for testing whether another row depends on them."""

    def __init__(self, prime: int, rows: tuple[tuple[int, list[int]], ...] = ()) -> None:
        self.prime = prime
        self.rows = rows
        self.dependent = False

    def with_row(self, row: list[int]) -> "_Echelon":
        """Return the echelon form with one more row; its `dependent` says if it adds nothing."""
        prime = self.prime
        for lead, other in self.rows:
            if factor := row[lead]:
                row = [(a - factor * b) % prime for a, b in zip(row, other, strict=True)]
        if not any(row):
            extended = _Echelon(prime, self.rows)
            extended.dependent = True
            return extended
        lead = next(column for column, entry in enumerate(row) if entry)
        inverse = pow(row[lead], -1, prime)
        scaled = [entry * inverse % prime for entry in row]
        return _Echelon(prime, (*self.rows, (lead, scaled)))
