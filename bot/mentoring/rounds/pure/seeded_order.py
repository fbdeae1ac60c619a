"""Orders people by a seed, so that a round does not depend on the order of its input."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Protocol, TypeVar


class HasId(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """A text that is unique in its list."""


Someone = TypeVar("Someone", bound=HasId)


def seeded_order(people: Iterable[Someone], seed: int) -> list[Someone]:
    """Return people in an order that depends only on their ids and the seed (64 bits, signed)."""
    key = seed.to_bytes(8, "big", signed=True)
    return sorted(people, key=lambda person: blake2b(person.id.encode(), key=key).digest())
