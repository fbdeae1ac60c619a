"""One person: two organisations that differ in one person's answers, seen side by side."""

from collections.abc import Iterator
from dataclasses import replace

from tests.attacks import reconstruction
from tests.attacks.knowledge import Claim
from tests.attacks.outputs import Outputs, Seen


def attack(one: Outputs, other: Outputs) -> Iterator[Claim]:
    """Claim small groups that can be computed in one of the two and hold who differs."""
    differing = {each for each in one.replies if one.replies[each] != other.replies[each]}
    for claim in [*reconstruction.attack(one), *reconstruction.attack(other)]:
        if claim.group & differing:
            yield replace(claim, attack="one person")


def changed(one: Outputs, other: Outputs) -> list[Seen]:
    """Return the figures that are in one of the two only, or differ."""
    return [*(set(one.seen) - set(other.seen)), *(set(other.seen) - set(one.seen))]
