"""Calendar months in a workspace's zone. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.attention.pure.zones import zone_of


@dataclass(frozen=True)
class Month:
    """A calendar month: from its first moment to just before the next month's."""

    first_day: date
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, day: date, tz: str) -> "Month":
        """Return the month with this day, in the zone."""
        first = day.replace(day=1)
        begins, ends = (
            datetime.combine(each, time(), zone_of(tz)).astimezone(UTC)
            for each in (first, _next(first))
        )
        return cls(first, begins, ends)

    @property
    def last_day(self) -> date:
        """The month's last day."""
        return _next(self.first_day) - timedelta(days=1)


def months_to_tally(last_tallied: date | None, now: datetime, tz: str) -> list[Month]:
    """Return the ended months after the last tallied one, in order.

    `last_tallied` is its first day; without one, only the latest ended month is returned.
    """
    this_month = now.astimezone(zone_of(tz)).date().replace(day=1)
    latest = (this_month - timedelta(days=1)).replace(day=1)
    found = []
    first = _next(last_tallied) if last_tallied else latest
    while first <= latest:
        found.append(Month.of(first, tz))
        first = _next(first)
    return found


def _next(first_day: date) -> date:
    return (first_day + timedelta(days=31)).replace(day=1)
