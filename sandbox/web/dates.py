"""Slack's date tokens, in the viewer's zone and language.

Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

import re
from datetime import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

TOKEN = re.compile(r"\{(\w+)\}")
ENGLISH = Locale("en", "GB")
DAYS = {
    "de": ("gestern", "heute", "morgen"),
    "en": ("yesterday", "today", "tomorrow"),
    "es": ("ayer", "hoy", "mañana"),
    "fr": ("hier", "aujourd’hui", "demain"),
    "ja": ("昨日", "今日", "明日"),
    "pt": ("ontem", "hoje", "amanhã"),
}
"""The day before, the same and the day after. Other languages write the date."""


def formatted(pattern: str, moment: datetime, now: datetime, language: str = "en-GB") -> str:
    """Return ``{date_long} at {time}`` filled in; unknown tokens stay. ``language`` is a tag."""
    locale = locale_of(language)
    values = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date": format_date(moment, "long", locale),
        "date_short": format_date(moment, "medium", locale),
        "date_long": format_date(moment, "full", locale),
        "time": f"{moment:%H:%M}",
    }
    days = (moment.date() - now.date()).days
    words = DAYS.get(locale.language, ())
    pretty = words[days + 1] if words and abs(days) <= 1 else None

    def value(match: re.Match[str]) -> str:
        name = match[1].removesuffix("_pretty")
        return (pretty if name != match[1] else None) or values.get(name, match[0])

    return TOKEN.sub(value, pattern)


def locale_of(language: str) -> Locale:
    """Return how a language writes dates; English of Britain where nobody knows."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return ENGLISH
