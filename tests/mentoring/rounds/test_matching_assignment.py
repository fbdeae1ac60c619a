from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bot.mentoring.rounds.pure.assignment import Assignment, Edges, assign

TOP = 9


def edges_of(scores: dict[tuple[int, int], int]) -> Edges:
    pairs = np.array(sorted(scores), dtype=np.int32).reshape(-1, 2)
    values = np.array([scores[pair] for pair in sorted(scores)], dtype=np.int32)
    return Edges(pairs[:, 0], pairs[:, 1], values)


def best_by_trying(
    scores: dict[tuple[int, int], int], places: list[int], first: list[bool]
) -> tuple[int, int, int]:
    """Return how many are matched, how many of the first in line, and the score, at best."""

    @cache
    def best(mentee: int, left: tuple[int, ...]) -> tuple[int, int, int]:
        if mentee == len(first):
            return 0, 0, 0
        found = [best(mentee + 1, left)]
        for mentor, free in enumerate(left):
            if free and (mentee, mentor) in scores:
                rest = (*left[:mentor], free - 1, *left[mentor + 1 :])
                matched, served, total = best(mentee + 1, rest)
                score = scores[mentee, mentor]
                found.append((matched + 1, served + first[mentee], total + score))
        return max(found)

    return best(0, tuple(places))


def check(assignment: Assignment, edges: Edges, places: np.ndarray) -> None:
    """Every match is an edge, no mentor is over capacity, the figures add up."""
    pairs = {(int(r), int(c)): int(s) for r, c, s in zip(*edges, strict=True)}
    chosen = [(n, int(mentor)) for n, mentor in enumerate(assignment.mentor_of) if mentor >= 0]
    assert sum(pairs[pair] for pair in chosen) == assignment.total
    assert len(chosen) == assignment.matched
    given_places = np.bincount([mentor for _, mentor in chosen], minlength=len(places))
    assert (given_places <= places).all()


@settings(max_examples=150, deadline=None)
@given(data=st.data(), mentees=st.integers(1, 7), mentors=st.integers(1, 7))
def test_assignment_is_the_best_of_all(data: st.DataObject, mentees: int, mentors: int) -> None:
    pair = st.tuples(st.integers(0, mentees - 1), st.integers(0, mentors - 1))
    scores = data.draw(st.dictionaries(pair, st.integers(0, TOP)))
    places = data.draw(st.lists(st.integers(0, 5), min_size=mentors, max_size=mentors))
    first = data.draw(st.lists(st.booleans(), min_size=mentees, max_size=mentees))
    edges = edges_of(scores)
    best = best_by_trying(scores, places, first)
    # With as many served first and no bonus at all, the greatest number matched is the same.
    assert best[0] == best_by_trying(scores, places, [False] * mentees)[0]
    for few_edges in (0, 100):
        assignment = assign([edges], np.array(places), np.array(first), TOP, few_edges=few_edges)
        check(assignment, edges, np.array(places))
        assert (assignment.matched, assignment.first, assignment.total) == best
        assert (assignment.most, assignment.most_first, assignment.bound) == best


@pytest.mark.parametrize("share_first", [0.0, 0.3])
@pytest.mark.parametrize(("density", "few_edges"), [(0.05, 0), (1.0, 0), (1.0, 100_000)])
def test_larger_assignment_equals_another_exact_solver(
    density: float, few_edges: int, share_first: float
) -> None:
    rng = np.random.default_rng(5)
    mentees, mentors, top = 300, 60, 1000
    scores = rng.integers(0, top + 1, (mentees, mentors))
    places = rng.integers(0, 6, mentors)
    allowed = rng.random((mentees, mentors)) < density
    first = rng.random(mentees) < share_first
    rows, cols = np.nonzero(allowed)
    edges = Edges(rows, cols, scores[rows, cols])
    blocks = [Edges(*(part[rows // 100 == n] for part in edges)) for n in range(3)]

    assignment = assign(blocks, places, first, top, few_edges=few_edges)

    check(assignment, edges, places)
    worth = scores + 10**12 + 10**6 * first[:, None]
    worth = np.where(allowed, worth, 0)[:, np.repeat(np.arange(mentors), places)]
    best = int(worth[linear_sum_assignment(worth, maximize=True)].sum())
    matched, served, total = best // 10**12, best % 10**12 // 10**6, best % 10**6
    assert (assignment.matched, assignment.first, assignment.total) == (matched, served, total)
    assert (assignment.most, assignment.most_first, assignment.bound) == (matched, served, total)


def test_early_stop_tells_how_much_better_it_could_be() -> None:
    rng = np.random.default_rng(6)
    rows, cols = np.divmod(np.arange(200 * 100), 100)
    edges = Edges(rows, cols, rng.integers(0, 10_001, len(rows)))
    places = np.ones(100, dtype=np.int64)
    first = rng.random(200) < 0.2
    rough = assign([edges], places, first, 10_000, max_solutions=1, few_edges=0)
    best = assign([edges], places, first, 10_000)
    check(rough, edges, places)
    assert rough.total < best.total <= rough.bound
    assert best.total == best.bound
    assert rough.matched <= best.matched <= rough.most
    assert rough.first <= best.first <= rough.most_first
