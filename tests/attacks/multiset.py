"""Multisets: all that people of one group may have answered, given the figures of that group.

A mean and an interval to one decimal leave one multiset of whole answers for most small groups.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.sealed_wave import Responses, SealedWave
from tests.attacks.companies import QUESTIONS, Played
from tests.attacks.organisations import PACE, WORKLOAD
from tests.attacks.published import Known, Rules, totals

ALIKE: Final = frozenset({"all alike", "all but one alike"})
OF_ONE_KIND: Final = frozenset({"everybody is favourable", "nobody is favourable"})


@dataclass(frozen=True)
class Group:
    """What the figures of a shown group leave open."""

    n: int
    multisets: int
    """How many are possible: with 1, every answer is known but for whose it is."""
    facts: frozenset[str]
    """What is certain of its people."""


def attack(known: Sequence[Known], played: Played, rules: Rules) -> Iterator[Group]:
    """Find what is possible for each shown group of up to 40, by question."""
    asked = {question.position for question in played.wave.questions}
    for position in (WORKLOAD, PACE):
        if position not in asked:
            continue
        for each in known:
            if each.measure != "question" and not (len(asked) == 1 and each.measure == "driver"):
                continue
            if each.measure == "question" and each.ref != str(position):
                continue
            if each.n <= 40:
                yield _group(each, rules)


def _group(known: Known, rules: Rules) -> Group:
    possible = _possible(known, rules)
    return Group(known.n, len(possible), frozenset(_facts(possible, known.n)))


def _possible(known: Known, rules: Rules) -> NDArray[np.int64]:
    every = _multisets(known.n)
    kept = np.ones(len(every), dtype=bool)
    weights = {"sum": range(5), "squares": (0, 1, 4, 9, 16), "favourable": (0, 0, 0, 1, 1)}
    for name, (low, high) in totals(known, rules).items():
        sums = every @ np.array(weights[name])
        kept &= (sums >= low - 1e-6) & (sums <= high + 1e-6)
    if not kept.any():
        raise ValueError("the rules are not those of this attacker")
    return every[kept]


@cache
def _multisets(n: int) -> NDArray[np.int64]:
    """Return how often each of five answers may be given by n people: a row a multiset."""
    rows = np.indices([n + 1] * 4, dtype=np.int8).reshape(4, -1).T if n <= 12 else _rows(n)
    rows = rows[rows.sum(axis=1) <= n].astype(np.int64)
    return np.column_stack([rows, n - rows.sum(axis=1)])


def _rows(n: int) -> NDArray[np.int64]:
    pairs = np.array([(a, b) for a in range(n + 1) for b in range(n + 1 - a)])
    room = n - pairs.sum(axis=1)
    return np.concatenate(
        [
            np.column_stack([pairs[room >= s], np.tile(pair, (sum(room >= s), 1))])
            for pair, s in zip(pairs, pairs.sum(axis=1), strict=True)
        ]
    )


def _facts(possible: NDArray[np.int64], n: int) -> Iterator[str]:
    if n < 2:
        return
    favourable = possible[:, 3] + possible[:, 4]
    if (favourable == n).all():
        yield "everybody is favourable"
    if (favourable == 0).all():
        yield "nobody is favourable"
    for value in range(5):
        if (possible[:, value] == n).all():
            yield "all alike"
        elif (possible[:, value] >= n - 1).all():
            yield "all but one alike"


def alone(n: int, publish: Callable[[SealedWave], Sequence[PublishedFigure]]) -> Counter[int]:
    """Play a company of n people in one group with all that they may answer.

    Returns how many multisets share their figures with how many: what stands under 1 is unique.
    Nothing about rounding is assumed: all columns are compared as they are.
    """
    classes: Counter[tuple[object, ...]] = Counter(
        tuple(publish(_one_group(answers)))
        for answers in combinations_with_replacement(range(1, 6), n)
    )
    return Counter(classes.values())


def _one_group(answers: Sequence[int]) -> SealedWave:
    return SealedWave(
        k=5,
        questions=QUESTIONS[:1],
        cohorts={0: dict.fromkeys(("team", "department", "location", "mentoring"))},
        invited={0: len(answers) + 1},
        asked={0: len(answers) + 1},
        responses=Responses.of([WORKLOAD], [(0, value) for value in answers]),
        comments=[],
    )
