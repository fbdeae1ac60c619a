"""Remainder: all the parts that are shown, taken off the whole, leave those that are hidden."""

from collections.abc import Iterator

from tests.attacks.knowledge import Claim, combined, quantities
from tests.attacks.outputs import Outputs


def attack(wave: Outputs) -> Iterator[Claim]:
    """Take off each figure the parts of it that another dimension shows."""
    for quantity in quantities(wave):
        dimensions = {cell.dimension for cell in quantity.cells}
        for whole in quantity.cells:
            for dimension in dimensions - {whole.dimension}:
                parts = [
                    cell
                    for cell in quantity.cells
                    if cell.dimension == dimension and cell.cohorts < whole.cohorts
                ]
                if parts and quantity.is_small(
                    whole.cohorts.difference(*(part.cohorts for part in parts))
                ):
                    yield combined(quantity, "remainder", {whole: 1} | dict.fromkeys(parts, -1))
