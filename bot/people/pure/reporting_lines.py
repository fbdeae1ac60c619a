"""Finds circles among managers. Pure."""

from collections.abc import Iterator, Mapping


def circles(manager_of: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Yield each circle of people who manage each other, along the line of managers.

    A person who manages themselves is a circle of one.
    """
    seen: set[str] = set()
    for start in manager_of:
        line: dict[str, None] = {}
        person: str | None = start
        while person is not None and person not in seen:
            seen.add(person)
            line[person] = None
            person = manager_of.get(person)
        if person in line:
            people = list(line)
            yield people[people.index(person) :]
