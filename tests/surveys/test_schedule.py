from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.surveys.pure import schedule
from bot.surveys.pure.schedule import Cadence, Occurrence, Plan

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
"""A Tuesday, 10:00 in Berlin."""
BERLIN = {"Europe/Berlin"}
AROUND_THE_WORLD = {"Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "Pacific/Pago_Pago"}
TEN = time(10, 0)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc] # year, month, day, …


@pytest.mark.parametrize(
    ("tz", "day", "at", "moment"),
    [
        ("Pacific/Kiritimati", date(2026, 11, 3), TEN, utc(2026, 11, 2, 20, 0)),
        ("Pacific/Pago_Pago", date(2026, 11, 3), TEN, utc(2026, 11, 3, 21, 0)),
        ("Asia/Kathmandu", date(2026, 11, 3), TEN, utc(2026, 11, 3, 4, 15)),
        ("Australia/Lord_Howe", date(2026, 7, 1), TEN, utc(2026, 6, 30, 23, 30)),
        # The clocks skip 02:00 to 03:00: half past two becomes half past three.
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30)),
        # They show 02:30 twice: the first is meant.
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        # Midnight does not exist on this day in Cairo.
        ("Africa/Cairo", date(2026, 4, 24), time(0, 0), utc(2026, 4, 23, 22, 0)),
    ],
)
def test_people_are_asked_at_their_own_time(tz: str, day: date, at: time, moment: datetime) -> None:
    assert schedule.asked_at(day, at, tz, NOW) == moment


def test_at_once_is_the_moment_given() -> None:
    assert schedule.asked_at(date(2026, 11, 3), None, "Asia/Kathmandu", NOW) == NOW


def test_a_wave_opens_with_the_first_zone_and_closes_after_the_last() -> None:
    day = date(2026, 11, 10)
    assert schedule.opens_at(day, TEN, AROUND_THE_WORLD, NOW) == utc(2026, 11, 9, 20, 0)
    assert schedule.last_asked_at(day, TEN, AROUND_THE_WORLD, NOW) == utc(2026, 11, 10, 21, 0)
    closes = schedule.closes_at(day, TEN, AROUND_THE_WORLD, 72, NOW)
    assert closes == utc(2026, 11, 13, 21, 0)


def test_a_wave_that_opens_late_stays_open_as_long() -> None:
    late = utc(2026, 11, 5, 8, 0)
    closes = schedule.closes_at(date(2026, 11, 3), TEN, BERLIN, 24, late)
    assert closes == late + timedelta(hours=24)


def test_an_audience_without_zones_is_reckoned_in_utc() -> None:
    assert schedule.opens_at(date(2026, 11, 10), TEN, set(), NOW) == utc(2026, 11, 10, 10, 0)


def test_once_right_away() -> None:
    plan = Plan(Cadence.ONCE, date(2026, 11, 3), None)
    assert schedule.first_wave(plan, BERLIN, NOW) == Occurrence(date(2026, 11, 3), NOW)
    assert schedule.next_wave(plan, BERLIN, date(2026, 11, 3), NOW) is None


def test_once_is_held_while_a_zone_is_still_to_reach_it_and_not_after() -> None:
    plan = Plan(Cadence.ONCE, date(2026, 11, 3), time(9, 30))
    zones = {"Europe/Berlin", "America/New_York"}
    assert schedule.first_wave(plan, zones, NOW) == Occurrence(date(2026, 11, 3), NOW)
    assert schedule.first_wave(plan, BERLIN, NOW) is None


def test_a_repeating_survey_waits_for_a_date_ahead_of_everybody() -> None:
    plan = Plan(Cadence.WEEKLY, date(2026, 11, 3), TEN)
    first = schedule.first_wave(plan, {"Europe/Berlin", "America/New_York"}, NOW)
    assert first == Occurrence(date(2026, 11, 10), utc(2026, 11, 10, 9, 0))


def test_weekly_keeps_its_local_time_over_daylight_saving() -> None:
    plan = Plan(Cadence.WEEKLY, date(2026, 3, 24), TEN)
    following = schedule.next_wave(plan, BERLIN, date(2026, 3, 24), utc(2026, 3, 24, 9, 0))
    assert following == Occurrence(date(2026, 3, 31), utc(2026, 3, 31, 8, 0))


def test_every_two_weeks_counts_from_the_first_date() -> None:
    plan = Plan(Cadence.BIWEEKLY, date(2026, 12, 22), TEN)
    held = plan.starts_on
    for expected in (date(2027, 1, 5), date(2027, 1, 19), date(2027, 2, 2)):
        following = schedule.next_wave(plan, BERLIN, held, NOW)
        assert following is not None
        assert following.held_on == expected
        held = following.held_on


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (date(2026, 11, 10), [date(2026, 12, 8), date(2027, 1, 12)]),
        (date(2026, 11, 3), [date(2026, 12, 1), date(2027, 1, 5)]),
        (date(2027, 1, 28), [date(2027, 2, 25), date(2027, 3, 25)]),
        # The fifth Friday stands for the last one.
        (date(2027, 1, 29), [date(2027, 2, 26), date(2027, 3, 26)]),
    ],
)
def test_monthly_is_the_same_weekday_of_each_month(starts_on: date, expected: list[date]) -> None:
    plan, held, dates = Plan(Cadence.MONTHLY, starts_on, TEN), starts_on, []
    for _ in expected:
        following = schedule.next_wave(plan, BERLIN, held, NOW)
        assert following is not None
        held = following.held_on
        dates.append(held)
    assert dates == expected


def test_an_outage_is_followed_by_the_next_date_and_not_by_all_that_were_missed() -> None:
    plan = Plan(Cadence.WEEKLY, date(2026, 11, 3), TEN)
    following = schedule.next_wave(plan, BERLIN, date(2026, 11, 3), utc(2026, 12, 2, 12, 0))
    assert following == Occurrence(date(2026, 12, 8), utc(2026, 12, 8, 9, 0))


def test_a_repeating_plan_begins_at_the_next_such_day_that_lies_ahead() -> None:
    at_nine = schedule.repeating_plan(Cadence.WEEKLY, 1, "1st", time(9, 0), BERLIN, NOW)
    at_eleven = schedule.repeating_plan(Cadence.WEEKLY, 1, "1st", time(11, 0), BERLIN, NOW)
    assert at_nine.starts_on == date(2026, 11, 10)
    assert at_eleven.starts_on == date(2026, 11, 3)


def test_a_repeating_plan_begins_tomorrow_where_it_is_tomorrow_already() -> None:
    zones = {"Pacific/Kiritimati"}
    now = utc(2026, 11, 2, 19, 0)
    plan = schedule.repeating_plan(Cadence.BIWEEKLY, 1, "1st", TEN, zones, now)
    assert plan.starts_on == date(2026, 11, 3)
    assert schedule.first_wave(plan, zones, now) == Occurrence(
        date(2026, 11, 3), utc(2026, 11, 2, 20, 0)
    )


@pytest.mark.parametrize(
    ("ordinal", "expected"), [("1st", date(2026, 12, 1)), ("2nd", date(2026, 11, 10))]
)
def test_a_monthly_plan_knows_which_weekday_is_meant(ordinal: str, expected: date) -> None:
    plan = schedule.repeating_plan(Cadence.MONTHLY, 1, ordinal, TEN, AROUND_THE_WORLD, NOW)
    assert plan.starts_on == expected
    assert schedule.ordinal(plan.starts_on) == ordinal


def test_a_survey_that_missed_its_moment_takes_the_next_day() -> None:
    plan = Plan(Cadence.ONCE, date(2026, 10, 1), TEN)
    assert schedule.next_chance(plan, BERLIN, NOW).held_on == date(2026, 11, 4)
    assert schedule.next_chance(plan, {"America/New_York"}, NOW).held_on == date(2026, 11, 3)
    at_once = Plan(Cadence.ONCE, date(2026, 10, 1), None)
    assert schedule.next_chance(at_once, BERLIN, NOW) == Occurrence(date(2026, 11, 3), NOW)


@given(
    cadence=st.sampled_from([Cadence.WEEKLY, Cadence.BIWEEKLY, Cadence.MONTHLY]),
    weekday=st.integers(0, 6),
    ordinal=st.sampled_from(["1st", "2nd", "3rd", "4th"]),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zones=st.sets(st.sampled_from(sorted(AROUND_THE_WORLD)), min_size=1),
    now=st.integers(0, 15 * 365 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n)),
)
def test_waves_lie_ahead_in_order_on_their_weekday(
    cadence: Cadence, weekday: int, ordinal: str, at: time, zones: set[str], now: datetime
) -> None:
    plan = schedule.repeating_plan(cadence, weekday, ordinal, at, zones, now)
    wave = schedule.first_wave(plan, zones, now)
    waves = []
    for _ in range(4):
        assert wave is not None
        waves.append(wave)
        wave = schedule.next_wave(plan, zones, wave.held_on, wave.opens_at)
    assert waves[0].held_on == plan.starts_on
    assert waves[0].opens_at > now
    assert {wave.held_on.weekday() for wave in waves} == {weekday}
    for earlier, later in pairwise(waves):
        gap = (later.held_on - earlier.held_on).days
        assert gap in {Cadence.WEEKLY: {7}, Cadence.BIWEEKLY: {14}}.get(cadence, {28, 35})
    for wave in waves:
        local = {tz: wave.opens_at.astimezone(ZoneInfo(tz)) for tz in zones}
        assert all(moment.date() <= wave.held_on for moment in local.values())


def test_a_quarterly_survey_keeps_its_weekday_and_its_months() -> None:
    plan = Plan(Cadence.QUARTERLY, date(2026, 11, 10), TEN)
    dates = [each.held_on for each in waves_of(plan, 5)]
    assert dates == [
        date(2026, 11, 10),
        date(2027, 2, 9),
        date(2027, 5, 11),
        date(2027, 8, 10),
        date(2027, 11, 9),
    ]


def waves_of(plan: Plan, most: int) -> list[Occurrence]:
    found = [schedule.first_wave(plan, BERLIN, NOW)]
    while len(found) < most and (last := found[-1]):
        found.append(schedule.next_wave(plan, BERLIN, last.held_on, last.opens_at))
    return [each for each in found if each]


def test_no_wave_is_after_the_last_date() -> None:
    plan = Plan(Cadence.WEEKLY, date(2026, 11, 10), TEN, ends_on=date(2026, 11, 23))
    assert [each.held_on.day for each in waves_of(plan, 9)] == [10, 17]
    over = Plan(Cadence.WEEKLY, date(2026, 11, 10), TEN, ends_on=date(2026, 11, 9))
    assert schedule.first_wave(over, BERLIN, NOW) is None


def test_a_day_off_gives_way_to_the_next_working_day_and_the_rule_goes_on() -> None:
    # Friday 25 December and Friday 1 January are holidays in Germany.
    plan = Plan(Cadence.WEEKLY, date(2026, 12, 18), TEN, working_in="DE")
    dates = [each.held_on for each in waves_of(plan, 4)]
    assert dates == [
        date(2026, 12, 18),
        date(2026, 12, 28),
        date(2027, 1, 4),
        date(2027, 1, 8),
    ]
    # Of an unknown country only Saturdays and Sundays are off.
    unknown = Plan(Cadence.WEEKLY, date(2026, 12, 19), TEN, working_in="ZZ")
    assert [each.held_on.day for each in waves_of(unknown, 2)] == [21, 28]
    monthly = Plan(Cadence.MONTHLY, date(2026, 11, 1), TEN, date(2027, 1, 4), "DE")
    found = schedule.next_wave(monthly, BERLIN, date(2026, 12, 7), utc(2026, 12, 7, 12, 0))
    assert found == Occurrence(date(2027, 1, 4), utc(2027, 1, 4, 9, 0))
