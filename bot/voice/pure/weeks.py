"""Weeks and midnights of a workspace: no finer time is kept of what is written to HR."""

from datetime import UTC, date, datetime, time, timedelta

from bot.attention.pure.zones import zone_of


def week_of(now: datetime, tz: str) -> date:
    """Return the Monday of the local week of a moment."""
    day = now.astimezone(zone_of(tz)).date()
    return day - timedelta(days=day.weekday())


def next_midnight(now: datetime, tz: str) -> datetime:
    """Return the end of the local day of a moment, in UTC."""
    zone = zone_of(tz)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)
