"""Joiner and leaver: what two waves tell of somebody who was there in one of them only.

Or of somebody who found or lost a mentor in between, and so moved from one group to the other.
"""

from collections.abc import Iterator, Sequence

from tests.attacks import differencing, overlap, reconstruction, remainder
from tests.attacks.knowledge import Claim, Quantity, quantities
from tests.attacks.outputs import Outputs

ATTACKS = (differencing, overlap, reconstruction, remainder)


def attack(waves: Sequence[Outputs]) -> Iterator[Claim]:
    """Claim small groups with a joiner or leaver in them, whatever the others answered."""
    before, after = waves
    moved = (before.replies.keys() ^ after.replies.keys()) | (before.mentored ^ after.mentored)
    for wave in waves:
        for each in ATTACKS:
            for claim in each.attack(wave):
                if claim.group & moved:
                    yield Claim(
                        "joiner and leaver",
                        claim.quantity,
                        claim.group,
                        claim.is_true,
                        claim.survives_rounding,
                    )


def guess(waves: Sequence[Outputs]) -> Iterator[Claim]:
    """Guess that all who were in a group both times answered as before, and take the difference.

    Only where everybody of the group answered both times, else nobody knows who the sums are of.
    Nobody can tell from the figures whether such a guess is right.
    """
    before, after = waves
    old = {quantity.name: quantity for quantity in quantities(before)}
    for quantity in quantities(after):
        if quantity.name == "participation" or quantity.name not in old:
            continue
        then = {(cell.dimension, cell.n): cell for cell in old[quantity.name].cells}
        for cell in quantity.cells:
            for earlier in then.values():
                there = _if_all_answered(before, old[quantity.name], earlier.cohorts)
                here = _if_all_answered(after, quantity, cell.cohorts)
                if not there or not here or not 0 < len(there ^ here) < quantity.k:
                    continue
                truth = sum(quantity.truth[each] for each in here - there) - sum(
                    old[quantity.name].truth[each] for each in there - here
                )
                is_true = truth == cell.total - earlier.total
                yield Claim("guess", quantity.name, there ^ here, is_true, True)


def _if_all_answered(
    wave: Outputs, quantity: Quantity, cohorts: frozenset[int]
) -> frozenset[str] | None:
    invited = frozenset(each for each, cohort in wave.cohort_of.items() if cohort in cohorts)
    return invited if invited == quantity.members(cohorts) else None
