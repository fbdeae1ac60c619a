"""Writes the calendar invitation to a pair's first meeting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

FILE_NAME: Final = "mentoring.ics"
PRODUCER: Final = "-//Attune//Mentoring//EN"


@dataclass(frozen=True)
class FirstMeeting:
    """What the invitation says; times are aware."""

    match_id: str
    mentor_name: str
    mentee_name: str
    starts_at: datetime
    length: timedelta


def calendar_file(invitation: FirstMeeting, now: datetime) -> bytes:
    """Write the invitation as iCalendar (RFC 5545), in UTC.

    The method is PUBLISH, because Attune has no calendar to receive replies.
    """
    event = Event()
    event.add("uid", f"{invitation.match_id}@attune")
    event.add("dtstamp", now)
    event.add("dtstart", invitation.starts_at)
    event.add("dtend", invitation.starts_at + invitation.length)
    event.add("summary", f"Mentoring: {invitation.mentor_name} and {invitation.mentee_name}")
    event.add("description", "A first meeting. Move it as it suits you both.")
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
