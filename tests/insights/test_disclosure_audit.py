from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.disclosure import audit as audit_module
from bot.insights.disclosure import modular
from bot.insights.disclosure.audit import audit
from bot.insights.disclosure.cells import HidingReason, Respondents
from tests.insights.attacker import Figure, leaks_by_brute_force


@st.composite
def releases(draw: st.DrawFn) -> tuple[list[Figure], dict[int, int]]:
    counts = dict(enumerate(draw(st.lists(st.integers(1, 4), min_size=1, max_size=9))))
    figures = st.frozensets(st.sampled_from(sorted(counts)), min_size=1)
    return draw(st.lists(figures, max_size=8)), counts


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Figure], dict[int, int]]:
    """Draw margins of a sparse table, where leaks of three or more cohorts are common."""
    shape = draw(st.sampled_from([(3, 4), (2, 5), (2, 2, 3), (3, 3)]))
    places = list(np.ndindex(*shape))
    kept = draw(st.lists(st.sampled_from(places), unique=True, min_size=4))
    counts = {key: draw(st.integers(1, 3)) for key in range(len(kept))}
    margins = [
        frozenset(key for key, place in enumerate(kept) if place[axis] == value)
        for axis, length in enumerate(shape)
        for value in range(length)
    ]
    margins = [margin for margin in margins if margin]
    return draw(st.lists(st.sampled_from(margins), unique=True)), counts


@settings(deadline=None)  # brute force is slow on a busy machine
@given(st.one_of(releases(), tables()), st.integers(4, 7))
def test_agrees_with_brute_force_over_rationals(
    release: tuple[list[Figure], dict[int, int]], k: int
) -> None:
    figures, counts = release

    leaks = audit(figures, Respondents(k, counts))

    assert bool(leaks) == leaks_by_brute_force(figures, counts, k)
    for leak in leaks:
        assert leaks_by_brute_force([figures[index] for index in leak.factors], counts, k)


def test_finds_a_leak_that_no_pair_of_figures_shows() -> None:
    counts = {0: 9, 1: 2, 2: 9, 3: 2}
    figures = [frozenset([0, 1]), frozenset([2, 3]), frozenset([0, 2])]

    (leak,) = audit(figures, Respondents(5, counts))

    assert set(leak.factors) == {0, 1, 2}
    assert leak.reason is HidingReason.AUDIT


def test_finds_a_leak_of_four_cohorts() -> None:
    counts = dict.fromkeys(range(4), 1) | dict.fromkeys(range(4, 8), 9)
    teams = [frozenset([key, key + 4]) for key in range(4)]
    location = frozenset(range(4, 8))

    assert audit([*teams, location], Respondents(5, counts))
    assert not audit([*teams, location], Respondents(4, counts))


ODD_CYCLE = [frozenset([0, 1]), frozenset([1, 2]), frozenset([0, 2])]


def test_a_prime_that_loses_rank_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    # The determinant of an odd cycle is 2: the sums are known, but not modulo 2.
    counts = {0: 4, 1: 4, 2: 4}
    monkeypatch.setattr(audit_module, "PRIMES", (2, *modular.PRIMES))

    leaks = audit(ODD_CYCLE, Respondents(5, counts))

    assert leaks
    assert all(set(leak.factors) == {0, 1, 2} for leak in leaks)


def test_figures_without_a_proof_count_as_leaking(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = [figure | {3 + place} for place, figure in enumerate(ODD_CYCLE)]
    counts = {0: 40, 1: 40, 2: 40, 3: 4, 4: 4, 5: 4}
    assert not audit(cycle, Respondents(5, counts))

    monkeypatch.setattr(audit_module, "PRIMES", (2,))

    (leak,) = audit(cycle, Respondents(5, counts))
    assert set(leak.factors) == {0, 1, 2}


def test_primes_are_prime() -> None:
    for prime in modular.PRIMES:
        assert prime < 2**31
        assert all(prime % divisor for divisor in range(2, int(prime**0.5) + 1))


@given(
    st.lists(st.fractions(-50, 50, max_denominator=20), min_size=1, max_size=5),
)
def test_whole_numbers_are_found_from_residues(fractions: list[Fraction]) -> None:
    prime = modular.PRIMES[0]
    residues = [f.numerator * pow(f.denominator, -1, prime) % prime for f in fractions]

    whole = modular.as_integers(np.array(residues), prime)

    assert whole is not None
    scale = [Fraction(int(entry)) / f for entry, f in zip(whole, fractions, strict=True) if f]
    assert len(set(scale)) <= 1


def dense_system(seed: int) -> tuple[list[Figure], dict[int, int], int]:
    """Draw figures with so much overlap that small groups appear only after a long search."""
    rng = Random(seed)
    counts = {key: rng.choice([1, 1, 1, 9]) for key in range(rng.randint(8, 14))}
    figures = [
        frozenset(key for key in counts if rng.random() < rng.choice([0.3, 0.5, 0.7]))
        for _ in range(rng.randint(4, 9))
    ]
    return [figure for figure in figures if figure], counts, rng.randint(5, 7)


@pytest.mark.parametrize("seed", [2, 19, 38, 69, 106, 135, 151, 179, 188, *range(200, 210)])
def test_agrees_with_brute_force_on_dense_systems(seed: int) -> None:
    figures, counts, k = dense_system(seed)

    assert bool(audit(figures, Respondents(k, counts))) == leaks_by_brute_force(figures, counts, k)
