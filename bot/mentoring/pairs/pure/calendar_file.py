"""Writes calendar files: for a pair's first meeting, and for booked time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

FILE_NAME: Final = "mentoring.ics"
PRODUCER: Final = "-//Attune//Attune//EN"


@dataclass(frozen=True)
class Appointment:
    """What a calendar file says; times are aware."""

    id: str
    """The same for each file about one appointment, so that calendars move it."""
    summary: str
    description: str
    starts_at: datetime
    length: timedelta
    moves: int = 0
    """How often it was moved (SEQUENCE, RFC 5545, 3.8.7.4)."""


def calendar_file(appointment: Appointment, now: datetime) -> bytes:
    """Write an appointment as iCalendar (RFC 5545), in UTC.

    The method is PUBLISH, because Attune has no calendar to receive replies.
    """
    event = Event()
    event.add("uid", f"{appointment.id}@attune")
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.starts_at + appointment.length)
    event.add("sequence", appointment.moves)
    event.add("summary", appointment.summary)
    event.add("description", appointment.description)
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
