"""Times at which a person works and has nothing booked, and months in their workspace's zone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.zones import zone_of
from bot.insights.pure.months import Month

_HORIZON_DAYS: Final = 28
ASK_BEFORE: Final = timedelta(days=5)
"""How long before a month's last day people are asked: they answer within the month."""
ASK_AT: Final = time(9)

Span = tuple[datetime, datetime]
"""Beginning and end, aware."""


def free_times(
    calendar: Calendar, length: timedelta, taken: Sequence[Span], after: datetime, count: int
) -> list[datetime]:
    """Return the first `count` free times after a moment: each day's first and last hours of work.

    A time is free if it lies within working hours, outside absences, and off what is `taken`.
    Empty if the next four weeks have none.
    """
    times = (
        start
        for start in _candidates(calendar, length, after)
        if is_free(calendar, length, taken, start)
    )
    return list(islice(times, count))


def is_free(calendar: Calendar, length: timedelta, taken: Sequence[Span], start: datetime) -> bool:
    """Return True if the person works, is there and has nothing booked for so long."""
    end = start + length
    everyday = calendar.everyday()
    return (
        everyday.is_at_work(start, end)
        and all(end <= begin or start >= over for begin, over in calendar.absences)
        and all(end <= begin or start >= over for begin, over in taken)
    )


def _candidates(calendar: Calendar, length: timedelta, after: datetime) -> Iterator[datetime]:
    first = calendar.local_day(after)
    for day in (first + timedelta(days=number) for number in range(_HORIZON_DAYS)):
        begin, end = calendar.hours(day)
        for start in dict.fromkeys((begin, end - length)):
            if start > after and start >= begin:
                yield start


def month_at(moment: datetime, zone: str) -> Month:
    """Return the calendar month of a moment in an IANA zone."""
    return Month.of(moment.astimezone(zone_of(zone)).date(), zone)


def next_asking(now: datetime, zone: str) -> datetime:
    """Return the next moment after `now` at which people are asked about a month (UTC)."""
    month = month_at(now, zone)
    while True:
        day = month.last_day - ASK_BEFORE
        asking = datetime.combine(day, ASK_AT, zone_of(zone)).astimezone(UTC)
        if asking > now:
            return asking
        month = month_at(month.ends, zone)
