"""When a person is written to: within their own working hours, never on a day off."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.mentoring.worktime import Calendar

REMIND_BEFORE: Final = timedelta(hours=8)
"""An answer is due at the end of a working day; the reminder comes when that day begins."""

_LONGEST_HOLIDAY: Final = 31


def good_moment(calendar: Calendar, now: datetime) -> datetime:
    """Return `now` within the person's working hours, else when their next working day begins.

    A person's preferred days are for meetings; a message may come on any day that they work.
    """
    everyday = Calendar(calendar.zone, calendar.country)
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    for day in (today + timedelta(days=number) for number in range(_LONGEST_HOLIDAY)):
        begin, end = everyday.hours(day)
        if everyday.works_on(day) and now < end:
            return max(begin, now)
    return now
