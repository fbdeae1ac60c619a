"""Overlap: two groups of different dimensions share all but a few people."""

from collections.abc import Iterator
from itertools import combinations

from tests.attacks.knowledge import Claim, combined, quantities
from tests.attacks.outputs import Outputs


def attack(wave: Outputs) -> Iterator[Claim]:
    """Set each figure against each that overlaps with it: the common part cancels out."""
    for quantity in quantities(wave):
        for one, other in combinations(quantity.cells, 2):
            crosses = one.cohorts & other.cohorts and not (
                one.cohorts <= other.cohorts or other.cohorts <= one.cohorts
            )
            if crosses and quantity.is_small(one.cohorts ^ other.cohorts):
                yield combined(quantity, "overlap", {one: 1, other: -1})
