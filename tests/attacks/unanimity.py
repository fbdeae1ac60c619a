"""Unanimity: where all answers are equal, a group's figure is everybody's answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

from tests.attacks.knowledge import Cell, Claim, Quantity, combined, quantities
from tests.attacks.organisations import OPTIONS
from tests.attacks.outputs import Outputs

Factors = Mapping[Cell, int]


def attack(wave: Outputs) -> Iterator[Claim]:
    """Look for groups below 2k, shown or left over, whose figures admit one answer only."""
    of = {quantity.name: quantity for quantity in quantities(wave)}
    for name in ("question 0", "question 1"):
        if name in of:
            yield from _unanimous(of[name], _all_agree)
    for name in ("favourable 0", "favourable 1"):
        if name in of:
            yield from _unanimous(of[name], _holds_of_all_or_none)
    options = [f"option {number}" for number in range(len(OPTIONS))]
    for name in ("promoters", "detractors", *options):
        if name in of:
            yield from _unanimous(of[name], _holds_of_all)
    if "promoters" in of:
        yield from _unanimous(_neither(of["promoters"], of["detractors"]), _holds_of_all)


def _unanimous(quantity: Quantity, agree: Callable[[Factors], bool]) -> Iterator[Claim]:
    differences = (
        {whole: 1, part: -1}
        for whole, part in permutations(quantity.cells, 2)
        if part.cohorts < whole.cohorts
    )
    for factors in [*({cell: 1} for cell in quantity.cells), *differences]:
        if 0 < _n(factors) < 2 * quantity.k and agree(factors):
            yield combined(quantity, "unanimity", factors)


def _n(factors: Factors) -> int:
    return sum(cell.n * factor for cell, factor in factors.items())


def _total(factors: Factors) -> Fraction:
    return sum((cell.total * factor for cell, factor in factors.items()), Fraction())


def _holds_of_all(factors: Factors) -> bool:
    return _total(factors) == _n(factors)


def _holds_of_all_or_none(factors: Factors) -> bool:
    return _total(factors) in (0, _n(factors))


def _all_agree(factors: Factors) -> bool:
    """Tell whether the answers have no variance: mean, spread and n give the sum of squares."""
    squares = sum(
        factor * (((cell.spread or 0) / 2.5) ** 2 * (cell.n - 1) + float(cell.total) ** 2 / cell.n)
        for cell, factor in factors.items()
    )
    return abs(_n(factors) * squares - float(_total(factors)) ** 2) < 1e-6 * _n(factors) ** 2


def _neither(promoters: Quantity, detractors: Quantity) -> Quantity:
    """Count who is neither: those whom a net promoter score counts as passive."""
    cells = tuple(
        replace(one, total=one.n - one.total - other.total)
        for one, other in zip(promoters.cells, detractors.cells, strict=True)
    )
    truth = {each: 1 - promoters.truth[each] - detractors.truth[each] for each in promoters.truth}
    return replace(promoters, name="passives", cells=cells, truth=truth)
