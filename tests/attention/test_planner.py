"""The planner's promises, for any messages, readers and calendars."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.planner import (
    MOST_PARTS,
    Budget,
    Hold,
    Item,
    Plan,
    Reader,
    next_opening,
    plan,
)

BERLIN = "Europe/Berlin"
TUESDAY = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
"""10:00 in Berlin."""
STEP = timedelta(hours=1)
MONTH = timedelta(days=28)


def reader(**changes: object) -> Reader:
    """Return a reader in Berlin with the usual hours."""
    return replace(Reader(Calendar(BERLIN)), **changes)  # type: ignore[arg-type] # fields by name


def item(name: str, due_at: datetime = TUESDAY, **changes: object) -> Item:
    """Return a message that needs something from its reader."""
    return replace(Item(name, due_at), **changes)  # type: ignore[arg-type] # fields by name


def run(items: list[Item], readers: list[Reader], end: datetime) -> list[tuple[datetime, Plan]]:
    """Live until `end` as the scheduler does; return what went out and when.

    Each message is looked at when it is due and whenever the plan says so.
    """
    look_at = {each.id: each.due_at for each in items}
    sent = []
    while look_at and (now := min(look_at.values())) < end:
        made = plan([each for each in items if each.id in look_at], readers, now)
        gone = {*made.together, *made.at_once, *made.lapsed}
        if gone:
            sent.append((now, made))
        if made.together:
            readers = [
                replace(each, written_on=each.written_on | {each.calendar.local_day(now)})
                for each in readers
            ]
        look_at = {
            each.id: each.due_at if each.due_at > now else made.look_at
            for each in items
            if each.id in look_at and each.id not in gone and made.look_at
        }
    return sent


def test_what_is_due_in_working_hours_goes_at_once() -> None:
    made = plan([item("question")], [reader()], TUESDAY)
    assert made.together == ("question",)
    assert made.send_by == datetime(2026, 11, 3, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        ("2026-11-03T02:00", "2026-11-03T08:00"),
        ("2026-11-03T16:00", "2026-11-04T08:00"),
        ("2026-11-06T17:00", "2026-11-09T08:00"),
        ("2026-12-24T18:00", "2026-12-28T08:00"),
    ],
)
def test_nights_weekends_and_holidays_hold_it_back(now: str, opens_at: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    made = plan([item("question", moment)], [reader()], moment)
    assert made.together == ()
    assert made.look_at == datetime.fromisoformat(opens_at).replace(tzinfo=UTC)
    assert made.why is None


def test_an_answer_comes_at_night_and_takes_nothing() -> None:
    night = TUESDAY - timedelta(hours=8)
    made = plan([item("answer", night, is_held=False)], [reader()], night)
    assert (made.at_once, made.together) == (("answer",), ())


def test_what_is_due_on_one_day_comes_as_one_message_most_important_first() -> None:
    items = [
        item("news", rank=6, patience=timedelta(days=3)),
        item("reminder", TUESDAY + timedelta(hours=4), rank=3),
        item("proposal", rank=1),
    ]
    assert plan(items, [reader()], TUESDAY).together == ("proposal", "reminder", "news")


def test_news_waits_some_days_for_company() -> None:
    news = item("news", patience=timedelta(days=3))
    made = plan([news], [reader()], TUESDAY)
    assert (made.together, made.look_at) == ((), TUESDAY + timedelta(days=3))
    assert plan([news], [reader()], TUESDAY + timedelta(days=3)).together == ("news",)


def test_a_second_message_waits_for_the_next_day_and_a_third_for_the_next_week() -> None:
    monday, tuesday = date(2026, 11, 2), date(2026, 11, 3)
    again = plan([item("more")], [reader(written_on=frozenset({tuesday}))], TUESDAY)
    assert (again.look_at, again.why) == (datetime(2026, 11, 4, 8, 0, tzinfo=UTC), None)
    full = plan([item("more")], [reader(written_on=frozenset({monday, tuesday}))], TUESDAY)
    assert (full.look_at, full.why) == (datetime(2026, 11, 9, 8, 0, tzinfo=UTC), Hold.AT_LIMIT)


def test_a_rarer_budget_counts_over_its_weeks() -> None:
    rarely = reader(budget=Budget(1, 4), written_on=frozenset({date(2026, 10, 27)}))
    made = plan([item("question")], [rarely], TUESDAY)
    assert (made.look_at, made.why) == (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), Hold.AT_LIMIT)


def test_an_absence_is_looked_at_again_each_working_day() -> None:
    away = Calendar(BERLIN, absences=((TUESDAY - STEP, TUESDAY + timedelta(days=14)),))
    made = plan([item("question")], [reader(calendar=away)], TUESDAY)
    assert (made.look_at, made.why) == (datetime(2026, 11, 4, 8, 0, tzinfo=UTC), Hold.AWAY)


def test_a_short_absence_delays_by_hours_only() -> None:
    until = TUESDAY + timedelta(hours=2)
    quiet = Calendar(BERLIN, absences=((TUESDAY - STEP, until),))
    assert plan([item("question")], [reader(calendar=quiet)], TUESDAY).look_at == until


def test_a_reminder_is_dropped_for_whoever_wants_none() -> None:
    made = plan([item("reminder", is_reminder=True)], [reader(wants_reminders=False)], TUESDAY)
    assert (made.lapsed, made.together, made.look_at) == (("reminder",), (), None)


def test_a_group_waits_until_everybody_works() -> None:
    in_new_york = reader(calendar=Calendar("America/New_York"))
    made = plan([item("nudge")], [reader(), in_new_york], TUESDAY)
    assert made.look_at == datetime(2026, 11, 3, 14, 0, tzinfo=UTC)


def test_a_group_that_never_works_together_is_written_to_when_one_of_them_works() -> None:
    apart = [reader(), reader(calendar=Calendar("Pacific/Auckland"))]
    opening, _ = next_opening(apart, TUESDAY)
    assert plan([item("nudge", opening)], apart, opening).together == ("nudge",)


ZONES = st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/Toronto", "Asia/Kolkata", "UTC"])
HOURS = st.sampled_from([(time(9), time(17)), (time(7), time(12)), (time(13), time(21))])
MOMENTS = st.integers(0, 27 * 24).map(lambda hours: TUESDAY + timedelta(hours=hours))


@st.composite
def readers_(draw: st.DrawFn) -> Reader:
    starts, ends = draw(HOURS)
    absence = draw(MOMENTS)
    absences = ((absence, absence + timedelta(days=draw(st.integers(0, 10)))),)
    days = draw(st.frozensets(st.integers(0, 4), min_size=1))
    calendar = Calendar(
        draw(ZONES), None, frozenset(), days, starts, ends, absences if draw(st.booleans()) else ()
    )
    return Reader(calendar, Budget(draw(st.integers(1, 5)), draw(st.sampled_from([1, 1, 2, 4]))))


@st.composite
def items_(draw: st.DrawFn) -> list[Item]:
    number = draw(st.integers(1, 12))
    return [
        Item(
            f"message {each}",
            draw(MOMENTS),
            draw(st.integers(1, 6)),
            timedelta(days=draw(st.sampled_from([0, 0, 1, 3]))),
            is_held=draw(st.sampled_from([True, True, True, False])),
        )
        for each in range(number)
    ]


@given(items_(), readers_())
def test_nobody_ever_gets_more_than_their_budget_or_a_message_outside_of_their_hours(
    items: list[Item], who: Reader
) -> None:
    days = []
    for now, made in run(items, [who], TUESDAY + 2 * MONTH):
        assert len(made.together) <= MOST_PARTS
        if made.together:
            assert who.calendar.is_at_work(now, now)
            assert who.calendar.away_until(now) is None
            days.append(who.calendar.local_day(now))
    assert len(days) == len(set(days)), "at most one message a day"
    for day in days:
        monday = day - timedelta(days=day.weekday())
        first = monday - timedelta(weeks=who.budget.weeks - 1)
        within = [each for each in days if first <= each < monday + timedelta(weeks=1)]
        assert len(within) <= who.budget.days


@given(items_(), readers_())
def test_nothing_starves_and_nothing_comes_twice(items: list[Item], who: Reader) -> None:
    weeks = who.budget.weeks * (len(items) + 2)
    sent = run(items, [who], TUESDAY + MONTH + timedelta(weeks=weeks))
    came = Counter(each for _, made in sent for each in (*made.at_once, *made.together))
    assert came == Counter(each.id for each in items)


@given(
    items_(),
    st.lists(readers_(), min_size=1, max_size=3),
    MOMENTS,
    st.randoms(use_true_random=False),
)
def test_the_same_input_gives_the_same_plan(
    items: list[Item], who: list[Reader], now: datetime, random: Random
) -> None:
    shuffled = [*items]
    random.shuffle(shuffled)
    assert replace(plan(shuffled, who, now), at_once=()) == replace(
        plan(items, who, now), at_once=()
    )


@given(items_(), items_(), readers_())
def test_adding_a_message_makes_no_other_come_twice(
    items: list[Item], more: list[Item], who: Reader
) -> None:
    added = [replace(each, id=f"added {each.id}") for each in more]
    sent = run([*items, *added], [who], TUESDAY + MONTH)
    came = Counter(each for _, made in sent for each in (*made.at_once, *made.together))
    assert set(came.values()) <= {1}


@given(items_(), readers_(), MOMENTS)
def test_what_is_left_is_always_looked_at_again_later(
    items: list[Item], who: Reader, now: datetime
) -> None:
    made = plan(items, [who], now)
    left = {each.id for each in items} - {*made.at_once, *made.together, *made.lapsed}
    assert (made.look_at is not None) == bool(left)
    if made.look_at is not None:
        due_later = [each.due_at for each in items if each.id in left]
        assert max(made.look_at, min(due_later)) > now
