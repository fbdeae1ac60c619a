"""What an attacker has to work with: sums over known groups, read off the published figures."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.attacks.organisations import ENPS, OPTIONS, PACE, PLACE, WORKLOAD, Replies
from tests.attacks.outputs import Outputs, Seen

STEP = Fraction(5, 2)
"""One step of the five-point scale, on the scale from 0 to 10 that means are shown on."""
HALF_STEP = STEP / 2
"""What the mean of two questions moves by when one of them does by a step."""
DRIVER = "workload"
COMPARED = ("driver", "net promoters")

SHOWN_ERROR = 0.05
"""Means are written with one decimal; shares in whole per cent, ten times finer on their scale."""


@dataclass(frozen=True)
class Cell:
    """A sum that is known: of whom, by what name, and how much."""

    dimension: str
    cohorts: frozenset[int]
    n: int
    total: Fraction
    rounding: float
    """How far the total may be off when it is taken from the text rather than the table."""
    spread: float | None = None


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
        """Tell whether these are a group that nothing may be known of."""
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
    survives_rounding: bool
    """Whether the figures as they are written suffice, with one decimal."""


def quantities(wave: Outputs) -> Iterator[Quantity]:
    """Give all that a wave published sums of, the taking part in it included."""
    if not wave.seen:
        return
    yield _participation(wave)
    for ref, direction in ((WORKLOAD, 1), (PACE, -1)):
        yield _quantity(
            wave,
            f"question {ref}",
            ("question", str(ref)),
            (WORKLOAD, PACE),
            _total_of_means,
            _on_ten(ref, direction),
        )
        yield _quantity(
            wave,
            f"favourable {ref}",
            ("question", str(ref)),
            (WORKLOAD, PACE),
            _total_of_favourable,
            _is_favourable(ref, direction),
        )
    yield _quantity(
        wave, "promoters", ("enps", str(ENPS)), (ENPS,), _total_of_favourable, _is_promoter
    )
    yield _quantity(
        wave, "detractors", ("enps", str(ENPS)), (ENPS,), _total_of_unfavourable, _is_detractor
    )
    # Means of a driver and scores are those that are compared, between mentees and others.
    yield _quantity(
        wave, "driver", ("driver", DRIVER), (WORKLOAD, PACE), _total_of_driver, _of_driver
    )
    for option in range(len(OPTIONS)):
        yield _quantity(
            wave,
            f"option {option}",
            ("choice", f"{PLACE}.{option}"),
            (PLACE,),
            _total_of_favourable,
            _chooses(option),
        )
    yield _quantity(wave, "net promoters", ("enps", str(ENPS)), (ENPS,), _total_of_score, _net)


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
    rounding = sum(cell.rounding * abs(float(factor)) for cell, factor in factors.items())
    return Claim(
        attack,
        quantity.name,
        quantity.members(concerned),
        is_true=total == truth,
        survives_rounding=rounding < 0.5,
    )


def weights_of(cell: Cell) -> dict[int, int]:
    """Return how often each cohort counts in a sum."""
    if not isinstance(cell, Comparison):
        return dict.fromkeys(cell.cohorts, 1)
    return dict.fromkeys(cell.cohorts, cell.n_against) | dict.fromkeys(cell.against, -cell.n)


def _is_promoter(replies: Replies) -> Fraction:
    return Fraction(replies[ENPS] >= 9)


def _is_detractor(replies: Replies) -> Fraction:
    return Fraction(replies[ENPS] <= 6)


def _net(replies: Replies) -> Fraction:
    return _is_promoter(replies) - _is_detractor(replies)


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


def _total_of_means(seen: Seen) -> tuple[Fraction, float]:
    assert seen.mean is not None
    return Fraction(round(seen.mean * seen.n / float(STEP))), seen.n * SHOWN_ERROR / float(STEP)


def _total_of_favourable(seen: Seen) -> tuple[Fraction, float] | None:
    if seen.favourable is None:
        return None
    return Fraction(round(seen.favourable * seen.n)), seen.n * SHOWN_ERROR / 10


def _total_of_unfavourable(seen: Seen) -> tuple[Fraction, float]:
    assert seen.unfavourable is not None
    return Fraction(round(seen.unfavourable * seen.n)), seen.n * SHOWN_ERROR / 10


def _total_of_driver(seen: Seen) -> tuple[Fraction, float]:
    assert seen.mean is not None
    times, step = seen.n * (seen.n_against or 1), float(HALF_STEP)
    return Fraction(round(seen.mean * times / step)), times * SHOWN_ERROR / step


def _total_of_score(seen: Seen) -> tuple[Fraction, float]:
    assert seen.score is not None
    times = seen.n * (seen.n_against or 1)
    return Fraction(round(seen.score * times / 100)), times * SHOWN_ERROR / 10


def _quantity(
    wave: Outputs,
    name: str,
    figure: tuple[str, str],
    needed: tuple[int, ...],
    total: Callable[[Seen], tuple[Fraction, float] | None],
    value: Callable[[Replies], Fraction],
) -> Quantity:
    answered = {
        person: replies
        for person, replies in wave.replies.items()
        if all(position in replies for position in needed)
    }
    cells = tuple(
        Cell(seen.dimension, seen.cohorts, seen.n, *known, spread=seen.spread)
        for seen in wave.seen
        if (seen.measure, seen.ref) == figure and (known := total(seen))
    )
    comparisons = tuple(
        Comparison(
            *(seen.dimension, seen.cohorts, seen.n, *known),
            against=seen.against,
            n_against=seen.n_against,
        )
        for seen in wave.seen
        if (seen.measure, seen.ref) == ("difference", figure[1])
        and name in COMPARED
        and (known := total(seen))
    )
    truth = {person: value(replies) for person, replies in answered.items()}
    return Quantity(name, cells, _by_cohort(wave, truth), truth, wave.k, comparisons)


def _participation(wave: Outputs) -> Quantity:
    truth = {person: Fraction(bool(replies)) for person, replies in wave.replies.items()}
    cells = tuple(
        Cell(seen.dimension, seen.cohorts, seen.n, Fraction(seen.n), 0.0)
        for seen in wave.seen
        if seen.measure == "participation"
    )
    return Quantity("participation", cells, _by_cohort(wave, truth), truth, wave.k)


def _by_cohort(wave: Outputs, people: Mapping[str, Fraction]) -> dict[int, frozenset[str]]:
    grouped: defaultdict[int, set[str]] = defaultdict(set)
    for person in people:
        grouped[wave.cohort_of[person]].add(person)
    return {cohort: frozenset(members) for cohort, members in grouped.items()}
