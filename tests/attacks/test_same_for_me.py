"""What people who watch "same for me" learn of the others: never who of them pressed.

The attackers know everybody who could press and all counts of all weeks. k − 1 of them act
together: they press and take back as they like, and know how many presses are theirs. They know the
rules; what they don't know is the item's hidden threshold.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from random import Random
from typing import Final

import pytest

from bot.insights.pure.resolution import in_steps
from bot.products.supports.pure.counting import (
    can_be_shown,
    hidden_behind,
    is_to_be_counted,
    shown_count,
    shown_most,
)

K: Final = 5
COLLUDERS: Final = K - 1
SMALLEST: Final = 3 * K
Rule = Callable[[int, int, int], int]
"""Returns the count to show, from presses, people who could press, and the hidden threshold."""


def ours(pressed: int, people: int, behind: int) -> int:
    return shown_count(pressed, people, K, behind)


def only_steps(pressed: int, _people: int, _behind: int) -> int:
    """The rule without a hidden threshold, and without anybody left out."""
    return in_steps(pressed, K)


def only_hidden(pressed: int, _people: int, behind: int) -> int:
    """The rule with a hidden threshold, but which may count nearly all."""
    return in_steps(max(0, pressed - behind), K)


def possible(rule: Rule, people: int, seen: Sequence[tuple[int, int]]) -> set[int]:
    """Return how many others may have pressed, if nobody else changes their mind.

    `seen` are (presses of the colluders, shown count), one a week.
    """
    others = range(people - COLLUDERS + 1)
    return {
        pressed
        for pressed, behind in product(others, range(K))
        if all(rule(own + pressed, people, behind) == shown for own, shown in seen)
    }


def learned(rule: Rule, people: int) -> Iterator[tuple[int, set[int]]]:
    """Yield each truth, with what the colluders think possible after trying all they can."""
    others = people - COLLUDERS
    for pressed, behind in product(range(others + 1), range(K)):
        seen = [(own, rule(own + pressed, people, behind)) for own in range(COLLUDERS + 1)]
        yield pressed, possible(rule, people, seen)


def identified(rule: Rule, people: int) -> int:
    """Count the truths in which the colluders know of fewer than k others that some pressed or not.

    Of the others' number alone they know of one of them only if all of them pressed, or none did.
    If all but fewer than k did, each of them is nearly known.
    """
    others = people - COLLUDERS
    return sum(min(found) > others - K or max(found) < K - 1 for _, found in learned(rule, people))


@pytest.mark.parametrize("people", [SMALLEST, SMALLEST + 1, SMALLEST + 4, 24, 46, 100])
def test_colluders_who_try_everything_know_of_nobody(people: int) -> None:
    assert identified(ours, people) == 0
    for pressed, found in learned(ours, people):
        assert pressed in found
        assert len(found) >= K, "the number of the others stays open, too"


@pytest.mark.parametrize("rule", [only_steps, only_hidden])
def test_the_attack_succeeds_against_weaker_rules(rule: Rule) -> None:
    """Otherwise it would prove nothing."""
    assert identified(rule, SMALLEST) > 0


@pytest.mark.parametrize("people", range(SMALLEST))
def test_few_people_see_no_count(people: int) -> None:
    assert not can_be_shown(people, K)
    assert {shown_count(pressed, people, K, 0) for pressed in range(people + 1)} == {0}


def test_a_count_is_true_coarse_and_never_nearly_all() -> None:
    for people, behind in product(range(SMALLEST, 60), range(K)):
        counts = [shown_count(pressed, people, K, behind) for pressed in range(people + 1)]
        assert all(count <= pressed for pressed, count in enumerate(counts)), "at least so many"
        assert counts == sorted(counts)
        assert {count % K for count in counts} == {0}
        assert max(counts) == shown_most(people, K) <= people - 2 * K
        assert counts[K - 1] == 0


def test_watching_while_one_person_presses_tells_one_step_in_k() -> None:
    """A press that moves the count is seen; which presses do, only the hidden threshold knows."""
    moves = []
    for behind in range(K):
        counts = [shown_count(pressed, 40, K, behind) for pressed in range(20)]
        moves.append([b != a for a, b in pairwise(counts)])
    for pressed in range(K, 14):
        assert sum(each[pressed] for each in moves) == 1


def test_the_hidden_threshold_is_drawn_evenly_and_stays() -> None:
    random = Random(1)
    secret = random.randbytes(32)
    ids = [random.randbytes(16).hex() for _ in range(2_000)]
    drawn = [hidden_behind(secret, each, K) for each in ids]
    assert drawn == [hidden_behind(secret, each, K) for each in ids]
    assert all(320 < drawn.count(number) < 480 for number in range(K))
    assert drawn != [hidden_behind(random.randbytes(32), each, K) for each in ids]


def test_a_count_moves_only_when_a_week_begins_where_the_company_is() -> None:
    monday, moment = date(2026, 11, 2), datetime(2026, 11, 2, tzinfo=UTC)
    moved = [
        moment + timedelta(hours=hours)
        for hours in range(24 * 8)
        if is_to_be_counted(monday, moment + timedelta(hours=hours), "Pacific/Auckland")
    ]
    assert moved[0] == datetime(2026, 11, 8, 11, 0, tzinfo=UTC)
