"""Decides under which team, department and location figures count a person who moves.

A team's figures before and after one person's move differ by that person's answers. So a move
counts at once only if k people make the same move together, and neither the team that they leave
nor the one that they come to keeps 1 to k - 1 others: those would be the difference between the two
teams. Every other move waits for the next quarter. After a move, a person's next move waits, too.
So within a quarter, any team then and any team now share nobody, or at least k people. Leavers
leave at once.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

Move = tuple[str | None, str | None]
"""From a value to another."""


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
    places: Mapping[str, Place],
    values: Mapping[str, str | None],
    k: int,
    today: date,
    *,
    has_asked: bool = True,
) -> dict[str, Place]:
    """Return the new place of each person in `values`, the values of an imported file.

    `places` are everybody's present ones. If nobody has a value yet, or no survey has asked anybody
    (`has_asked`), the whole file counts at once.
    """
    is_first = not any(place.on(today) or place.is_held(today) for place in places.values())
    at_once = _moves_at_once(places, values, k, today)
    until = next_quarter(today)
    new: dict[str, Place] = {}
    for person, value in values.items():
        place, before = places[person], places[person].on(today)
        if is_first or not has_asked:
            new[person] = Place(value, active=place.active)
        elif place.is_held(today):
            new[person] = replace(place, value=value)
        elif value == before:
            new[person] = Place(value, active=place.active)
        elif place.active and (before, value) in at_once:
            new[person] = replace(place, value=value, counted=value, until=until)
        else:
            new[person] = replace(place, value=value, counted=before, until=until)
    return new


def _moves_at_once(
    places: Mapping[str, Place], values: Mapping[str, str | None], k: int, today: date
) -> set[Move]:
    """Return the moves, from a value to another, that count at once."""
    held: Counter[str | None] = Counter()
    together: Counter[Move] = Counter()
    for person, place in places.items():
        before = place.on(today)
        if place.active and place.is_held(today):
            held[before] += 1
        elif place.active:
            together[before, values.get(person, before)] += 1
    at_once = {move for move, size in together.items() if move[0] != move[1] and size >= k}
    while True:
        staying: Counter[str | None] = Counter()
        for move, size in together.items():
            staying[move[0]] += 0 if move in at_once else size
        # Held people came this quarter or wait to leave; the table does not say which.
        left = {each for each in staying if staying[each] < k and staying[each] + held[each]}
        joined = {each for each in (staying | held) if 0 < staying[each] + held[each] < k}
        waiting = {(old, new) for old, new in at_once if old in left or new in joined}
        if not waiting:
            return at_once
        at_once -= waiting
