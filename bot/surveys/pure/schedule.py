"""The schedule of a survey: local dates of waves, and when they open and close.

A wave is for one local date. Each employee is asked when their own zone's clock shows `ask_at`
on that date, so a wave opens with the first zone and closes some hours after the last one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from typing import Final

from apscheduler.triggers.cron import CronTrigger

from bot.attention.pure.calendars import is_holiday, working_weekdays
from bot.attention.pure.zones import zone_of
from bot.languages import DayStyle, _, marked, write_day, write_weekday


class Cadence(StrEnum):
    """How often a survey is asked; the table stores the value."""

    ONCE = "once"
    DAILY = "daily"
    """A milestone of journeys: each day those who reach it."""
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    STANDING = "standing"
    """The company pulse: every week, each time some questions of some people."""


DAYS: Final = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
"""Names for people, by `date.weekday()`."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""APScheduler's names, by `date.weekday()`."""
SHORTEST_GAPS: Final = {
    Cadence.WEEKLY: timedelta(weeks=1),
    Cadence.BIWEEKLY: timedelta(weeks=2),
    Cadence.MONTHLY: timedelta(weeks=4),
    Cadence.QUARTERLY: timedelta(weeks=12),
    Cadence.STANDING: timedelta(weeks=1),
}
"""The shortest time between two waves' openings."""
ORDINALS: Final = ("1st", "2nd", "3rd", "4th", "last")
"""APScheduler's names for the first, second, … Tuesday of a month."""
BY_MONTH: Final = frozenset({Cadence.MONTHLY, Cadence.QUARTERLY})
LONGEST_MOVE: Final = timedelta(days=28)
"""No country has so many days off in a row."""


@dataclass(frozen=True)
class Plan:
    """A survey's schedule.

    `starts_on` also sets the weekday of a weekly survey or the company pulse, and the weekday
    within the month (the second Tuesday) of a monthly or quarterly one. `ask_at` is empty for a
    survey that is asked at once.
    """

    cadence: Cadence
    starts_on: date
    ask_at: time | None
    ends_on: date | None = None
    """The last date of a repeating survey; empty if it has none."""
    working_in: str | None = None
    """The country whose working days a repeating survey keeps to; empty for any day."""


@dataclass(frozen=True)
class Occurrence:
    """A future wave: its local date, and when it opens (UTC)."""

    held_on: date
    opens_at: datetime


def asked_at(held_on: date, ask_at: time | None, tz: str, otherwise: datetime) -> datetime:
    """Return the UTC moment at which an employee in zone `tz` is asked.

    Returns `otherwise` if `ask_at` is empty. When the clocks change, a skipped local time moves
    forward by the skipped time, and of a repeated one the first counts (PEP 495, fold 0).
    """
    if ask_at is None:
        return otherwise
    return datetime.combine(held_on, ask_at, zone_of(tz)).astimezone(UTC)


def opens_at(held_on: date, ask_at: time | None, zones: Collection[str], now: datetime) -> datetime:
    """Return when the first of `zones` (UTC if there are none) is asked; `now` if at once."""
    return min(asked_at(held_on, ask_at, tz, now) for tz in zones or {"UTC"})


def last_asked_at(
    held_on: date, ask_at: time | None, zones: Collection[str], now: datetime
) -> datetime:
    """Return when the last of `zones` (UTC if there are none) is asked; `now` if at once."""
    return max(asked_at(held_on, ask_at, tz, now) for tz in zones or {"UTC"})


def closes_at(
    held_on: date,
    ask_at: time | None,
    zones: Collection[str],
    open_hours: int,
    opened_at: datetime,
) -> datetime:
    """Return when a wave closes: `open_hours` after its last zone is asked.

    A wave that opened late still gets all of its hours.
    """
    asked_last = last_asked_at(held_on, ask_at, zones, opened_at)
    return max(asked_last, opened_at) + timedelta(hours=open_hours)


def longest_open(plan: Plan, zones: Collection[str], held_on: date) -> timedelta | None:
    """Return how long waves may stay open to close before the next opens; None if there is no next.

    A wave opens with its first zone and stays open for the same time after its last. Changes of
    the clock are ignored: the next wave then comes an hour early or late.
    """
    gap = SHORTEST_GAPS.get(plan.cadence)
    if gap is None or plan.ask_at is None:
        return None
    noon = datetime.combine(held_on, time(12), UTC)
    first = opens_at(held_on, plan.ask_at, zones, noon)
    return gap - (last_asked_at(held_on, plan.ask_at, zones, noon) - first)


def first_wave(plan: Plan, zones: Collection[str], now: datetime) -> Occurrence | None:
    """Return the first wave of a survey that starts now, or None if its last date has passed.

    A survey asked once takes place if at least one zone has not reached its time yet; people past
    their time are asked at once. A repeating one waits for a date that lies ahead for everybody.
    """
    if plan.ask_at is None:
        return Occurrence(plan.starts_on, now)
    if plan.cadence is not Cadence.ONCE:
        return next_wave(plan, zones, plan.starts_on - timedelta(days=1), now)
    opening = opens_at(plan.starts_on, plan.ask_at, zones, now)
    if last_asked_at(plan.starts_on, plan.ask_at, zones, now) <= now:
        return None
    return Occurrence(plan.starts_on, max(opening, now))


def next_wave(plan: Plan, zones: Collection[str], after: date, now: datetime) -> Occurrence | None:
    """Return the next wave after the one on `after`; None for a survey asked once or past its end.

    Missed dates are skipped: after an outage of three weeks there is one late wave, not three. Of a
    daily survey, today's still counts.
    """
    for held_on in _dates(plan, after):
        opening = opens_at(held_on, plan.ask_at, zones, now)
        is_today = plan.cadence is Cadence.DAILY and opening + timedelta(days=1) > now
        if opening > now or is_today:
            return Occurrence(held_on, opening)
    return None


def next_chance(plan: Plan, zones: Collection[str], now: datetime) -> Occurrence:
    """Return the next day's moment for a survey asked once whose own moment has passed."""
    if plan.ask_at is None:
        return Occurrence(max(plan.starts_on, now.date()), now)
    held_on = max(plan.starts_on, now.date() - timedelta(days=1))
    while opens_at(held_on, plan.ask_at, zones, now) <= now:
        held_on += timedelta(days=1)
    return Occurrence(held_on, opens_at(held_on, plan.ask_at, zones, now))


def when_asked(held_on: date | None, ask_at: time | None) -> str:
    """Say when people are asked: `Tuesday 1 December at 10:00, in each person's own time`."""
    if held_on is None or ask_at is None:
        return _("now")
    return _("{weekday} {day} at {time}, in each person's own time").format(
        weekday=write_weekday(held_on.weekday()),
        day=write_day(held_on, DayStyle.NO_YEAR),
        time=f"{ask_at:%H:%M}",
    )


def ordinal(day: date) -> str:
    """Return a date's weekday within its month: `2nd` for a second Tuesday, `last` for a fifth.

    Some months have no fifth, so a fifth counts as the last.
    """
    return ORDINALS[(day.day - 1) // 7]


def repeating_plan(
    cadence: Cadence,
    weekday: int,
    ordinal_name: str,
    ask_at: time,
    zones: Collection[str],
    now: datetime,
) -> Plan:
    """Return the plan that starts on the next such weekday that lies ahead in every zone.

    `weekday` is 0 for Monday; `ordinal_name`, one of ORDINALS, matters only for one asked by month.
    """
    name = WEEKDAYS[weekday]
    day = f"{ordinal_name} {name}" if cadence in BY_MONTH else None
    dates = _fires(name, day, now.date() - timedelta(days=1))
    starts_on = next(date for date in dates if opens_at(date, ask_at, zones, now) > now)
    return Plan(cadence, starts_on, ask_at)


def _dates(plan: Plan, after: date) -> Iterator[date]:
    """Yield the dates after one, up to the plan's end; a day off gives way to a working day."""
    moved = LONGEST_MOVE if plan.working_in else timedelta()
    for planned in _planned_dates(plan, after - moved):
        held_on = _working_day(planned, plan.working_in)
        if plan.ends_on and held_on > plan.ends_on:
            return
        if held_on > after:
            yield held_on
            after = held_on


def _working_day(day: date, country: str | None) -> date:
    if country is None:
        return day
    while day.weekday() not in working_weekdays(country) or is_holiday(day, country):
        day += timedelta(days=1)
    return day


def _planned_dates(plan: Plan, after: date) -> Iterator[date]:
    if plan.cadence is Cadence.ONCE:
        return
    if plan.cadence is Cadence.DAILY:
        for number in count(1):
            yield after + timedelta(days=number)
    weekday = WEEKDAYS[plan.starts_on.weekday()]
    day = f"{ordinal(plan.starts_on)} {weekday}" if plan.cadence in BY_MONTH else None
    first = max(after + timedelta(days=1), plan.starts_on)
    for held_on in _fires(weekday, day, first):
        if plan.cadence is Cadence.BIWEEKLY and (held_on - plan.starts_on).days % 14:
            continue
        if plan.cadence is Cadence.QUARTERLY and (held_on.month - plan.starts_on.month) % 3:
            continue
        yield held_on


def _fires(weekday: str, day: str | None, not_before: date) -> Iterator[date]:
    """Yield the dates of a cron trigger. It counts days in UTC: a date has no zone."""
    trigger = (
        CronTrigger(day=day, hour=0, timezone="UTC")
        if day
        else CronTrigger(day_of_week=weekday, hour=0, timezone="UTC")
    )
    moment = datetime.combine(not_before, time(), UTC)
    while fired := trigger.get_next_fire_time(None, moment):
        yield fired.date()
        moment = fired + timedelta(days=1)
