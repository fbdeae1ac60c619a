"""A promise in days ends when the day ends where the company is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attention.pure.zones import zone_of
from bot.products.decisions.pure.clock import days_waited, decide_by, is_for_everybody

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes))
zones = st.sampled_from(
    ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati",
     "Pacific/Pago_Pago", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo")
)  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("Europe/Berlin", "2026-11-17T23:00:00+00:00"),
        ("America/New_York", "2026-11-18T05:00:00+00:00"),
        ("Pacific/Kiritimati", "2026-11-17T10:00:00+00:00"),
        ("Nowhere/Atlantis", "2026-11-18T00:00:00+00:00"),
    ],
)
def test_fourteen_days_end_at_midnight_after_the_fourteenth(zone: str, ends: str) -> None:
    published = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    assert decide_by(published, 14, zone).isoformat() == ends


def test_the_clocks_change_in_between() -> None:
    published = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
    assert decide_by(published, 14, "Europe/Berlin").isoformat() == "2026-11-03T23:00:00+00:00"


@given(moments, st.integers(7, 60), zones)
def test_a_decision_on_the_last_day_is_in_time_and_one_on_the_next_is_late(
    published: datetime, days: int, zone: str
) -> None:
    late = decide_by(published, days, zone)
    assert days_waited(published, late - timedelta(seconds=1), zone) == days
    assert days_waited(published, late, zone) == days + 1
    assert late.astimezone(zone_of(zone)).hour in (0, 1), "or the first hour that there is"
    assert timedelta(days=days) - timedelta(hours=2) < late - published
    assert late - published <= timedelta(days=days + 1, hours=2)


@given(moments, st.integers(7, 60), zones)
def test_everybody_is_told_after_twice_the_days(published: datetime, days: int, zone: str) -> None:
    late = decide_by(published, 2 * days, zone)
    assert not is_for_everybody(published, late - timedelta(seconds=1), days, zone)
    assert is_for_everybody(published, late, days, zone)
