"""Slots lie within working hours, off what is taken, and people are asked within the month."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attention.pure.calendars import Calendar
from bot.learning.pure.free_times import free_times, is_free, month_at, next_asking

BERLIN = Calendar("Europe/Berlin")
HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda each: TUESDAY + timedelta(minutes=each))
lengths = st.sampled_from([30, 60, 120]).map(lambda minutes: timedelta(minutes=minutes))
zones = st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "America/Los_Angeles", "UTC"])


def test_each_day_offers_its_first_and_last_hour() -> None:
    found = free_times(BERLIN, HOUR, [], TUESDAY, 3)
    assert [each.astimezone(UTC) for each in found] == [
        datetime(2026, 11, 3, 15, 0, tzinfo=UTC),
        datetime(2026, 11, 4, 8, 0, tzinfo=UTC),
        datetime(2026, 11, 4, 15, 0, tzinfo=UTC),
    ]


def test_an_absence_and_a_holiday_are_passed_over() -> None:
    away = replace(BERLIN, absences=((TUESDAY, TUESDAY + timedelta(days=7)),))
    (found,) = free_times(away, HOUR, [], TUESDAY, 1)
    assert found == datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
    christmas = datetime(2026, 12, 24, 16, 30, tzinfo=UTC)
    (found,) = free_times(BERLIN, HOUR, [], christmas, 1)
    assert found == datetime(2026, 12, 28, 8, 0, tzinfo=UTC)


def test_somebody_who_is_away_for_long_has_no_free_time() -> None:
    away = replace(BERLIN, absences=((TUESDAY, TUESDAY + timedelta(days=90)),))
    assert free_times(away, HOUR, [], TUESDAY, 8) == []


@given(zone=zones, length=lengths, after=moments, booked=st.lists(moments, max_size=5))
def test_what_is_offered_is_free(
    zone: str, length: timedelta, after: datetime, booked: list[datetime]
) -> None:
    calendar = Calendar(zone)
    taken = [(start, start + HOUR) for start in booked]
    found = free_times(calendar, length, taken, after, 8)
    assert found == sorted(set(found))
    for start in found:
        assert start > after
        assert is_free(calendar, length, taken, start)
        assert calendar.is_at_work(start, start + length)
        assert all(start + length <= begin or end <= start for begin, end in taken)


@given(zone=zones, now=moments)
def test_people_are_asked_once_a_month_and_have_days_to_answer(zone: str, now: datetime) -> None:
    first = next_asking(now, zone)
    second = next_asking(first, zone)
    assert now < first < second
    months = [month_at(each, zone) for each in (first, second)]
    assert months[1].begins == months[0].ends
    assert timedelta(days=5) < months[0].ends - first < timedelta(days=6)


@pytest.mark.parametrize(
    ("now", "asked_on"),
    [
        (datetime(2026, 11, 3, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 25, 9, tzinfo=UTC), date(2026, 12, 26)),
        (datetime(2027, 2, 1, tzinfo=UTC), date(2027, 2, 23)),
    ],
)
def test_when_people_are_asked(now: datetime, asked_on: date) -> None:
    assert next_asking(now, "Europe/Berlin").date() == asked_on
