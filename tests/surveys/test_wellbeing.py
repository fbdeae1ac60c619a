"""The prepared survey about wellbeing: what it asks, and in which week."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.wellbeing import (
    CAUSES,
    positions_on,
    question_keys,
    questions_in_week,
)

days = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@settings(max_examples=30)
@given(days, st.integers(0, 200))
def test_any_six_weeks_ask_of_each_cause_and_any_four_of_burnout(first: date, week: int) -> None:
    asked = [positions_on(first, first + timedelta(weeks=week + each)) for each in range(6)]
    assert sorted(each for positions in asked for each in positions if each) == [1, 2, 3, 4, 5, 6]
    assert sum(0 in positions for positions in asked[:4]) == 1
    assert all(1 <= len(positions) <= 2 for positions in asked)


def test_the_first_wave_asks_of_burnout() -> None:
    assert positions_on(date(2026, 11, 3), date(2026, 11, 3)) == (0, 1)


@settings(max_examples=30)
@given(days, st.integers(-20, 400))
def test_a_week_counts_what_its_wave_asks(first: date, later: int) -> None:
    day = first + timedelta(days=later)
    monday = day - timedelta(days=day.weekday())
    held = [
        each
        for each in (monday + timedelta(days=number) for number in range(7))
        if each >= first and each.weekday() == first.weekday()
    ]
    assert questions_in_week(first, day) == sum(len(positions_on(first, each)) for each in held)


def test_each_cause_has_a_question_of_the_driver_that_covers_it() -> None:
    bank = load_bank()
    causes = {driver.key: driver.cause for driver in bank.drivers}
    assert {cause: causes[bank.get(key).driver] for cause, key in CAUSES.items()} == {
        cause: cause for cause in CAUSES
    }
    assert len(set(question_keys())) == 7
