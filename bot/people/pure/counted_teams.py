"""Decides under which team, department and location figures count a person who moves.

A team's figures before and after one person's move differ by that person's answers. So a move
counts at once only if k people make the same move together; otherwise it waits for the next
quarter. After a move has counted, the person's next move also waits for the next quarter. So within
a quarter a team changes by nobody or by at least k people. Leavers leave at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Place:
    """One person's team, department or location."""

    value: str | None
    """The value in the directory."""
    counted: str | None = None
    """The value that figures use until the day `until`."""
    until: date | None = None
    active: bool = True

    def is_held(self, day: date) -> bool:
        """Return True if figures still use `counted` on that day."""
        return self.until is not None and day < self.until

    def on(self, day: date) -> str | None:
        """Return the value that figures use on that day."""
        return self.counted if self.is_held(day) else self.value


def next_quarter(day: date) -> date:
    """Return the first day of the calendar quarter after the one of `day`."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + 1, 1, 1) if month > 12 else date(day.year, month, 1)


def after_import(
    places: Mapping[str, Place], values: Mapping[str, str | None], k: int, today: date
) -> dict[str, Place]:
    """Return the new place of each person in `values`, the values of an imported file.

    `places` are everybody's present ones. If nobody has a value yet, the whole file counts at once.
    """
    is_first = not any(place.on(today) or place.is_held(today) for place in places.values())
    together: dict[tuple[str | None, str | None], int] = {}
    for person, value in values.items():
        if places[person].active and not places[person].is_held(today):
            move = places[person].on(today), value
            together[move] = together.get(move, 0) + 1
    until = next_quarter(today)
    new: dict[str, Place] = {}
    for person, value in values.items():
        place, before = places[person], places[person].on(today)
        if place.is_held(today):
            new[person] = replace(place, value=value)
        elif is_first or value == before:
            new[person] = Place(value, active=place.active)
        elif place.active and together[before, value] >= k:
            new[person] = replace(place, value=value, counted=value, until=until)
        else:
            new[person] = replace(place, value=value, counted=before, until=until)
    return new
