"""Where a group's answers are in a wave's results: shown alone, with others, or hidden. Pure.

It is found from what everybody may know: how many people of each group were invited, which is HR's
own directory, and which groups were published. It never sees how many answered, so it cannot tell
which rule of the gate hid a group: where several can have, it names them all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_REST: Final = ""
"""Everyone else, among the values of a published group."""


class Standing(StrEnum):
    """How a group stands in the published results."""

    ALONE = "alone"
    TOGETHER = "together"
    TOO_FEW_INVITED = "too few invited"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class PublishedGroup:
    """A published group of one dimension."""

    name: str
    values: Sequence[str]
    """Its values, such as team names; `""` stands for everyone else."""


@dataclass(frozen=True)
class GroupStanding:
    """One group of the directory in the results of a wave."""

    dimension: str
    name: str
    invited: int
    standing: Standing
    within: str | None
    """The published group that holds its answers, if that is known."""


def standings(
    dimension: str, invited: Mapping[str, int], published: Iterable[PublishedGroup], k: int
) -> list[GroupStanding]:
    """Return all groups that are not shown alone, the largest first, then those shown.

    `invited` counts a wave's invited people by group.
    """
    of_value = {value: group for group in published for value in group.values}
    found = [
        GroupStanding(dimension, name, count, *_standing(name, count, of_value, k))
        for name, count in invited.items()
    ]
    return sorted(
        found, key=lambda each: (each.standing is Standing.ALONE, -each.invited, each.name)
    )


def named(found: Iterable[GroupStanding], name: str) -> Iterator[GroupStanding]:
    """Yield the groups of a name, in any case; those that only contain it if none has it."""
    wanted = name.strip().casefold()
    every = list(found)
    exact = [each for each in every if each.name.casefold() == wanted]
    yield from exact or (each for each in every if wanted in each.name.casefold())


def _standing(
    name: str, invited: int, of_value: Mapping[str, PublishedGroup], k: int
) -> tuple[Standing, str | None]:
    if group := of_value.get(name):
        alone = len(group.values) == 1 and group.name == name
        return (Standing.ALONE, None) if alone else (Standing.TOGETHER, group.name)
    if invited <= k:
        rest = of_value.get(_REST)
        return Standing.TOO_FEW_INVITED, rest.name if rest else None
    return Standing.WITHHELD, None
