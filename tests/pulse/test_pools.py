from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement, product
from math import floor, log2
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.insights.pure.figures import POINTS
from bot.insights.pure.resolution import MEAN_RESOLUTION
from bot.pulse.pure.pools import Pool, released

K = 4
PEOPLE = [f"p{number}" for number in range(7)]
people = st.sampled_from(PEOPLE)


class Pools(RuleBasedStateMachine):
    """A cell's pools over time; each answer is a number of its own, so that it can be traced."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = Pool()
        self.author: list[str] = []
        self.asked: set[str] = set()
        self.waiting: dict[str, int] = {}
        self.came_out: list[tuple[int, ...]] = []

    @rule(person=people)
    def ask(self, person: str) -> None:
        self.pool = self.pool.with_asked(person)
        self.asked.add(person)

    @rule(person=people)
    def answer(self, person: str) -> None:
        self.waiting[person] = len(self.author)
        self.pool = self.pool.with_answer(person, len(self.author))
        self.author.append(person)
        self.asked.add(person)

    @rule()
    def look(self) -> None:
        out, self.pool = released(self.pool, K)
        assert bool(out) == (len(self.waiting) >= K and len(self.asked) > K)
        if out:
            latest = set(self.waiting.values())
            assert set(out) <= latest, "the latest answer of each person"
            everybody_answered = self.waiting.keys() == self.asked
            assert len(out) == len(latest) - everybody_answered
            self.came_out.append(out)
            self.waiting, self.asked = {}, set()

    @invariant()
    def releases_have_k_people_and_none_twice(self) -> None:
        for out in self.came_out:
            authors = [self.author[answer] for answer in out]
            assert len(set(authors)) == len(authors) >= K

    @invariant()
    def releases_are_disjoint(self) -> None:
        every = [answer for out in self.came_out for answer in out]
        assert len(set(every)) == len(every)
        assert not set(every) & set(self.pool.answers.values())


TestPools = Pools.TestCase


def pool_of(answers: Iterable[tuple[str, int]], asked: Iterable[str] = ()) -> Pool:
    pool = Pool()
    for person in asked:
        pool = pool.with_asked(person)
    for person, answer in answers:
        pool = pool.with_answer(person, answer)
    return pool


@given(st.permutations([("p0", 1), ("p1", 3), ("p2", 3), ("p3", 0)]))
def test_what_comes_out_does_not_show_who_came_when(answers: list[tuple[str, int]]) -> None:
    assert released(pool_of(answers, PEOPLE), K) == ((0, 1, 3, 3), Pool())


def test_a_pool_waits_while_its_release_would_say_that_all_answered() -> None:
    answers = [(person, 2) for person in PEOPLE[:K]]

    assert released(pool_of(answers), K) == ((), pool_of(answers))
    assert released(pool_of(answers, PEOPLE[: K + 1]), K)[0] == (2,) * K


def test_what_comes_out_never_says_that_everybody_answered() -> None:
    everybody = [(person, 2) for person in PEOPLE]

    out, left = released(pool_of(everybody), K)
    assert (len(out), left) == (len(PEOPLE) - 1, Pool())
    assert len(released(pool_of(everybody, [*PEOPLE, "p99"]), K)[0]) == len(PEOPLE)


def test_k_must_be_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        released(Pool(), 0)


def bits_learned(others: tuple[float, ...]) -> float:
    """Return what k − 1 colluders learn of the last answer by one figure, in bits.

    The mutual information of answer and figure; the hidden threshold is equally likely everywhere.
    """
    n, thresholds = len(others) + 1, [(number + 0.5) / 100 for number in range(100)]
    chances: list[dict[float, float]] = []
    for answer in (0.0, 2.5, 5.0, 7.5, 10.0):
        figures: dict[float, float] = {}
        for threshold in thresholds:
            figure = MEAN_RESOLUTION.rounded(fmean((*others, answer)), n, threshold)
            figures[figure] = figures.get(figure, 0.0) + 1 / len(thresholds)
        chances.append(figures)
    overall = {
        figure: fmean(each.get(figure, 0.0) for each in chances)
        for figure in {figure for each in chances for figure in each}
    }
    return fmean(
        sum(chance * log2(chance / overall[figure]) for figure, chance in each.items())
        for each in chances
    )


@pytest.mark.parametrize(("k", "bits"), [(4, 0.48), (5, 0.36)])
def test_k_minus_one_colluders_learn_little_from_a_figure(k: int, bits: float) -> None:
    """As the note in `bot.pulse.pure.pools` says; the answer itself has log2(5) = 2.3 bits."""
    worst = max(
        bits_learned(others)
        for others in combinations_with_replacement((0.0, 2.5, 5.0, 7.5, 10.0), k - 1)
    )
    assert worst == pytest.approx(bits, abs=0.005)


def chances(answers: Sequence[int]) -> dict[float, float]:
    """Return how likely each figure of these answers is, from 0 to 4 steps, over all thresholds."""
    n, step = len(answers), MEAN_RESOLUTION.step(len(answers) - len(answers) % 5)
    mean = POINTS * sum(answers) / n
    up = mean / step - floor(mean / step + 1e-9)
    down, above = (MEAN_RESOLUTION.rounded(mean, n, threshold) for threshold in (0.0, 1.0))
    return {down: 1.0} if up < 1e-9 or down == above else {down: 1 - up, above: up}


def certainty(colluders: Sequence[int]) -> float:
    """Return how likely k − 1 colluders learn the answer of one of two others for sure.

    They know that at least one of the two answered, not which. All answers of the two are equally
    likely, and so is it that one of them, the other, or both answered.
    """
    left: dict[float, set[int | None]] = {}
    shown: dict[tuple[float, int | None], float] = {}
    for who, one, other in product(("one", "other", "both"), range(5), range(5)):
        given = [*colluders]
        given += [one] if who != "other" else []
        given += [other] if who != "one" else []
        victim = one if who != "other" else None
        for figure, chance in chances(given).items():
            left.setdefault(figure, set()).add(victim)
            key = figure, victim
            shown[key] = shown.get(key, 0.0) + chance / 75
    return sum(
        chance
        for (figure, victim), chance in shown.items()
        if victim is not None and left[figure] == {victim}
    )


def test_a_figure_rarely_tells_an_answer_for_sure() -> None:
    """Four who choose their answers for it, and two others who both are at an end of the scale.

    Rounding can't prevent it: it holds for any figure of six people of whom four tell theirs.
    """
    worst = {
        colluders: certainty(colluders) for colluders in combinations_with_replacement(range(5), 4)
    }
    assert max(worst.values()) == pytest.approx(1 / 3 / 25 / 6, abs=1e-6)
    assert sum(each > 0 for each in worst.values()) == 10
