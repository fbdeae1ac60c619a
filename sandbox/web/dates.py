"""Slack's date tokens, in the viewer's zone.

Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import re
from datetime import datetime

TOKEN = re.compile(r"\{(\w+)\}")
DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def formatted(pattern: str, moment: datetime, now: datetime) -> str:
    """Return ``{date_long} at {time}`` filled in; unknown tokens stay."""
    values = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date": f"{moment.day} {moment:%B %Y}",
        "date_short": f"{moment.day} {moment:%b %Y}",
        "date_long": f"{moment:%A}, {moment.day} {moment:%B %Y}",
        "time": f"{moment:%H:%M}",
    }
    pretty = DAYS.get((moment.date() - now.date()).days)

    def value(match: re.Match[str]) -> str:
        name = match[1].removesuffix("_pretty")
        return (pretty if name != match[1] else None) or values.get(name, match[0])

    return TOKEN.sub(value, pattern)
