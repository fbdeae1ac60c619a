"""What arrived in a quarter of messages, and whether people's limits held."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from models import AttentionPreference, Delivery, Employee, Wave

WEEK = timedelta(weeks=1)
COUNTRIES = {"Berlin": "DE", "Toronto": "CA", "Lisbon": "PT", "Singapore": "SG"}


@dataclass(frozen=True)
class Arrived:
    """A message that Slack showed to a person."""

    person: str
    at: datetime
    channel: str


@dataclass
class Quarter:
    """What happened."""

    weeks: int
    people: dict[str, Employee]
    chosen: dict[str, AttentionPreference]
    arrived: list[Arrived] = field(default_factory=list)
    questions: list[Delivery] = field(default_factory=list)
    waves: dict[str, Wave] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    promised: set[tuple[str, datetime]] = field(default_factory=set)
    """Channel and moment of messages whose time was agreed."""

    def held(self) -> list[Arrived]:
        """Return the messages that needed something or were news."""
        return [each for each in self.arrived if (each.channel, each.at) not in self.promised]

    def over_budget(self) -> int:
        """Count people and weeks with more messages than the person's budget."""
        found = 0
        for person, days in self._days(self.held()).items():
            chosen = self.chosen.get(person)
            most, weeks = 2, 1
            if chosen:
                weeks = chosen.every_weeks
                most = 1 if weeks > 1 else min(chosen.days_a_week or 2, 2)
            for monday in {day - timedelta(days=day.weekday()) for day in days}:
                first = monday - timedelta(weeks=weeks - 1)
                got = sum(number for day, number in days.items() if first <= day < monday + WEEK)
                found += got > most
        return found

    def per_week(self) -> Counter[int]:
        """Count people and weeks by their number of messages, of every class."""
        counts: Counter[tuple[str, date]] = Counter()
        for person, days in self._days(self.arrived).items():
            for day, number in days.items():
                counts[person, day - timedelta(days=day.weekday())] += number
        found = Counter(counts.values())
        found[0] = len(self.people) * self.weeks - sum(found.values())
        return found

    def outside_hours(self) -> int:
        """Count messages outside of their reader's working day, or while they were away."""
        return sum(not self.is_good(each.person, each.at) for each in self.held())

    def is_good(self, person: str, at: datetime) -> bool:
        """Return True if the person works at a moment and is there."""
        employee, chosen = self.people[person], self.chosen.get(person)
        local = at.astimezone(ZoneInfo(employee.tz))
        begins = chosen.work_starts if chosen and chosen.work_starts else time(9)
        ends = chosen.work_ends if chosen and chosen.work_ends else time(17)
        return self.works_on(person, local.date()) and begins <= local.time() < ends

    def works_on(self, person: str, day: date) -> bool:
        """Return True if a day is a working day of a person who is there."""
        employee, chosen = self.people[person], self.chosen.get(person)
        days = (chosen.working_days if chosen else None) or range(5)
        away = (
            employee.absent_from is not None
            and employee.absent_until is not None
            and employee.absent_from <= day <= employee.absent_until
        ) or bool(chosen and chosen.paused_until and day < chosen.paused_until)
        country = COUNTRIES[employee.location or ""]
        return day.weekday() in days and day not in holidays.country_holidays(country) and not away

    def first_days(self) -> tuple[int, int]:
        """Return how many questions came on their reader's first possible day, and how many came.

        The first possible day is the first on which they work, are there, and had no message yet.
        """
        when = {(each.person, each.channel, each.at) for each in self.arrived}
        came = first = 0
        for row in self.questions:
            if row.status != "sent":
                continue
            person, tz = row.recipient, ZoneInfo(self.people[row.recipient].tz)
            at = min(
                at for who, channel, at in when
                if who == person and channel == row.channel and at >= row.due_at
            )  # fmt: skip
            came += 1
            day = row.due_at.astimezone(tz).date()
            if row.due_at.astimezone(tz).time() >= self._ends(person):
                day += timedelta(days=1)
            while not self.works_on(person, day):
                day += timedelta(days=1)
            first += at.astimezone(tz).date() == day
        return first, came

    def not_asked(self) -> Counter[str]:
        """Count the questions of closed waves that did not go out, by reason."""
        closed = {wave_id for wave_id, wave in self.waves.items() if wave.status != "open"}
        return Counter(
            str(row.reason)
            for row in self.questions
            if row.wave_id in closed and row.status != "sent"
        )

    def table(self) -> str:
        """Write what happened as lines of text."""
        first, came = self.first_days()
        per_week = self.per_week()
        lines = [
            f"{len(self.people)} people, {self.weeks} weeks, {len(self.arrived)} messages: "
            + ", ".join(f"{number} {kind}" for kind, number in sorted(self.kinds.items())),
            "messages a person and week: "
            + ", ".join(f"{number}: {per_week[number]}" for number in sorted(per_week)),
            f"people and weeks over their budget: {self.over_budget()}",
            f"messages outside of a reader's hours: {self.outside_hours()}",
            f"questions on their first possible day: {first} of {came} ({first / came:.1%})",
            f"questions not asked, with their reason: {dict(self.not_asked())}",
        ]
        return "\n".join(lines)

    def _ends(self, person: str) -> time:
        chosen = self.chosen.get(person)
        return chosen.work_ends if chosen and chosen.work_ends else time(17)

    def _days(self, arrived: Iterable[Arrived]) -> dict[str, Counter[date]]:
        found: dict[str, Counter[date]] = {}
        for each in arrived:
            zone = ZoneInfo(self.people[each.person].tz)
            found.setdefault(each.person, Counter())[each.at.astimezone(zone).date()] += 1
        return found
