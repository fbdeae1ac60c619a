"""Joiner and leaver: what two waves tell of somebody who was there in one of them only.

Or of somebody who found or lost a mentor in between, and so moved from one group to the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.attacks import differencing, overlap, reconstruction, remainder
from tests.attacks.knowledge import Claim
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
                    yield replace(claim, attack="joiner and leaver")
