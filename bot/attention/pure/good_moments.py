"""Good moments to write to a person: within their working hours, never on a day off."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.zones import zone_of

REMIND_BEFORE: Final = timedelta(hours=8)
"""An answer is due at the end of a working day, and the reminder comes at its beginning."""

_LONGEST_HOLIDAY: Final = 31
_GROUPS_WAIT: Final = timedelta(days=7)
"""How long a group's message waits for a moment when the whole group works."""


def good_moment(calendar: Calendar, now: datetime) -> datetime:
    """Return `now` if the person works now, or the beginning of their next working day.

    Preferred days are for meetings. A message may come on any working day.
    """
    everyday = calendar.everyday()
    today = calendar.local_day(now)
    for day in (today + timedelta(days=number) for number in range(_LONGEST_HOLIDAY)):
        begin, end = everyday.hours(day)
        if everyday.works_on(day) and now < end:
            return max(begin, now)
    return now


def shared_good_moment(calendars: Sequence[Calendar], now: datetime) -> datetime:
    """Return the first moment from `now` on when the whole group works.

    If a week has none, return the first moment when anybody of the group works.
    """
    moments = [good_moment(calendar, now) for calendar in calendars]
    moment = max(moments, default=now)
    while moment <= now + _GROUPS_WAIT:
        later = max((good_moment(calendar, moment) for calendar in calendars), default=moment)
        if later == moment:
            return moment
        moment = later
    return min(moments)


def first_moment_of(calendar: Calendar, day: date) -> datetime:
    """Return when a person's working hours begin on `day`, or on the next working day."""
    return good_moment(calendar, datetime.combine(day, time(), zone_of(calendar.zone)))
