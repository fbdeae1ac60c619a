"""The Gram matrix of figures, G = M · D · Mᵀ modulo a prime, and computing with it.

M (figures × classes) is 0/1; D is a diagonal of random weights. G has one row and one column per
figure, however many classes there are. It has the rank of M with high probability; `audit` checks.

A company has thousands of teams but only hundreds of other figures. Teams are disjoint, so their
block of G is diagonal and is eliminated in one step; the rest, the Schur complement, is small.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.insights.disclosure.modular import Matrix, null_space, reduce_rows

_CHUNK = 100


@dataclass(frozen=True)
class Gram:
    """G in blocks, [diagonal, across; acrossᵀ, …], of the `disjoint` and the `other` figures."""

    prime: int
    disjoint: Matrix
    """Indices of figures that have no class in common."""
    other: Matrix
    """Indices of the other figures."""
    inverse: Matrix
    """1 / diagonal."""
    across: Any
    """apart × other, sparse."""
    complement: Matrix
    """The Schur complement: other × other."""

    @classmethod
    def of(cls, incidence: Any, weights: Matrix, prime: int) -> "Gram":
        """Build G from M (a sparse matrix of figures × classes) and the diagonal of D."""
        weighted = (incidence * weights[None, :]).tocsr()
        disjoint = _disjoint_figures(incidence)
        # A sum of fewer than 2**32 residues below 2**31 stays below 2**63, here and in `_product`.
        diagonal = weighted[disjoint].sum(axis=1) % prime
        disjoint, diagonal = disjoint[diagonal != 0], diagonal[diagonal != 0]
        other = np.setdiff1d(np.arange(incidence.shape[0]), disjoint)
        inverse = np.array([pow(int(entry), -1, prime) for entry in diagonal], dtype=np.int64)
        across = (weighted[disjoint] @ incidence[other].T).tocsr()
        across.data %= prime
        scaled = (across * inverse[:, None]).tocsr()
        scaled.data %= prime
        block = (weighted[other] @ incidence[other].T).toarray()
        complement = (block - _product(across.T.tocsr(), scaled.toarray(), prime)) % prime
        return cls(prime, disjoint, other, inverse, across, complement)

    @property
    def size(self) -> int:
        """The number of figures."""
        return self.disjoint.size + self.other.size

    def solve(self, right: Matrix) -> Matrix:
        """Return a solution y of G · y = right, for right-hand sides that have one.

        Of linearly dependent figures, the last get the factor 0.
        """
        inner = right[self.disjoint] * self.inverse[:, None] % self.prime
        reduced_right = right[self.other] - _product(self.across.T.tocsr(), inner, self.prime)
        count = self.other.size
        reduced, pivots = reduce_rows(
            np.hstack([self.complement, reduced_right]), self.prime, columns=count
        )
        outer = np.zeros((count, right.shape[1]), dtype=np.int64)
        outer[pivots] = reduced[: len(pivots), count:]
        return self._complete(outer, right[self.disjoint])

    def null_vectors(self) -> Iterator[Matrix]:
        """Yield a basis of all y with G · y = 0, in chunks with one vector per row."""
        basis = null_space(self.complement, self.prime)
        for start in range(0, len(basis), _CHUNK):
            yield self._complete(basis[start : start + _CHUNK].T, 0).T

    def _complete(self, outer: Matrix, right: Matrix | int) -> Matrix:
        """Return the whole solution from its part for the other figures."""
        inner = (right - _product(self.across, outer, self.prime)) % self.prime
        solution = np.zeros((self.size, outer.shape[1]), dtype=np.int64)
        solution[self.other] = outer
        solution[self.disjoint] = inner * self.inverse[:, None] % self.prime
        return solution


def _disjoint_figures(incidence: Any) -> Matrix:
    """Choose figures that have no class in common, those with few classes first."""
    taken = np.zeros(incidence.shape[1], dtype=bool)
    disjoint = []
    for figure in np.argsort(np.diff(incidence.indptr), kind="stable"):
        classes = incidence.indices[incidence.indptr[figure] : incidence.indptr[figure + 1]]
        if not taken[classes].any():
            taken[classes] = True
            disjoint.append(figure)
    return np.array(sorted(disjoint), dtype=np.int64)


def _product(left: Any, right: Matrix, prime: int) -> Matrix:
    """Multiply a sparse by a dense matrix modulo the prime.

    Halves of 16 bits keep each sum of up to 2**16 products within 64 bits.
    """
    high, low = left.copy(), left.copy()
    high.data >>= 16
    low.data &= 0xFFFF
    product: Matrix = ((high @ right % prime << 16) + low @ right) % prime
    return product
