"""Differencing: a group and most of it are both shown, so the few others are known too."""

from collections.abc import Iterator
from itertools import permutations

from tests.attacks.knowledge import Claim, combined, quantities
from tests.attacks.outputs import Outputs


def attack(wave: Outputs) -> Iterator[Claim]:
    """Take each figure off each larger one that holds it."""
    for quantity in quantities(wave):
        for whole, part in permutations(quantity.cells, 2):
            if part.cohorts < whole.cohorts and quantity.is_small(whole.cohorts - part.cohorts):
                yield combined(quantity, "differencing", {whole: 1, part: -1})
