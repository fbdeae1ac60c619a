"""When a digest is posted and what it shows: parsing what people write, and the next time. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.attention.pure.zones import zone_of
from bot.errors import UserError
from bot.languages import _
from bot.surveys.pure.schedule import DAYS, ORDINALS

EXAMPLE: Final = "`/digest here weekly monday 09:00`"
MONTHLY_EXAMPLE: Final = "`/digest here monthly 1st monday 09:00`"

_WEEK: Final = timedelta(days=7)
_FILLERS: Final = frozenset({"every", "each", "week", "month", "on", "at", "o'clock", "the", "of"})
_OTHER_CADENCES: Final = frozenset({"daily", "hourly", "biweekly", "fortnightly"})
_ORDINALS: Final = {
    **{name: name for name in ORDINALS},
    **dict(zip(("first", "second", "third", "fourth"), ORDINALS, strict=False)),
}
_WITHOUT: Final = re.compile(r"\bwithout\b(.*)$", re.DOTALL)
_TEAMS: Final = frozenset({"team", "teams", "group", "groups"})
_QUOTES: Final = frozenset({"quote", "quotes", "comment", "comments"})
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?(am|pm)?")


@dataclass(frozen=True)
class Rhythm:
    """When a digest is posted, in local time."""

    weekday: int = 0
    """0 is Monday."""
    post_at: time = time(9, 0)
    ordinal: str | None = None
    """Which such weekday of a month, one of ORDINALS; None for every week."""

    def is_on(self, day: date) -> bool:
        """Return True if a digest is posted on a day that has the right weekday."""
        if self.ordinal is None:
            return True
        if self.ordinal == "last":
            return (day + _WEEK).month != day.month
        return ORDINALS[(day.day - 1) // 7] == self.ordinal


@dataclass(frozen=True)
class Choices:
    """What HR lets a channel's digest show."""

    teams: bool = True
    """Names of groups that stand out."""
    quotes: bool = True
    """Published comments, word for word."""


ALL: Final = Choices()
"""What a digest shows unless HR leaves something out."""


def parse_request(text: str) -> tuple[Rhythm, Choices]:
    """Parse a text such as `weekly monday 09:00 without teams`.

    The defaults are weekly, Monday, 09:00 and everything shown; a monthly digest comes on the first
    such weekday. Raises UserError with an example for any other text.
    """
    lower = text.lower()
    without = _WITHOUT.search(lower)
    when = lower[: without.start()] if without else lower
    return _rhythm(when), _choices(without[1]) if without else ALL


def _rhythm(text: str) -> Rhythm:
    spaced = re.sub(r"[,;]", " ", text)
    joined = re.sub(r"(?<=\d)\s+(?=[ap]\.?m\b)", "", spaced)
    weekday: int | None = None
    post_at: time | None = None
    ordinal: str | None = None
    cadence: str | None = None
    for word in joined.split():
        if word in _FILLERS:
            continue
        if word in _OTHER_CADENCES:
            raise UserError(
                _(
                    "The digest is weekly or monthly. Please write {command} or {other_command}."
                ).format(command=EXAMPLE, other_command=MONTHLY_EXAMPLE)
            )
        if cadence is None and word in {"weekly", "monthly"}:
            cadence = word
        elif ordinal is None and word in _ORDINALS:
            ordinal = _ORDINALS[word]
        elif weekday is None and (day := _weekday(word)) is not None:
            weekday = day
        elif post_at is None and (moment := _time(word)) is not None:
            post_at = moment
        else:
            raise _unreadable()
    if ordinal and cadence == "weekly":
        raise _unreadable()
    rhythm = Rhythm(weekday or 0, ordinal=ordinal or ("1st" if cadence == "monthly" else None))
    return replace(rhythm, post_at=post_at) if post_at else rhythm


def _choices(text: str) -> Choices:
    """Return what is left out: the text is what follows the first `without`."""
    words = set(re.sub(r"[,;&+]", " ", text).split()) - {"and", "or", "without"}
    if not words or words - _TEAMS - _QUOTES:
        raise UserError(
            _(
                "I couldn't read what to leave out, so nothing has changed. Please end the command "
                "with `without teams`, `without quotes` or `without teams and quotes`."
            )
        )
    return Choices(teams=not words & _TEAMS, quotes=not words & _QUOTES)


def _unreadable() -> UserError:
    return UserError(
        _(
            "I couldn't read that day and time, so nothing has changed. Please "
            "write it like this: {command}, or {other_command}."
        ).format(command=EXAMPLE, other_command=MONTHLY_EXAMPLE)
    )


def next_post(rhythm: Rhythm, tz: str, after: datetime) -> datetime:
    """Return the first posting time after `after`, in UTC.

    It counts local days before it converts to UTC, so a change of the clocks leaves no post out. A
    time that the clocks skip is posted an hour later; of a time that comes twice, the first counts.
    """
    zone = zone_of(tz)
    today = after.astimezone(zone).date()
    day = today + timedelta(days=(rhythm.weekday - today.weekday()) % 7 - 7)
    while (moment := datetime.combine(day, rhythm.post_at, zone).astimezone(UTC)) <= after or (
        not rhythm.is_on(day)
    ):
        day += _WEEK
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
