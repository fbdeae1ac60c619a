"""When a digest is posted: parsing what people write, and the next time in a time zone."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.attention.pure.zones import zone_of
from bot.errors import UserError
from bot.surveys.pure.schedule import DAYS

EXAMPLE: Final = "`/digest here weekly monday 09:00`"
DEFAULT_WEEKDAY: Final = 0
DEFAULT_TIME: Final = time(9, 0)

_FILLERS: Final = frozenset({"weekly", "every", "each", "week", "on", "at", "o'clock"})
_OTHER_CADENCES: Final = frozenset({"daily", "monthly", "hourly", "biweekly", "fortnightly"})
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?(am|pm)?")


def parse_when(text: str) -> tuple[int, time]:
    """Parse a text such as `weekly monday 09:00`; return weekday (0 is Monday) and time.

    The defaults are Monday and 09:00. Raises UserError with an example for any other text.
    """
    spaced = re.sub(r"[,;]", " ", text.lower())
    joined = re.sub(r"(?<=\d)\s+(?=[ap]\.?m\b)", "", spaced)
    weekday: int | None = None
    post_at: time | None = None
    for word in joined.split():
        if word in _FILLERS:
            continue
        if word in _OTHER_CADENCES:
            raise UserError(f"The digest is weekly. Please name a day and a time: {EXAMPLE}.")
        if weekday is None and (day := _weekday(word)) is not None:
            weekday = day
        elif post_at is None and (moment := _time(word)) is not None:
            post_at = moment
        else:
            raise UserError(
                "I couldn't read that day and time, so nothing has changed. "
                f"Please write it like this: {EXAMPLE}."
            )
    return DEFAULT_WEEKDAY if weekday is None else weekday, post_at or DEFAULT_TIME


def next_post(weekday: int, post_at: time, tz: str, after: datetime) -> datetime:
    """Return the first weekly posting time after `after`, in UTC.

    It counts local days before it converts to UTC, so a change of the clocks leaves no week out. A
    time that the clocks skip is posted an hour later; of a time that comes twice, the first counts.
    """
    zone = zone_of(tz)
    today = after.astimezone(zone).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7 - 7)
    while (moment := datetime.combine(day, post_at, zone).astimezone(UTC)) <= after:
        day += timedelta(days=7)
    return moment


def _weekday(word: str) -> int | None:
    """Return the weekday of a name such as `mon`, `monday` or `mondays`, or None."""
    name = word.rstrip(".")
    if len(name) < 3:
        return None
    for number, day in enumerate(DAYS):
        if f"{day.lower()}s".startswith(name):
            return number
    return None


def _time(word: str) -> time | None:
    if word in ("noon", "midday"):
        return time(12, 0)
    match = _TIME.fullmatch(word.replace(".m.", "m").replace(".m", "m"))
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
