"""People are written to at a good moment, groups at one that is good for all of them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.good_moments import first_moment_of, shared_good_moment

BERLIN, TORONTO = Calendar("Europe/Berlin"), Calendar("America/Toronto")
LOS_ANGELES, SYDNEY = Calendar("America/Los_Angeles"), Calendar("Australia/Sydney")


@pytest.mark.parametrize(
    ("calendars", "now", "moment"),
    [
        ((BERLIN, BERLIN), "2026-12-25T22:40", "2026-12-28T08:00"),  # Christmas, then a weekend
        ((LOS_ANGELES, LOS_ANGELES), "2026-11-03T08:00", "2026-11-03T17:00"),
        ((BERLIN, TORONTO), "2026-11-03T09:00", "2026-11-03T14:00"),
        ((BERLIN, TORONTO), "2026-11-03T14:30", "2026-11-03T14:30"),
        ((BERLIN, TORONTO), "2026-11-06T16:30", "2026-11-09T14:00"),
        ((BERLIN, LOS_ANGELES), "2026-11-03T07:00", "2026-11-03T08:00"),  # they share none
        ((SYDNEY, LOS_ANGELES), "2026-11-03T09:00", "2026-11-03T22:00"),
        ((), "2026-11-03T00:00", "2026-11-03T00:00"),
    ],
)
def test_a_groups_message_waits_for_a_moment_that_is_good_for_all(
    calendars: tuple[Calendar, ...], now: str, moment: str
) -> None:
    written = shared_good_moment(calendars, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert written == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_pause_ends_when_the_next_working_day_begins() -> None:
    new_year = first_moment_of(BERLIN, date(2027, 1, 1))
    assert new_year == datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Europe/Berlin"))
