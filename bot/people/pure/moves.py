"""Which team and department figures count a person under, once people move between them.

Figures of a team before and after one person's move differ by that person's answers. So a move
counts at once only where k people make the same one together; any other waits for the next
quarter. After a move has counted, the person's next one waits for the next quarter, too: within a
quarter, the people of a team change by nobody or by at least k. Leavers are simply gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Place:
    """One person's team, or department."""

    value: str | None
    """What the directory says."""
    counted: str | None = None
    """What figures say until the day `until`."""
    until: date | None = None
    active: bool = True

    def is_held(self, day: date) -> bool:
        """Tell whether figures stay with `counted` on that day."""
        return self.until is not None and day < self.until

    def on(self, day: date) -> str | None:
        """Return what figures count the person under on that day."""
        return self.counted if self.is_held(day) else self.value


def next_quarter(day: date) -> date:
    """Return the first day of the calendar quarter after the one of `day`."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + 1, 1, 1) if month > 12 else date(day.year, month, 1)


def after_import(
    places: Mapping[str, Place], values: Mapping[str, str | None], k: int, today: date
) -> dict[str, Place]:
    """Return the new place of each person in `values`, which is what a file says of them.

    `places` are those of everybody in the workspace: where nobody has any value yet, all of the
    file counts at once.
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
