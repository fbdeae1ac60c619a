"""What an attacker of the gate has to work with: sums over the groups that have figures.

The worst case: the gate is judged as if each figure were the exact sum, and each n were known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.attacks.organisations import ENPS, OPTIONS, PACE, PLACE, WORKLOAD, Replies
from tests.attacks.outputs import Outputs, Seen

DRIVER = "workload"
COMPARED = ("driver", "net promoters")


@dataclass(frozen=True)
class Cell:
    """A sum that is known: of whom, by what name, and how much."""

    dimension: str
    cohorts: frozenset[int]
    n: int
    total: Fraction


@dataclass(frozen=True)
class Comparison(Cell):
    """A difference of two means, times both counts: a sum in which `cohorts` count `n_against`
    times and `against`, of whom there are so many, less `n` times."""

    against: frozenset[int] = frozenset()
    n_against: int = 1


@dataclass(frozen=True)
class Quantity:
    """Something about each respondent of which sums are published."""

    name: str
    cells: tuple[Cell, ...]
    people: Mapping[int, frozenset[str]]
    """Cohort to those in it whom the quantity is about. The worst case: attackers know it."""
    truth: Mapping[str, Fraction]
    """To tell a hit from a miss; no attack reads it."""
    k: int
    comparisons: tuple[Comparison, ...] = ()

    def is_small(self, cohorts: frozenset[int]) -> bool:
        """Return True if these are a group that nothing may be known of."""
        n = 0
        for each in cohorts:
            n += len(self.people.get(each, ()))
            if n >= self.k:
                return False
        return n > 0

    def members(self, cohorts: frozenset[int]) -> frozenset[str]:
        """Return the people behind some cohorts."""
        return frozenset().union(*(self.people.get(each, frozenset()) for each in cohorts))


@dataclass(frozen=True)
class Claim:
    """A group of which an attacker knows something that no figure says."""

    attack: str
    quantity: str
    group: frozenset[str]
    is_true: bool
    """Whether what the attacker worked out is what the people answered."""


def quantities(wave: Outputs) -> Iterator[Quantity]:
    """Give all that a wave published sums of, the taking part in it included."""
    if not wave.seen:
        return
    taking_part = {person: Fraction(bool(replies)) for person, replies in wave.replies.items()}
    yield _quantity(wave, "participation", ("participation", ""), taking_part)
    both = (WORKLOAD, PACE)
    for ref, direction in ((WORKLOAD, 1), (PACE, -1)):
        figure = "question", str(ref)
        yield _quantity(wave, f"question {ref}", figure, _of(wave, both, _on_ten(ref, direction)))
        good = _of(wave, both, _is_favourable(ref, direction))
        yield _quantity(wave, f"favourable {ref}", figure, good)
    for option in range(len(OPTIONS)):
        figure = "choice", f"{PLACE}.{option}"
        yield _quantity(wave, f"option {option}", figure, _of(wave, (PLACE,), _chooses(option)))
    # Means of a driver and scores are those that are compared, between mentees and others.
    yield _quantity(wave, "driver", ("driver", DRIVER), _of(wave, both, _of_driver))
    yield _quantity(wave, "net promoters", ("enps", str(ENPS)), _of(wave, (ENPS,), _net))


def combined(quantity: Quantity, attack: str, factors: Mapping[Cell, Fraction | int]) -> Claim:
    """Work out what a combination of cells says, and of whom; then compare with the truth."""
    weights: defaultdict[int, Fraction] = defaultdict(Fraction)
    for cell, factor in factors.items():
        for cohort, weight in weights_of(cell).items():
            weights[cohort] += factor * weight
    concerned = frozenset(cohort for cohort, weight in weights.items() if weight)
    total = sum((cell.total * factor for cell, factor in factors.items()), Fraction())
    truth = sum(
        (
            weights[cohort] * quantity.truth[person]
            for cohort in concerned
            for person in quantity.people.get(cohort, ())
        ),
        Fraction(),
    )
    return Claim(
        attack,
        quantity.name,
        quantity.members(concerned),
        is_true=total == truth,
    )


def weights_of(cell: Cell) -> dict[int, int]:
    """Return how often each cohort counts in a sum."""
    if not isinstance(cell, Comparison):
        return dict.fromkeys(cell.cohorts, 1)
    return dict.fromkeys(cell.cohorts, cell.n_against) | dict.fromkeys(cell.against, -cell.n)


def _net(replies: Replies) -> Fraction:
    return Fraction((replies[ENPS] >= 9) - (replies[ENPS] <= 6))


def _of_driver(replies: Replies) -> Fraction:
    return _on_ten(WORKLOAD, 1)(replies) + _on_ten(PACE, -1)(replies)


def _on_ten(position: int, direction: int) -> Callable[[Replies], Fraction]:
    def steps(replies: Replies) -> Fraction:
        return Fraction(replies[position] - 1 if direction == 1 else 5 - replies[position])

    return steps


def _is_favourable(position: int, direction: int) -> Callable[[Replies], Fraction]:
    return lambda replies: Fraction(_on_ten(position, direction)(replies) >= 3)


def _chooses(option: int) -> Callable[[Replies], Fraction]:
    return lambda replies: Fraction(replies[PLACE] == option)


def _of(
    wave: Outputs, needed: tuple[int, ...], value: Callable[[Replies], Fraction]
) -> dict[str, Fraction]:
    """Return the value of each person who answered all that is needed."""
    return {
        person: value(replies)
        for person, replies in wave.replies.items()
        if all(position in replies for position in needed)
    }


def _quantity(
    wave: Outputs, name: str, figure: tuple[str, str], truth: Mapping[str, Fraction]
) -> Quantity:
    people: defaultdict[int, set[str]] = defaultdict(set)
    for person in truth:
        people[wave.cohort_of[person]].add(person)
    by_cohort = {cohort: frozenset(members) for cohort, members in people.items()}

    def added(cohorts: frozenset[int]) -> tuple[int, Fraction]:
        members = frozenset().union(*(by_cohort.get(each, frozenset()) for each in cohorts))
        return len(members), sum((truth[each] for each in members), Fraction())

    cells = tuple(
        Cell(seen.dimension, seen.cohorts, *added(seen.cohorts))
        for seen in wave.seen
        if (seen.measure, seen.ref) == figure
    )
    comparisons = tuple(
        _comparison(seen, added(seen.cohorts), added(seen.against))
        for seen in wave.seen
        if (seen.measure, seen.ref) == ("difference", figure[1]) and name in COMPARED
    )
    return Quantity(name, cells, by_cohort, truth, wave.k, comparisons)


def _comparison(
    seen: Seen, these: tuple[int, Fraction], others: tuple[int, Fraction]
) -> Comparison:
    (n, total), (n_against, total_against) = these, others
    return Comparison(
        *(seen.dimension, seen.cohorts, n, n_against * total - n * total_against),
        against=seen.against,
        n_against=n_against,
    )
