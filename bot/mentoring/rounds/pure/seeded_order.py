"""An order drawn from a seed, which makes a round independent of the order of its input."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Protocol, TypeVar


class HasId(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """A text that nothing else in the same list has."""


Someone = TypeVar("Someone", bound=HasId)


def seeded_order(people: Iterable[Someone], seed: int) -> list[Someone]:
    """Return people in an order that only their ids and the seed (64 bits, signed) decide."""
    key = seed.to_bytes(8, "big", signed=True)
    return sorted(people, key=lambda person: blake2b(person.id.encode(), key=key).digest())
