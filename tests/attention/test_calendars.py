from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attention.pure.calendars import (
    MONDAY_TO_FRIDAY,
    Calendar,
    end_of_working_day_after,
    hours_together,
    next_shared_slot,
    working_weekdays,
)
from bot.attention.pure.countries import country_of

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Pacific/Auckland",
    "UTC",
)
moments = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
calendars = st.builds(Calendar, zone=st.sampled_from(ZONES))


@pytest.mark.parametrize(
    ("zone", "start", "deadline"),
    [
        ("Europe/Berlin", "2026-06-15T09:00", "2026-06-18T17:00"),  # Monday to Thursday
        ("Europe/Berlin", "2026-06-19T16:00", "2026-06-24T17:00"),  # over a weekend
        ("Europe/Berlin", "2026-06-20T12:00", "2026-06-24T17:00"),  # asked on a Saturday
        ("Europe/Berlin", "2026-04-02T10:00", "2026-04-09T17:00"),  # Good Friday, Easter Monday
        ("America/New_York", "2026-04-02T10:00", "2026-04-07T17:00"),  # no holidays there
        ("America/New_York", "2026-11-25T10:00", "2026-12-01T17:00"),  # Thanksgiving
        ("Asia/Riyadh", "2026-06-17T10:00", "2026-06-22T17:00"),  # weekend on Friday and Saturday
        ("Asia/Tokyo", "2026-05-01T10:00", "2026-05-11T17:00"),  # Golden Week
        ("Europe/Berlin", "2026-03-27T10:00", "2026-04-01T17:00"),  # clocks go forward
        ("America/New_York", "2026-10-30T10:00", "2026-11-04T17:00"),  # clocks go back
    ],
)
def test_end_of_working_day_after_in_the_mentors_own_calendar(
    zone: str, start: str, deadline: str
) -> None:
    local = ZoneInfo(zone)
    asked = datetime.fromisoformat(start).replace(tzinfo=local)
    due = end_of_working_day_after(asked, Calendar(zone))
    assert due.astimezone(local).replace(tzinfo=None) == datetime.fromisoformat(deadline)
    assert due.utcoffset() == timedelta()


def test_country_goes_before_the_zones_and_unknown_ones_work_monday_to_friday() -> None:
    asked = datetime(2026, 7, 2, 10, tzinfo=UTC)
    usual = end_of_working_day_after(asked, Calendar("Europe/London"))
    assert end_of_working_day_after(asked, Calendar("Europe/London", country="US")) > usual
    assert country_of("Asia/Kolkata") == "IN"
    assert country_of("UTC") is None
    assert working_weekdays(None) == working_weekdays("XX") == MONDAY_TO_FRIDAY
    assert working_weekdays("IL") == {0, 1, 2, 3, 6}


@settings(max_examples=60, deadline=None)
@given(moment=moments, later=st.timedeltas(timedelta(), timedelta(days=9)), calendar=calendars)
def test_a_deadline_gives_three_whole_working_days(
    moment: datetime, later: timedelta, calendar: Calendar
) -> None:
    due = end_of_working_day_after(moment, calendar)
    assert moment + timedelta(days=2) < due <= end_of_working_day_after(moment + later, calendar)
    zone = ZoneInfo(calendar.zone)
    first, last = moment.astimezone(zone).date(), due.astimezone(zone).date()
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(calendar.works_on(day) for day in between) == 3


def test_shared_hours_follow_the_clocks() -> None:
    weeks = (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 30))
    berlin = Calendar("Europe/Berlin", days=MONDAY_TO_FRIDAY)
    new_york = Calendar("America/New_York", days=MONDAY_TO_FRIDAY)
    assert [hours_together(berlin, new_york, week) for week in weeks] == [10.0, 15.0, 10.0]
    twice = Calendar("UTC", days=frozenset({0, 2}))
    assert hours_together(twice, twice, weeks[0]) == 16.0
    sydney, los_angeles = Calendar("Australia/Sydney"), Calendar("America/Los_Angeles")
    # Between Tuesday in Sydney and Monday in Los Angeles, four times a week.
    assert hours_together(sydney, los_angeles, weeks[0]) == 12.0


@settings(max_examples=80, deadline=None)
@given(after=moments, a=calendars, b=calendars)
def test_a_slot_is_within_both_working_days(after: datetime, a: Calendar, b: Calendar) -> None:
    slot = next_shared_slot(a, b, after)
    if slot is None:
        return
    assert slot.starts_at >= after
    assert slot.ends_at - slot.starts_at == timedelta(minutes=30)
    assert slot.starts_at.minute in (0, 30)
    opens, closes = (9, 17) if slot.in_working_hours else (7, 21)
    for calendar in (a, b):
        starts, ends = (
            moment.astimezone(ZoneInfo(calendar.zone)) for moment in (slot.starts_at, slot.ends_at)
        )
        assert calendar.works_on(starts.date())
        assert opens <= starts.hour + starts.minute / 60
        assert ends.hour + ends.minute / 60 <= closes
    assert slot.in_working_hours == (hours_together(a, b, slot.starts_at.date()) >= 0.5)


def test_first_slot_skips_holidays_on_either_side_and_keeps_to_preferred_days() -> None:
    berlin, new_york = Calendar("Europe/Berlin"), Calendar("America/New_York")
    thursday = datetime(2026, 4, 2, 15, tzinfo=UTC)
    slot = next_shared_slot(berlin, new_york, thursday)
    assert slot is not None
    assert slot.starts_at == datetime(2026, 4, 7, 13, tzinfo=UTC)
    wednesdays = Calendar("America/New_York", days=frozenset({2}))
    slot = next_shared_slot(berlin, wednesdays, thursday)
    assert slot is not None
    assert slot.starts_at == datetime(2026, 4, 8, 13, tzinfo=UTC)


def test_preferred_days_that_never_meet_are_dropped_before_hours_are_stretched() -> None:
    berlin = "Europe/Berlin"
    monday, tuesday = (Calendar(berlin, days=frozenset({day})) for day in (0, 1))
    slot = next_shared_slot(monday, tuesday, datetime(2026, 11, 3, 9, tzinfo=UTC))
    assert slot is not None
    assert slot.starts_at == datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert slot.in_working_hours
    assert not slot.on_preferred_days


def test_a_slot_at_the_edge_of_the_day_says_that_it_is() -> None:
    berlin, los_angeles = Calendar("Europe/Berlin"), Calendar("America/Los_Angeles")
    slot = next_shared_slot(berlin, los_angeles, datetime(2026, 11, 3, 9, tzinfo=UTC))
    assert slot is not None
    assert not slot.in_working_hours
    assert slot.on_preferred_days


def test_slots_on_either_side_of_a_change_of_clocks() -> None:
    berlin = Calendar("Europe/Berlin")
    after = datetime(2026, 3, 27, 16, tzinfo=UTC)
    slots = [next_shared_slot(berlin, berlin, after - week) for week in (timedelta(7), timedelta())]
    hours = [slot.starts_at.hour for slot in slots if slot]
    assert [b - a for a, b in pairwise(hours)] == [-1]
