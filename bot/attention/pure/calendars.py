"""When a person works and is there, in their own zone and country.

Dates and hours are local to the person. Moments that go in and come out are aware and in UTC. A
working day is a working weekday of the person or their country, except on public holidays (package
`holidays`). Local times are converted day by day, so they follow changes of the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final

import holidays
import numpy as np
from numpy.typing import NDArray

from bot.attention.pure.countries import country_of
from bot.attention.pure.zones import zone_of

MONDAY_TO_FRIDAY: Final = frozenset(range(5))
WORK_STARTS: Final = time(9)
WORK_ENDS: Final = time(17)
ANSWER_DAYS: Final = 3
"""How many working days a mentor has to answer a proposal."""

_STRETCHED: Final = ((time(8), time(19)), (time(7), time(21)))
"""Acceptable hours for two people without shared working time, best first."""
_HORIZON_DAYS: Final = 28
_STEP: Final = timedelta(minutes=30)
_QUARTER: Final = timedelta(minutes=15)
_QUARTERS_AN_HOUR: Final = 4


@dataclass(frozen=True)
class Calendar:
    """When a person works: IANA zone, ISO 3166 country, weekdays (Monday = 0), local hours.

    The country defaults to the zone's country, the weekdays to the country's working days.
    """

    zone: str = "UTC"
    country: str | None = None
    days: frozenset[int] = frozenset()
    """Preferred weekdays for meetings."""
    working_days: frozenset[int] = frozenset()
    starts: time = WORK_STARTS
    ends: time = WORK_ENDS
    absences: tuple[tuple[datetime, datetime], ...] = ()
    """Beginning and end (UTC) of times in which the person is away, paused or not to be disturbed.
    """

    def weekdays(self) -> frozenset[int]:
        """Return the weekdays on which the person is free to meet."""
        return self.days or self.working_days or working_weekdays(self.place())

    def place(self) -> str | None:
        """Return the country whose holidays and working days count."""
        return self.country or country_of(self.zone)

    def away_until(self, moment: datetime) -> datetime | None:
        """Return the end of the absence that a moment lies in; None if the person is there."""
        return max((end for begin, end in self.absences if begin <= moment < end), default=None)

    def works_on(self, day: date) -> bool:
        """Return True if `day` is a working day of the country and one of the preferred days."""
        return day.weekday() in self.weekdays() and not is_holiday(day, self.place())

    def everyday(self) -> "Calendar":
        """Return the calendar without preferred days, which are for meetings only."""
        return replace(self, days=frozenset()) if self.days else self

    def is_at_work(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Return True if a moment is within the person's working hours."""
        day = starts_at.astimezone(zone_of(self.zone)).date()
        begin, end = self.hours(day)
        return self.works_on(day) and begin <= starts_at and ends_at <= end

    def hours(
        self, day: date, stretched: tuple[time, time] | None = None
    ) -> tuple[datetime, datetime]:
        """Return the moments (UTC) at which a day's working hours begin and end.

        `stretched` are other local times that count instead, if they begin earlier or end later.
        """
        zone = zone_of(self.zone)
        starts, ends = self.starts, self.ends
        if stretched:
            starts, ends = min(starts, stretched[0]), max(ends, stretched[1])
        begin = datetime.combine(day, starts, zone).astimezone(UTC)
        return begin, datetime.combine(day, ends, zone).astimezone(UTC)

    def local_day(self, moment: datetime) -> date:
        """Return the date that the person's calendar shows."""
        return moment.astimezone(zone_of(self.zone)).date()


@dataclass(frozen=True)
class Slot:
    """A time for two people to meet (UTC), and which of their wishes it respects."""

    starts_at: datetime
    ends_at: datetime
    in_working_hours: bool = True
    """False if it lies outside somebody's working hours."""
    on_preferred_days: bool = True
    """False if it ignores preferred days, because none coincide."""


def end_of_working_day_after(
    start: datetime, calendar: Calendar, days: int = ANSWER_DAYS
) -> datetime:
    """Return the end (UTC) of the working day that is `days` after the local day of `start`.

    The person has so many whole working days, whatever the hour or weekday of `start`. Preferred
    days do not count: answering takes no meeting.
    """
    everyday = calendar.everyday()
    day = calendar.local_day(start)
    left = days
    while left:
        day += timedelta(days=1)
        left -= everyday.works_on(day)
    return everyday.hours(day)[1]


@lru_cache(maxsize=4096)
def hours_together(a: Calendar, b: Calendar, week_of: date) -> float:
    """Return how many working hours two people share in a week, ignoring holidays."""
    return float(hours_table([a], [b], week_of)[0, 0])


def hours_table(
    ours: Sequence[Calendar], theirs: Sequence[Calendar], week_of: date
) -> NDArray[np.float64]:
    """Return how many hours a week each of `ours` (rows) shares with each of `theirs` (columns)."""
    monday = week_of - timedelta(days=week_of.weekday())
    shared = _quarters(ours, monday) @ _quarters(theirs, monday).T
    return shared / _QUARTERS_AN_HOUR


def next_shared_slot(
    a: Calendar, b: Calendar, after: datetime, duration: timedelta = timedelta(minutes=30)
) -> Slot | None:
    """Return the first time from `after` on at which both work, on the hour or half-hour.

    If four weeks have none, preferred days are dropped first. Then hours are extended on both
    sides, to 7:00–21:00, on preferred days if possible. None if that fails as well.
    """
    everyday_a, everyday_b = a.everyday(), b.everyday()
    for hours in (None, *_STRETCHED):
        for one, other in ((a, b), (everyday_a, everyday_b)):
            found = _first_slot(one, other, after, duration, hours)
            if found:
                return slot_at(a, b, *found)
    return None


def slot_at(a: Calendar, b: Calendar, starts_at: datetime, ends_at: datetime) -> Slot:
    """Return a time with the wishes of the two people that it respects."""
    everyday = (a.everyday(), b.everyday())
    days = [starts_at.astimezone(zone_of(calendar.zone)).weekday() for calendar in (a, b)]
    return Slot(
        starts_at,
        ends_at,
        all(calendar.is_at_work(starts_at, ends_at) for calendar in everyday),
        all(day in calendar.weekdays() for day, calendar in zip(days, (a, b), strict=True)),
    )


@cache
def working_weekdays(country: str | None) -> frozenset[int]:
    """Return a country's working weekdays; Monday to Friday if unknown."""
    known = _public_holidays(country)
    if known is None:
        return MONDAY_TO_FRIDAY
    return frozenset(range(7)) - frozenset(known.weekend)


def is_holiday(day: date, country: str | None) -> bool:
    """Return True if `day` is a public holiday in all of a country."""
    known = _public_holidays(country)
    return known is not None and day in known


@cache
def _public_holidays(country: str | None) -> holidays.HolidayBase | None:
    if country is None:
        return None
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


def _quarters(calendars: Sequence[Calendar], monday: date) -> NDArray[np.float64]:
    """Mark each calendar's working quarter-hours in the week from `monday`.

    Zones differ by whole quarter-hours. The marks begin a day before the week and end a day after
    it in UTC, to cover Monday to Sunday in every zone.
    """
    origin = datetime.combine(monday, time(), UTC) - timedelta(days=1)
    marks = np.zeros((len(calendars), 9 * 24 * _QUARTERS_AN_HOUR))
    for row, calendar in enumerate(calendars):
        for weekday in calendar.weekdays():
            begin, end = calendar.hours(monday + timedelta(days=weekday))
            marks[row, (begin - origin) // _QUARTER : (end - origin) // _QUARTER] = 1
    return marks


def _first_slot(
    a: Calendar,
    b: Calendar,
    after: datetime,
    duration: timedelta,
    hours: tuple[time, time] | None,
) -> tuple[datetime, datetime] | None:
    first_day = after.astimezone(zone_of(a.zone)).date()
    for day in (first_day + timedelta(days=n) for n in range(_HORIZON_DAYS)):
        if not a.works_on(day):
            continue
        begin, end = a.hours(day, hours)
        for other_day in (day + timedelta(days=n) for n in (-1, 0, 1)):
            if not b.works_on(other_day):
                continue
            other_begin, other_end = b.hours(other_day, hours)
            starts_at = _round_up(max(begin, other_begin, after.astimezone(UTC)))
            if starts_at + duration <= min(end, other_end):
                return starts_at, starts_at + duration
    return None


def _round_up(moment: datetime) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - _STEP * ((midnight - moment) // _STEP)
