"""What may become of a question."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    HELPED = "helped"
    """The asker said that the answer helped."""
    KEPT = "kept"
    """The answer is a card."""
    CLOSED = "closed"
    """Nobody could answer in time, or the answer did not help."""
    FOUND = "found"
    """A card answered it, so nobody was asked."""
    NOBODY = "nobody"
    """There was nobody to ask."""


FOLLOWS: Final[Mapping[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset({Status.ANSWERED, Status.CLOSED}),
    Status.ANSWERED: frozenset({Status.HELPED, Status.CLOSED}),
    Status.HELPED: frozenset({Status.KEPT}),
}
"""A status that is missing here is final."""
