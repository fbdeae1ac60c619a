import re
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.digest.pure.posting_time import (
    EXAMPLE,
    Choices,
    Rhythm,
    next_post,
    parse_request,
)
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weekly monday 09:00", (0, time(9, 0))),
        ("weekly mon 9:00", (0, time(9, 0))),
        ("every Friday at 09.00", (4, time(9, 0))),
        ("tues 9am", (1, time(9, 0))),
        ("Thurs, 4:30 PM", (3, time(16, 30))),
        ("on wednesdays 14h30", (2, time(14, 30))),
        ("12am sunday", (6, time(0, 0))),
        ("saturday 12 p.m.", (5, time(12, 0))),
        ("sat noon", (5, time(12, 0))),
        ("sunday", (6, time(9, 0))),
        ("17", (0, time(17, 0))),
        ("", (0, time(9, 0))),
    ],
)
def test_what_people_write_is_understood(text: str, expected: tuple[int, time]) -> None:
    assert parse_request(text) == (Rhythm(*expected), Choices())


@pytest.mark.parametrize(
    "text",
    [
        "weekly monday 25:00",
        "monday 9:75",
        "monday 13pm",
        "monday 0am",
        "monday tuesday 9:00",
        "9:00 10:00",
        "mo 9:00",
        "montag 9:00",
        "tomorrow",
        "<!channel>",
        "monday -9:00",
        "weekly 1st monday",
        "monthly weekly monday",
        "1st 2nd monday",
        "مرحبا",
    ],
)
def test_anything_else_gets_an_example(text: str) -> None:
    with pytest.raises(UserError, match=re.escape(EXAMPLE)):
        parse_request(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("monthly 1st monday 9:00", Rhythm(0, time(9), "1st")),
        ("monthly", Rhythm(0, time(9), "1st")),
        ("the second Tuesday of every month at 14:30", Rhythm(1, time(14, 30), "2nd")),
        ("monthly last friday 4pm", Rhythm(4, time(16), "last")),
        ("MONTHLY on the 4th thursday", Rhythm(3, time(9), "4th")),
    ],
)
def test_a_monthly_digest_is_understood(text: str, expected: Rhythm) -> None:
    assert parse_request(text) == (expected, Choices())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("weekly monday 9:00 without teams", Choices(teams=False)),
        ("weekly monday 9:00 without quotes", Choices(quotes=False)),
        ("Monday 9:00 WITHOUT teams and quotes", Choices(teams=False, quotes=False)),
        ("monday 9:00, without comments without groups", Choices(teams=False, quotes=False)),
        ("monday 9:00", Choices(teams=True, quotes=True)),
    ],
)
def test_what_is_left_out_is_understood(text: str, expected: Choices) -> None:
    assert parse_request(text) == (Rhythm(0, time(9)), expected)


@pytest.mark.parametrize("text", ["without", "without names", "without teams 9:00"])
def test_what_else_should_be_left_out_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="without teams"):
        parse_request(f"monday 9:00 {text}")


def test_a_monthly_digest_comes_once_in_every_month() -> None:
    for ordinal, days in {
        "1st": range(1, 8),
        "2nd": range(8, 15),
        "3rd": range(15, 22),
        "4th": range(22, 29),
        "last": range(22, 32),
    }.items():
        rhythm, moment = Rhythm(0, time(9), ordinal), datetime(2026, 11, 1, tzinfo=UTC)
        months = []
        for _ in range(24):
            moment = next_post(rhythm, "Europe/Berlin", moment)
            local = moment.astimezone(ZoneInfo("Europe/Berlin"))
            assert (local.weekday(), local.hour) == (0, 9)
            assert local.day in days
            months.append(12 * local.year + local.month)
        assert months == list(range(months[0], months[0] + 24))


@pytest.mark.parametrize("text", ["daily 9:00", "hourly", "biweekly monday"])
def test_other_cadences_are_named_as_such(text: str) -> None:
    with pytest.raises(UserError) as other:
        parse_request(text)
    with pytest.raises(UserError) as unreadable:
        parse_request("tomorrow")
    assert str(other.value) != str(unreadable.value)


def test_the_local_hour_stays_when_the_clocks_change() -> None:
    winter = next_post(Rhythm(0, time(9, 0)), "Europe/Berlin", datetime(2027, 3, 20, tzinfo=UTC))
    summer = next_post(Rhythm(0, time(9, 0)), "Europe/Berlin", winter)

    assert winter == datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
    assert summer == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)


def test_the_next_moment_is_later_than_the_last() -> None:
    slot = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)

    assert next_post(Rhythm(0, time(9, 0)), "Europe/Berlin", slot) == datetime(
        2026, 11, 16, 8, tzinfo=UTC
    )


@pytest.mark.parametrize("post_at", [time(0), time(0, 30), time(2, 30)], ids=str)
def test_no_zone_leaves_a_week_out_when_its_clocks_change(post_at: time) -> None:
    for name in sorted(available_timezones()):
        for weekday in (0, 6):
            moment = datetime(2026, 11, 1, tzinfo=UTC)
            days = []
            while moment < datetime(2027, 11, 8, tzinfo=UTC):
                moment = next_post(Rhythm(weekday, post_at), name, moment)
                days.append(moment.astimezone(ZoneInfo(name)).date())
            assert {day.weekday() for day in days} == {weekday}, name
            assert {after - before for before, after in pairwise(days)} == {timedelta(7)}, name


def test_an_hour_that_the_clocks_skip_comes_an_hour_later() -> None:
    santiago = next_post(Rhythm(6, time(0)), "America/Santiago", datetime(2027, 9, 2, tzinfo=UTC))
    assert santiago == datetime(2027, 9, 5, 4, tzinfo=UTC)
    assert santiago.astimezone(ZoneInfo("America/Santiago")).hour == 1
