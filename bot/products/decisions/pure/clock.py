"""How long people have waited for a decision, in days of the workspace's zone. Pure.

A promise of "within 14 days" ends when the fourteenth day after the publication's day ends where
the company is, also across a change of the clocks.
"""

from datetime import datetime, time, timedelta
from typing import Final

from bot.attention.pure.zones import zone_of

LEAST_DAYS: Final = 7
MOST_DAYS: Final = 60
TO_EVERYBODY: Final = 2
"""After this many times the days that HR has set, everybody is told: 28 days for 14."""


def decide_by(since: datetime, days: int, tz: str) -> datetime:
    """Return the moment at which a decision becomes late: the local midnight after the last day.

    `since` is when its evidence was published, in UTC like the result; `tz` is an IANA zone.
    """
    zone = zone_of(tz)
    last = since.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(since.tzinfo)


def days_waited(since: datetime, now: datetime, tz: str) -> int:
    """Return how many local days have passed since; 0 on the same day."""
    zone = zone_of(tz)
    return (now.astimezone(zone).date() - since.astimezone(zone).date()).days


def is_for_everybody(since: datetime, now: datetime, days: int, tz: str) -> bool:
    """Return True once people have waited so long that everybody is told."""
    return now >= decide_by(since, TO_EVERYBODY * days, tz)
