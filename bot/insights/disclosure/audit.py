"""Rule 4: a linear audit of everything that can be computed from all figures together.

M is the matrix of figures × classes; a class is all cohorts that lie in the same figures. Let x be
the sums over the classes. Figures and their n disclose M · x, and so v · x for every v in the row
space of M. A leak is a nonzero v whose support (the classes where it is not 0) is too small to be
disclosed. The audit ignores rounding, which only makes figures safer.

Let the columns of N span the null space of M. A leak within a set S of classes exists exactly if
the rows N_j, j in S, are linearly dependent (Chin and Özsoyoğlu 1982 audit sums in this way; small
supports are the short words of the code that M generates).

The answer "safe" is exact, although we compute modulo a prime p:

* If M has the same rank over the rationals and modulo p, both null spaces have the same dimension,
  so each null vector modulo p is the residue of a rational one. A leak v, scaled to whole numbers
  without a common divisor, is not 0 modulo p and is orthogonal to all of them: it stays a leak
  modulo p, with no larger support.
* `_keeps_rank` proves for each M that the ranks are equal: it guesses the dependencies between rows
  modulo p as whole numbers and checks them without a modulus. If the proof fails, we try the next
  prime; after the last one we treat M as unsafe.
* A few random null vectors stand for all of N. With fewer columns, independent rows can seem
  dependent, with a probability near 1/p² for each set; never the reverse. The error hides too much.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from bot.insights.disclosure.cells import CohortKey, Cohorts, HidingReason, Respondents
from bot.insights.disclosure.gram import Gram
from bot.insights.disclosure.leaks import Leak
from bot.insights.disclosure.modular import PRIMES, Matrix, as_integers, null_space
from bot.insights.disclosure.small_sets import find_small_sets

_SPARE_NULL_VECTORS = 3


@dataclass(frozen=True)
class _System:
    """The figures over the classes, with the prime to compute modulo."""

    classes: list[Cohorts]
    sizes: Matrix
    """Respondents of each class."""
    incidence: Any
    """M as a sparse 0/1 matrix (SciPy has no types)."""
    prime: int
    weights: Matrix
    """The diagonal of D: a random number for each class."""
    gram: Gram
    """M · D · Mᵀ, which has the rank of M."""


def audit(figures: Sequence[Cohorts], respondents: Respondents) -> list[Leak]:
    """Return leaks between the figures; an empty list means that there are none.

    The list may be incomplete: call again after undoing the returned leaks.
    """
    answering = frozenset[CohortKey]().union(*figures)
    if all(respondents.counts[key] >= respondents.k for key in answering):
        # Every combination of figures then describes at least k people.
        return []
    system = _proved_system(figures, respondents)
    if system is None:
        return [Leak(dict.fromkeys(range(len(figures)), 1), HidingReason.AUDIT)]
    rows = _random_null_vectors(system, respondents.k + _SPARE_NULL_VECTORS)
    found = _small_leaks(system, rows, respondents)
    undecided: list[Matrix] = []
    if not found:
        found, undecided = _larger_leaks(system, rows, respondents.k)
    combinations_of_figures = [*_figures_behind(system, rows, found), *undecided]
    return [_leak(factors, system.prime) for factors in combinations_of_figures]


def _proved_system(figures: Sequence[Cohorts], respondents: Respondents) -> _System | None:
    """Return the linear system with a prime that provably keeps its rank, or None."""
    figures_of: defaultdict[CohortKey, list[int]] = defaultdict(list)
    for figure, cohorts in enumerate(figures):
        for key in cohorts:
            figures_of[key].append(figure)
    members: defaultdict[tuple[int, ...], list[CohortKey]] = defaultdict(list)
    for key, indices in figures_of.items():
        members[tuple(indices)].append(key)

    signatures = sorted(members)
    classes = [frozenset(members[signature]) for signature in signatures]
    row = [figure for signature in signatures for figure in signature]
    column = [j for j, signature in enumerate(signatures) for _ in signature]
    ones = np.ones(len(row), dtype=np.int64)
    incidence = csr_array((ones, (row, column)), shape=(len(figures), len(classes)))
    sizes = np.array([respondents.n(cohorts) for cohorts in classes], dtype=np.int64)
    for prime in PRIMES:
        weights = np.random.default_rng(prime).integers(1, prime, len(classes))
        gram = Gram.of(incidence, weights, prime)
        if _keeps_rank(incidence, gram):
            return _System(classes, sizes, incidence, prime, weights, gram)
    return None


def _keeps_rank(incidence: Any, gram: Gram) -> bool:
    """Return True if M has the same rank over the rationals, modulo p, and as its Gram matrix G.

    For any M, rank G ≤ rank modulo p ≤ rational rank. If every null vector of G is a rational
    dependency between rows of M, the rational rank is not greater than rank G either.
    """
    for dependencies in gram.null_vectors():
        for dependency in dependencies:
            whole = as_integers(dependency, gram.prime)
            if whole is None or np.any(whole @ incidence):
                return False
    return True


def _random_null_vectors(system: _System, count: int) -> Matrix:
    """Return random vectors z with M · z = 0, as columns of a matrix with one row per class.

    They are projections of random vectors r: z = r - D·Mᵀ·y with (M·D·Mᵀ)·y = M·r.
    """
    prime, incidence = system.prime, system.incidence
    random_vectors = np.random.default_rng(count).integers(0, prime, (len(system.classes), count))
    solution = system.gram.solve(incidence @ random_vectors % prime)
    along = system.weights[:, None] * (incidence.T @ solution % prime) % prime
    null_vectors: Matrix = (random_vectors - along) % prime
    return null_vectors


def _small_leaks(system: _System, rows: Matrix, respondents: Respondents) -> list[tuple[int, ...]]:
    """Return leaking sets of one class (a zero row) or two (parallel rows)."""
    prime = system.prime
    parallel: defaultdict[bytes, list[int]] = defaultdict(list)
    found: list[tuple[int, ...]] = []
    for j in np.flatnonzero(system.sizes < respondents.k):
        used = np.flatnonzero(rows[j])
        if used.size:
            scale = pow(int(rows[j, used[0]]), -1, prime)
            parallel[(rows[j] * scale % prime).tobytes()].append(int(j))
        elif respondents.objection(system.classes[j]):
            found.append((int(j),))
    for together in parallel.values():
        together.sort(key=lambda j: system.sizes[j])
        for one, other in combinations(together, 2):
            if respondents.objection(system.classes[one] | system.classes[other]):
                found.append((one, other))
                break
    return found


def _larger_leaks(
    system: _System, rows: Matrix, k: int
) -> tuple[list[tuple[int, ...]], list[Matrix]]:
    """Return leaking sets of three or more classes, and undecided combinations of figures."""
    prime = system.prime
    # In a set of three, the largest class has at most k-3 respondents: the others have one each.
    # Such a leak is a combination of figures that is 0 on all larger classes.
    large = np.flatnonzero(system.sizes > k - 3)
    if large.size == system.sizes.size:
        return [], []
    gram = Gram.of(system.incidence[:, large], system.weights[large], prime)
    beyond = system.incidence[:, np.flatnonzero(system.sizes <= k - 3)]
    computable = [each[(each @ beyond % prime).any(axis=1)] for each in gram.null_vectors()]
    if not computable:
        return [], []
    findings = find_small_sets(
        system.incidence, np.vstack(computable), system.sizes, rows, k, prime
    )
    return findings.sets, findings.undecided


def _figures_behind(
    system: _System, rows: Matrix, found: Sequence[tuple[int, ...]]
) -> Iterable[Matrix]:
    """Return the factors of the figures that disclose each leaking set of classes."""
    if not found:
        return []
    prime = system.prime
    leaks = np.zeros((len(system.classes), len(found)), dtype=np.int64)
    for figure, leaking in enumerate(found):
        leaks[leaking, figure] = null_space(rows[list(leaking)].T, prime)[0]
    weighted = system.weights[:, None] * leaks % prime
    return system.gram.solve(system.incidence @ weighted % prime).T


def _leak(factors: Matrix, prime: int) -> Leak:
    whole = as_integers(factors, prime)
    factors = factors if whole is None else whole
    return Leak({int(i): int(factors[i]) for i in np.flatnonzero(factors)}, HidingReason.AUDIT)
