"""Finds audiences whose figures together would expose a few people.

Two surveys ask about the same thing: one asks 46 people, the other 45 of them. If people answer
alike in both, the two results give away the answer of the remaining person.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Set
from fractions import Fraction
from typing import Final, Protocol

OWN_DRIVER: Final = "own"
"""The driver of HR's own questions. All count as one topic: their wording doesn't show whether two
ask the same."""
MOST_OVERLAPS: Final = 4
"""How many audiences may partly overlap a new one: sums of many single people out."""

Row = tuple[Fraction, ...]


class Topic(Protocol):
    """The topic of a question, stored or being written."""

    @property
    def text(self) -> str:
        """Return its wording."""

    @property
    def driver(self) -> str:
        """Return the key of its driver."""

    @property
    def bank_key(self) -> str | None:
        """Return its key in the question bank, if it is from there."""


def share_a_topic(some: Iterable[Topic], others: Iterable[Topic]) -> bool:
    """Return True if two surveys share a question, or a driver of the question bank."""
    return not _topics(some).isdisjoint(_topics(others))


def differ_by_few(some: Set[str], others: Set[str], k: int, erased: int = 0) -> bool:
    """Return True if two audiences differ by 1 to 2k − 1 people.

    `erased` people belonged to the other audience but are no longer known.
    """
    return 1 <= len(some ^ others) + erased < 2 * k


def overlap_in_part(some: Set[str], others: Set[str]) -> bool:
    """Return True if two audiences share people and each also has people of its own."""
    return bool(some & others and some - others and others - some)


def leaves_a_few(anonymous: Set[str], named: Set[str], k: int) -> bool:
    """Return True if all but fewer than k of an anonymous audience answered the same by name."""
    return 1 <= len(anonymous - named) < k


def single_out_a_few(new: Set[str], others: Sequence[Set[str]], k: int) -> bool:
    """Return True if adding and subtracting audiences, including `new`, leaves fewer than k people.

    For example, everybody minus two departments may be one person. All linear combinations are
    covered that leave people who were in the same surveys.
    """
    audiences = [*others, new]
    parts = Counter(
        tuple(person in audience for audience in audiences)
        for person in frozenset().union(*audiences)
    )
    # Large parts first: they are eliminated, so the last rows contain only small ones.
    ordered = [pattern for pattern, _ in parts.most_common()]
    sizes = [parts[pattern] for pattern in ordered]
    rows = [
        tuple(Fraction(pattern[number]) for pattern in ordered) for number in range(len(audiences))
    ]
    before = set(_reduced(rows[:-1]))
    return any(
        row not in before
        and sum(size for size, factor in zip(sizes, row, strict=True) if factor) < k
        for row in _reduced(rows)
    )


def _topics(questions: Iterable[Topic]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for question in questions:
        found.add(("text", " ".join(question.text.split()).casefold()))
        if question.bank_key:
            found.add(("bank", question.bank_key))
        found.add(("driver", question.driver))
    return found


def _reduced(rows: Collection[Row]) -> list[Row]:
    """Return the reduced row echelon form, without rows of zeros."""
    left, done = [*rows], list[Row]()
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        pivot = tuple(entry / pivot[column] for entry in pivot)
        left = [_less(row, pivot, column) for row in left]
        done = [*(_less(row, pivot, column) for row in done), pivot]
    return done


def _less(row: Row, pivot: Row, column: int) -> Row:
    factor = row[column]
    if not factor:
        return row
    return tuple(entry - factor * each for entry, each in zip(row, pivot, strict=True))
