"""Rule 4: what anybody can compute from all figures together (a linear audit).

Let M be the matrix of figures × classes, where a class is all cohorts that lie in the same figures.
From the figures (and n) the sum over every row of M is known, hence v · x for every v in the row
space of M, x being the sums over the classes. A leak is a v other than 0 whose support, the classes
on which it is not 0, is a group that may not be known. Rounding is ignored: it only helps us.

With N a matrix whose columns span the null space of M, such a v exists within a set S of classes
exactly when the rows N_j, j in S, are linearly dependent (Chin and Özsoyoğlu 1982 audit sums in
this way; the small supports are the short words of the code that M generates).

Why the answer "safe" is exact, though we compute modulo a prime p:

* Let rank M be the same over the rationals and modulo p. Then the null spaces have the same
  dimension, so each null vector modulo p is the residue of a rational one. A leak v, scaled to
  whole numbers without a common divisor, is not 0 modulo p and is orthogonal to all of them: it
  stays a leak modulo p, within the same support.
* That the ranks are equal is proved for each M (`_keeps_rank`): the dependencies between rows that
  hold modulo p are guessed as whole numbers and checked without a modulus. If the proof fails, we
  take another prime, and after the last one we call M unsafe.
* A few random null vectors stand for all of N. Fewer columns can make rows dependent that are not,
  with a probability near 1/p² for each set, but never the reverse: an error means hiding too much.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from bot.insights.disclosure.cells import CohortKey, Cohorts, Reason, Respondents
from bot.insights.disclosure.gram import Gram
from bot.insights.disclosure.leaks import Leak
from bot.insights.disclosure.modular import PRIMES, Matrix, as_integers, null_space
from bot.insights.disclosure.small_sets import find_small_sets

_SPARE_NULL_VECTORS = 3


@dataclass(frozen=True)
class _System:
    """The figures over the classes, and what was found out about them modulo a prime."""

    classes: list[Cohorts]
    sizes: Matrix
    """Respondents of each class."""
    incidence: Any
    """M as a sparse matrix of 0 and 1 (SciPy has no types)."""
    prime: int
    weights: Matrix
    """A random number for each class, the diagonal of D."""
    gram: Gram
    """M · D · Mᵀ, a small matrix with the rank of M."""


def audit(figures: Sequence[Cohorts], respondents: Respondents) -> list[Leak]:
    """Return leaks between the figures, none exactly when there are none.

    It need not return all: when those that it returns are undone, there may be others.
    """
    answering = frozenset[CohortKey]().union(*figures)
    if all(respondents.counts[key] >= respondents.k for key in answering):
        # Every combination of figures then tells of k people or more.
        return []
    system = _proved_system(figures, respondents)
    if system is None:
        return [Leak(dict.fromkeys(range(len(figures)), 1), Reason.AUDIT)]
    rows = _random_null_vectors(system, respondents.k + _SPARE_NULL_VECTORS)
    found = _small_leaks(system, rows, respondents)
    undecided: list[Matrix] = []
    if not found:
        found, undecided = _larger_leaks(system, rows, respondents.k)
    combinations_of_figures = [*_figures_behind(system, rows, found), *undecided]
    return [_leak(factors, system.prime) for factors in combinations_of_figures]


def _proved_system(figures: Sequence[Cohorts], respondents: Respondents) -> _System | None:
    """Return the linear system with a prime that is proved to keep its rank, or None."""
    figures_of: defaultdict[CohortKey, list[int]] = defaultdict(list)
    for place, cohorts in enumerate(figures):
        for key in cohorts:
            figures_of[key].append(place)
    members: defaultdict[tuple[int, ...], list[CohortKey]] = defaultdict(list)
    for key, places in figures_of.items():
        members[tuple(places)].append(key)

    signatures = sorted(members)
    classes = [frozenset(members[signature]) for signature in signatures]
    row = [place for signature in signatures for place in signature]
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
    """Whether M has the same rank over the rationals, modulo the prime, and as its Gram matrix.

    For any M, rank G ≤ rank modulo p ≤ rational rank. As many independent rational dependencies
    between rows as G has null vectors show that the rational rank is no greater either.
    """
    for dependencies in gram.null_vectors():
        for dependency in dependencies:
            whole = as_integers(dependency, gram.prime)
            if whole is None or np.any(whole @ incidence):
                return False
    return True


def _random_null_vectors(system: _System, count: int) -> Matrix:
    """Return random vectors z with M · z = 0, as the columns of a matrix with a row a class.

    A random vector is projected along the rows of M: z = r - D·Mᵀ·y with (M·D·Mᵀ)·y = M·r.
    """
    prime, incidence = system.prime, system.incidence
    anything = np.random.default_rng(count).integers(0, prime, (len(system.classes), count))
    solution = system.gram.solve(incidence @ anything % prime)
    along = system.weights[:, None] * (incidence.T @ solution % prime) % prime
    null_vectors: Matrix = (anything - along) % prime
    return null_vectors


def _small_leaks(system: _System, rows: Matrix, respondents: Respondents) -> list[tuple[int, ...]]:
    """Return leaking sets of one class (a row of zeros) or two (parallel rows)."""
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
    """Return leaking sets of three classes or more, and undecided combinations of figures."""
    prime = system.prime
    # In a set of three, the largest class has at most k-3 respondents: the others hold one each.
    # A leak among such classes is computed without touching any larger one.
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
    """Return, for each leaking set of classes, the factors of the figures that give it away."""
    if not found:
        return []
    prime = system.prime
    leaks = np.zeros((len(system.classes), len(found)), dtype=np.int64)
    for place, leaking in enumerate(found):
        leaks[leaking, place] = null_space(rows[list(leaking)].T, prime)[0]
    weighted = system.weights[:, None] * leaks % prime
    return system.gram.solve(system.incidence @ weighted % prime).T


def _leak(factors: Matrix, prime: int) -> Leak:
    whole = as_integers(factors, prime)
    factors = factors if whole is None else whole
    return Leak({int(i): int(factors[i]) for i in np.flatnonzero(factors)}, Reason.AUDIT)
