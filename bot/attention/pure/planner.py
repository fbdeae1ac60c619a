"""Decides which messages go to a reader now, and when the others are looked at again.

Nothing is planned ahead. A message is looked at when it is due, and decisions are for today only.
So changes of a calendar, an absence or a preference count at once, and no plan grows stale.

Rules, in this order: within the readers' working hours; at most one message a day, and the budget's
days a week; what is due on the same day goes out together; news waits some days for another message
to go with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.good_moments import good_moment, shared_good_moment

MOST_PARTS: Final = 3
"""How many messages go out as one."""
OLD: Final = timedelta(days=7)
"""What has waited so long comes before what is more important, so that nothing waits for ever."""
_LONGEST_SEARCH: Final = 90
"""Days after which a free day is no longer searched for."""


class Hold(StrEnum):
    """Why a message waits longer than for its reader's next working day."""

    AT_LIMIT = "at limit"
    AWAY = "away"


@dataclass(frozen=True)
class Budget:
    """How many days with a message a reader gets in so many weeks, Monday to Sunday."""

    days: int = 2
    weeks: int = 1

    def is_spent(self, day: date, written_on: Iterable[date]) -> bool:
        """Return True if the weeks that end with the week of `day` have had all their days."""
        end = day + timedelta(days=7 - day.weekday())
        first = end - timedelta(weeks=self.weeks)
        return sum(first <= each < end for each in set(written_on)) >= self.days


@dataclass(frozen=True)
class Reader:
    """A person who will see the messages: when they work, and on which days they got some."""

    calendar: Calendar
    budget: Budget = Budget()
    written_on: frozenset[date] = frozenset()
    wants_reminders: bool = True

    def is_at_limit(self, moment: datetime) -> bool:
        """Return True if the budget allows no message in the week of `moment`."""
        return self.budget.is_spent(self.calendar.local_day(moment), self.written_on)

    def may_have(self, moment: datetime) -> bool:
        """Return True if a message may come on the local day of `moment`, as the day's only one."""
        written_today = self.calendar.local_day(moment) in self.written_on
        return not written_today and not self.is_at_limit(moment)


@dataclass(frozen=True)
class Item:
    """A message that waits."""

    id: str
    due_at: datetime
    rank: int = 5
    """1 is the most important."""
    patience: timedelta = timedelta()
    """How long it waits for another message to go with."""
    lapses_at: datetime | None = None
    is_held: bool = True
    """False for an answer or a promise, which nothing holds back."""
    is_reminder: bool = False

    def is_pointless(self, readers: Sequence[Reader], now: datetime) -> bool:
        """Return True if it came too late, or reminds people who want no reminders."""
        unwanted = self.is_reminder and not any(reader.wants_reminders for reader in readers)
        return unwanted or (self.lapses_at is not None and self.lapses_at <= now)


@dataclass(frozen=True)
class Plan:
    """What goes out now, what never does, and when the rest is looked at again."""

    at_once: tuple[str, ...] = ()
    """Each as a message of its own."""
    together: tuple[str, ...] = ()
    """As one message, most important first."""
    lapsed: tuple[str, ...] = ()
    look_at: datetime | None = None
    """Empty if nothing is left. An item that is due later is looked at when it is due."""
    why: Hold | None = None
    """Why the rest waits; empty if it waits for working hours or for company only."""
    send_by: datetime | None = None
    """When the working day of the readers of `together` ends."""


def plan(items: Sequence[Item], readers: Sequence[Reader], now: datetime) -> Plan:
    """Plan the messages to one DM or group DM, whose readers are all given."""
    at_once = tuple(each.id for each in items if not each.is_held and each.due_at <= now)
    lapsed = tuple(each.id for each in items if each.is_held and each.is_pointless(readers, now))
    left = [each for each in items if each.id not in at_once and each.id not in lapsed]
    held = [each for each in left if each.is_held]
    if not held:
        look_at = min((each.due_at for each in left), default=None)
        return Plan(at_once, (), lapsed, look_at)
    opening, why = next_opening(readers, now)
    if opening > now:
        return Plan(at_once, (), lapsed, opening, why)
    tomorrow, why = next_opening([_written_to(reader, now) for reader in readers], now)
    together = _choose(held, readers, now, tomorrow)
    if not together:
        return Plan(at_once, (), lapsed, min(each.due_at + each.patience for each in held))
    rest = len(left) > len(together)
    send_by = min(_end_of_work(reader.calendar, now) for reader in readers)
    return Plan(
        at_once, together, lapsed, tomorrow if rest else None, why if rest else None, send_by
    )


def next_opening(readers: Sequence[Reader], now: datetime) -> tuple[datetime, Hold | None]:
    """Return the first moment from `now` on at which all readers may have a message, and the hold.

    An absence may end early, so an absent reader is looked at again on their next working day. The
    hold is empty if only nights and days off are in the way.
    """
    calendars = [reader.calendar for reader in readers]
    why: Hold | None = None
    moment = shared_good_moment(calendars, now)
    for _ in range(_LONGEST_SEARCH):
        ends = [each for calendar in calendars if (each := calendar.away_until(moment))]
        if ends:
            later = min(max(ends), max(_next_day(calendar, moment) for calendar in calendars))
            return shared_good_moment(calendars, later), Hold.AWAY
        full = [reader for reader in readers if not reader.may_have(moment)]
        if not full:
            break
        if any(reader.is_at_limit(moment) for reader in full):
            why = Hold.AT_LIMIT
        later = max(_next_day(reader.calendar, moment) for reader in full)
        moment = shared_good_moment(calendars, later)
    return moment, why


def _choose(
    held: Sequence[Item], readers: Sequence[Reader], now: datetime, tomorrow: datetime
) -> tuple[str, ...]:
    """Return what goes out now as one message; empty if everything can wait for company."""
    today_ends = max(_end_of_work(reader.calendar, now) for reader in readers)
    ready = [each for each in held if each.due_at <= today_ends]
    eager = [
        each
        for each in ready
        if each.due_at <= now
        and (
            now - each.due_at >= each.patience
            or (each.lapses_at is not None and each.lapses_at <= tomorrow)
        )
    ]
    if not eager:
        return ()
    ordered = sorted(
        ready, key=lambda each: (now - each.due_at < OLD, each.rank, each.due_at, each.id)
    )
    return tuple(each.id for each in ordered[:MOST_PARTS])


def _written_to(reader: Reader, now: datetime) -> Reader:
    """Return a reader who gets a message today."""
    today = reader.calendar.local_day(now)
    return replace(reader, written_on=reader.written_on | {today})


def _next_day(calendar: Calendar, moment: datetime) -> datetime:
    """Return the beginning of the first working day after the local day of `moment`."""
    tomorrow = calendar.local_day(moment) + timedelta(days=1)
    return good_moment(calendar, calendar.hours(tomorrow)[0])


def _end_of_work(calendar: Calendar, moment: datetime) -> datetime:
    """Return the end of the working day of `moment`, or the moment's own if it lies outside."""
    end = calendar.hours(calendar.local_day(moment))[1]
    return end if end > moment else moment + timedelta(hours=1)
