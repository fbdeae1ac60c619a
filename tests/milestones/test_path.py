"""Which milestone comes on which day, from dates, choices and a calendar alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attention.pure.calendars import Calendar
from bot.journeys.pure.milestones import (
    BY_KEY,
    LATEST,
    MILESTONES,
    Choice,
    Journey,
    Passed,
    Step,
    due,
    path,
)
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale

ALL = {each.key: Choice() for each in MILESTONES}
BERLIN = Calendar("Europe/Berlin")
FIRST = date(2026, 11, 2)
"""A Monday."""
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def joined(first: date = FIRST, calendar: Calendar = BERLIN, **rest: object) -> dict[str, Step]:
    return by_key(path({Journey.JOINED: first}, ALL, calendar, **rest))  # type: ignore[arg-type]


def by_key(steps: tuple[Step, ...]) -> dict[str, Step]:
    return {step.milestone.key: step for step in steps}


def away(first: date, last: date) -> Calendar:
    begin = datetime.combine(first, time(), UTC)
    return replace(BERLIN, absences=((begin, datetime.combine(last, time(23), UTC)),))


def test_days_count_from_the_first_one_and_fall_on_working_days() -> None:
    assert {key: step.on for key, step in joined().items()} == {
        "joined_1": date(2026, 11, 2),
        # Day 7 is a Sunday.
        "joined_7": date(2026, 11, 9),
        "joined_30": date(2026, 12, 1),
        # 31 December and then New Year's Day, a Friday.
        "joined_60": date(2026, 12, 31),
        "joined_90": date(2027, 2, 1),
    }


def test_a_holiday_and_the_weekend_after_it_are_passed_over() -> None:
    steps = joined(date(2026, 12, 3))
    assert steps["joined_30"].on == date(2027, 1, 4), "after New Year's Day and a weekend"
    emirates = joined(date(2026, 11, 7), Calendar("Asia/Dubai", "AE"))
    assert all(step.on.weekday() < 5 for step in emirates.values())


def test_hr_chooses_a_weekday_and_switches_milestones_off() -> None:
    choices = {**ALL, "joined_7": Choice(weekday=2), "joined_30": Choice(is_on=False)}
    steps = by_key(path({Journey.JOINED: FIRST}, choices, BERLIN))
    assert steps["joined_7"].on == date(2026, 11, 11), "a Wednesday"
    assert "joined_30" not in steps
    never = replace(BERLIN, working_days=frozenset({0, 1}))
    assert by_key(path({Journey.JOINED: FIRST}, choices, never))["joined_7"].on.weekday() == 0


def test_a_milestone_waits_for_whoever_is_away_until_the_next_one_begins() -> None:
    short = joined(calendar=away(date(2026, 12, 1), date(2026, 12, 10)))
    assert short["joined_30"].on == date(2026, 12, 11)
    long = joined(calendar=away(date(2026, 12, 1), date(2027, 1, 10)))
    assert long["joined_30"].on >= long["joined_30"].until, "then day 60 takes its place"
    assert long["joined_60"].on == date(2027, 1, 11)


def test_a_corrected_date_asks_nothing_twice_and_loses_nothing() -> None:
    passed = [Passed("joined_1", FIRST, FIRST), Passed("joined_7", FIRST, date(2026, 11, 9))]
    for moved in (timedelta(days=10), timedelta(days=-12)):
        steps = joined(FIRST + moved, passed=passed)
        assert steps["joined_7"].is_passed
        assert steps["joined_30"].on >= FIRST + moved + timedelta(days=29)
        assert not steps["joined_30"].is_passed


def test_a_rehired_person_begins_anew() -> None:
    passed = [Passed(each.key, FIRST, FIRST) for each in MILESTONES]
    again = FIRST + timedelta(days=200)
    assert not any(step.is_passed for step in joined(again, passed=passed).values())
    both = {Journey.JOINED: again, Journey.LEAVING: again - timedelta(days=100)}
    assert "leaving_7" not in by_key(path(both, ALL, BERLIN)), "the last day was of the first job"


def test_whoever_leaves_is_asked_why_and_nothing_else() -> None:
    dates = {Journey.JOINED: FIRST, Journey.LEAVING: FIRST + timedelta(days=20)}
    steps = by_key(path(dates, ALL, BERLIN))
    assert set(steps) == {"joined_1", "joined_7", "leaving_7"}
    assert steps["leaving_7"].on == date(2026, 11, 16)
    assert steps["leaving_7"].until == dates[Journey.LEAVING]


def test_what_is_due_is_due_until_it_is_passed_or_over() -> None:
    steps = tuple(joined().values())
    first_week = BY_KEY["joined_7"]
    days = [
        FIRST + timedelta(days=number)
        for number in range(40)
        if any(
            step.milestone is first_week
            for step in due(steps, BERLIN, FIRST + timedelta(days=number))
        )
    ]
    assert days[0] == date(2026, 11, 9)
    assert days[-1] == date(2026, 11, 20), "the last working day within two weeks"
    assert all(BERLIN.works_on(day) for day in days)


@settings(max_examples=20)
@given(
    anchors=st.dictionaries(st.sampled_from(Journey), DAYS, min_size=1),
    zone=st.sampled_from(["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Dubai", "UTC"]),
    lives=st.integers(0, 3),
)
def test_nobody_passes_a_milestone_twice_however_dates_move(
    anchors: Mapping[Journey, date], zone: str, lives: int
) -> None:
    """Live through a quarter while the dates are corrected by some days now and then."""
    calendar, passed = Calendar(zone), list[Passed]()
    begins = min(anchors.values()) - timedelta(days=8)
    for number in range(110):
        today = begins + timedelta(days=number)
        shift = timedelta(days=(number // 20) * lives)
        moved = {journey: day + shift for journey, day in anchors.items()}
        for step in due(path(moved, ALL, calendar, passed), calendar, today):
            assert calendar.works_on(today)
            assert step.on <= today < step.on + LATEST
            passed.append(Passed(step.milestone.key, step.anchor, today))
    keys = [each.milestone for each in passed]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("milestone", [each for each in MILESTONES if each.asks])
def test_prepared_questions_are_in_the_bank_and_can_wait_in_a_pool(milestone: object) -> None:
    keys = milestone.questions  # type: ignore[attr-defined]
    assert 3 <= len(keys) == len(set(keys)) <= 5
    assert all(load_bank().get(key).scale is not Scale.TEXT for key in keys)
