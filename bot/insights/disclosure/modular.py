"""Exact linear algebra over a prime field, within 64 bits."""

from fractions import Fraction
from math import isqrt, lcm

import numpy as np
from numpy.typing import NDArray

# The largest primes below 2**31: a product of two residues fits into a signed 64-bit integer.
PRIMES = (2_147_483_647, 2_147_483_629, 2_147_483_587)

Matrix = NDArray[np.int64]


def reduce_rows(matrix: Matrix, prime: int, columns: int | None = None) -> tuple[Matrix, list[int]]:
    """Return the reduced row echelon form and its pivot columns.

    Only the first `columns` columns can be pivots. The others are transformed with them, like the
    right-hand sides of a linear system.
    """
    reduced = matrix % prime
    pivots: list[int] = []
    for column in range(matrix.shape[1] if columns is None else columns):
        row = len(pivots)
        if row == len(reduced):
            break
        candidates = np.flatnonzero(reduced[row:, column])
        if not candidates.size:
            continue
        pivot = row + candidates[0]
        reduced[[row, pivot]] = reduced[[pivot, row]]
        used = np.flatnonzero(reduced[row])
        inverse = pow(int(reduced[row, column]), -1, prime)
        reduced[row, used] = reduced[row, used] * inverse % prime
        others = np.flatnonzero(reduced[:, column])
        others = others[others != row]
        # Few entries are not zero. Touching only those makes this fast.
        block = np.ix_(others, used)
        change = reduced[others, column][:, None] * reduced[row, used] % prime
        reduced[block] = (reduced[block] - change) % prime
        pivots.append(column)
    return reduced, pivots


def null_space(matrix: Matrix, prime: int) -> Matrix:
    """Return a basis of all x with matrix · x = 0, one vector per row."""
    reduced, pivots = reduce_rows(matrix, prime)
    free = np.setdiff1d(np.arange(matrix.shape[1]), pivots)
    basis = np.zeros((free.size, matrix.shape[1]), dtype=np.int64)
    basis[np.arange(free.size), free] = 1
    basis[:, pivots] = -reduced[: len(pivots), free].T % prime
    return basis


def as_integers(vector: Matrix, prime: int) -> Matrix | None:
    """Guess, from its residues, a multiple of the vector in whole numbers below 2**31.

    The guess takes for each residue the rational with the smallest terms (Wang 1981, "A p-adic
    algorithm for univariate partial fractions"). The caller must check it. Returns None if there is
    no such vector.
    """
    used = np.flatnonzero(vector)
    fractions = [_as_fraction(residue, prime) for residue in vector[used].tolist()]
    scale = lcm(*(fraction.denominator for fraction in fractions))
    entries = [int(fraction * scale) for fraction in fractions]
    if max(map(abs, entries), default=0) >= 2**31:
        return None
    whole = np.zeros_like(vector)
    whole[used] = entries
    return whole


def _as_fraction(residue: int, prime: int) -> Fraction:
    """Return the first fraction a/b with a ≡ residue · b in the Euclidean algorithm."""
    bound = isqrt(prime // 2)
    previous, current = (prime, 0), (residue, 1)
    while current[0] > bound:
        quotient = previous[0] // current[0]
        following = (
            previous[0] - quotient * current[0],
            previous[1] - quotient * current[1],
        )
        previous, current = current, following
    return Fraction(*current)
