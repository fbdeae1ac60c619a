"""Slack's date tokens, in the viewer's zone.

Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import re
from datetime import datetime

TOKEN = re.compile(r"\{(\w+)\}")


def formatted(pattern: str, moment: datetime, now: datetime) -> str:
    """Return ``{date_long} at {time}`` filled in; unknown tokens stay."""

    def value(match: re.Match[str]) -> str:
        return one(match.group(1), moment, now) or match.group(0)

    return TOKEN.sub(value, pattern)


def one(name: str, moment: datetime, now: datetime) -> str | None:
    """Return the value of one token, or None when there is no such token."""
    if name.endswith("_pretty"):
        if pretty := relative_day(moment, now):
            return pretty
        name = name.removesuffix("_pretty")
    values = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%d/%m/%Y}",
        "date": f"{moment.day} {moment:%B %Y}",
        "date_short": f"{moment.day} {moment:%b %Y}",
        "date_long": f"{moment:%A}, {moment.day} {moment:%B %Y}",
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
        "ago": ago(moment, now),
    }
    return values.get(name)


def relative_day(moment: datetime, now: datetime) -> str | None:
    """Return yesterday, today or tomorrow."""
    days = (moment.date() - now.date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)


def ago(moment: datetime, now: datetime) -> str:
    """Return the distance in the largest whole unit."""
    seconds = (now - moment).total_seconds()
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if abs(seconds) >= size:
            count = int(abs(seconds) // size)
            words = f"{count} {unit}{'s' if count != 1 else ''}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"
