"""The order in which colleagues are asked."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be asked about a topic."""

    id: str
    years: int
    """Of experience; 0 if unknown."""
    kept: int = 0
    """How many of their answers on this topic are kept as cards."""
    load: int = 0
    """How many questions they got in the last seven days."""


def best(candidates: Collection[Candidate], count: int) -> list[str]:
    """Return the ids of up to `count` candidates, the best first.

    Fit comes first: whose answers on the topic are kept. Then whoever got fewer questions this
    week; then more kept answers, and more years. Among equals the given order stays.
    """
    ordered = sorted(candidates, key=lambda one: (not one.kept, one.load, -one.kept, -one.years))
    return [each.id for each in ordered[:count]]
