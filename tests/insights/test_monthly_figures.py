"""A month's figures say nothing about fewer than k people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.pure.monthly_figures import (
    HOURS,
    PEOPLE,
    MonthFigure,
    MonthSource,
    Row,
    compute_month,
    rounded_median,
    usual_spread,
)
from bot.insights.pure.months import Month, months_to_tally

KINDS = ("access", "decision", "other")
K = 5


def source(rows: Sequence[Row], teams: Mapping[str, str | None] | None = None) -> MonthSource:
    everybody = {f"{team}{number}": team for team in ("A", "B", "C") for number in range(40)}
    return MonthSource(K, b"secret", KINDS, rows, everybody if teams is None else teams)


def rows_of(
    team: str, count: int, category: str = "access", hours: float | None = None
) -> list[Row]:
    return [Row(f"{team}{number}", category, hours) for number in range(count)]


def numbers(figures: Sequence[MonthFigure], measure: str) -> dict[str, float | None]:
    """Return the values of a measure by segment; of people, their number."""
    return {
        each.segment_ref: each.n if measure == PEOPLE else each.value
        for each in figures
        if each.measure == measure
    }


@pytest.mark.parametrize("count", [0, 1, K - 1])
def test_too_few_people_have_no_figure(count: int) -> None:
    assert compute_month(source(rows_of("A", count))) == [MonthFigure("all", "", PEOPLE, 0)]


def test_one_person_with_many_rows_is_one_person() -> None:
    many = [Row("A1", "access") for _ in range(30)]

    assert compute_month(source(many)) == [MonthFigure("all", "", PEOPLE, 0)]


def test_each_person_weighs_the_same() -> None:
    once = [*rows_of("A", 20, "access"), *rows_of("B", 20, "decision")]
    often = once + 50 * [Row("A1", "access")]

    assert compute_month(source(often)) == compute_month(source(once))


def test_people_are_counted_in_steps_and_small_teams_are_merged() -> None:
    found = compute_month(source([*rows_of("A", 13), *rows_of("B", 3), *rows_of("C", 4)]))

    assert numbers(found, PEOPLE) == {"": 20, "A": 10, "B + C": 5}


def test_shares_need_two_and_a_half_times_k_people() -> None:
    few, enough = (compute_month(source(rows_of("A", count))) for count in (11, 12))

    assert {each.measure for each in few} == {PEOPLE}
    assert {each.measure for each in enough} == {PEOPLE, *KINDS}


@given(st.lists(st.sampled_from(KINDS), min_size=12, max_size=60))
def test_shares_are_coarse_and_never_ends(chosen: list[str]) -> None:
    rows = [Row(f"{'AB'[number % 2]}{number // 2}", kind) for number, kind in enumerate(chosen)]

    for figure in compute_month(source(rows)):
        if figure.measure in KINDS and figure.segment == "all":
            true = chosen.count(figure.measure) / len(chosen)
            assert figure.value is not None
            assert 0 < figure.value < 1
            # The last share is what the others leave, with the rounding of all of them.
            assert abs(figure.value - true) <= (0.51 if figure.measure == "other" else 0.251)


def test_times_need_times_of_two_and_a_half_times_k_people() -> None:
    timed = rows_of("A", 11, hours=20.0)
    untimed = [Row(f"B{number}", "access") for number in range(30)]

    without = compute_month(source([*timed, *untimed]))
    with_one_more = compute_month(source([*timed, *untimed, Row("C1", "access", 20.0)]))

    assert numbers(without, HOURS) == {}
    assert set(numbers(with_one_more, HOURS)) == {"", "A + C"}


def test_the_median_is_within_a_step_of_the_true_one_and_its_interval() -> None:
    drawn = Random(7)
    for people in (12, 25, 100):
        hours = [drawn.lognormvariate(3.0, 1.0) for _ in range(people)]
        rows = [Row(f"{'ABC'[n % 3]}{n // 3}", "access", each) for n, each in enumerate(hours)]

        found = compute_month(source(rows))
        (figure,) = (each for each in found if each.measure == HOURS and each.segment == "all")

        true = sorted(hours)[people // 2]
        factor = 2**0.5 if people < 20 else 2**0.25
        assert figure.value
        assert figure.low
        assert figure.high
        assert true / factor / 1.3 <= figure.value <= true * factor * 1.3
        assert figure.low < true < figure.high


def test_times_have_a_few_values_only() -> None:
    told = set()
    for minutes in range(600):
        rows = rows_of("A", 12, hours=10 + minutes / 60)
        told |= set(numbers(compute_month(source(rows)), HOURS).values())

    assert len(told) <= 4


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 12), min_size=1))
def test_what_is_shown_hides_every_small_group(sizes: dict[str, int]) -> None:
    teams = {f"{team}{number}": team for team in "ABCDEFG" for number in range(12)}
    rows = [row for team, size in sizes.items() for row in rows_of(team, size)]

    shown = set(numbers(compute_month(source(rows, teams)), PEOPLE)) - {""}

    named = {team for name in shown for team in name.split(" + ") if len(team) == 1}
    if shown and not any("more" in name or "Everyone" in name for name in shown):
        for name in shown:
            assert sum(sizes.get(team, 0) for team in name.split(" + ")) >= K
        left = sum(size for team, size in sizes.items() if team not in named)
        assert left == 0 or left >= K


def test_the_threshold_stays_while_the_members_do() -> None:
    rows = [*rows_of("A", 11, "access"), *rows_of("B", 14, "decision")]
    months = {
        tuple(numbers(compute_month(source(rows)), kind)[""] for kind in KINDS) for _ in range(3)
    }
    others = {f"Z{number}": "Z" for number in range(30)}

    assert len(months) == 1
    told = {
        numbers(compute_month(source(rows, {**source([]).teams, **dict([each])})), "access")[""]
        for each in others.items()
    }
    assert len(told) > 1, "another member draws another threshold"


def test_somebody_who_left_the_directory_counts_in_no_team() -> None:
    found = compute_month(source([*rows_of("A", 6), *rows_of("Gone", 6)]))

    assert numbers(found, PEOPLE) == {"": 10, "A": 5, "Everyone else": 5}


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        compute_month(source([Row("A1", "weather")]))


@pytest.mark.parametrize("people", [12, 15, 24, 60])
def test_the_interval_covers_the_median_of_all_in_19_of_20_months(people: int) -> None:
    """Whatever the hidden threshold; times of people are often close to log-normal."""
    drawn, covered, months = Random(3), 0, 600
    for _ in range(months):
        logs = [min(max(drawn.gauss(4.5, 1.5), 0), 10) for _ in range(people)]
        found = rounded_median(logs, K, usual_spread(logs), drawn.random())
        covered += found[1] <= 2**4.5 <= found[2]

    assert covered >= 0.95 * months


def test_months_meet_and_never_overlap() -> None:
    march, april = (Month.of(date(2026, month, 9), "Europe/Berlin") for month in (3, 4))

    assert march.begins == datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert march.ends == april.begins == datetime(2026, 3, 31, 22, 0, tzinfo=UTC), "summer time"
    assert march.last_day == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, [date(2026, 10, 1)]),
        (date(2026, 10, 1), []),
        (date(2026, 7, 1), [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]),
    ],
)
def test_each_ended_month_is_due_once(last: date | None, due: list[date]) -> None:
    now = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)

    assert [month.first_day for month in months_to_tally(last, now, "Europe/Berlin")] == due


def test_a_month_ends_where_the_workspace_is() -> None:
    now = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)

    for zone, month in (("Europe/Berlin", 10), ("America/Toronto", 9)):
        (due,) = months_to_tally(None, now, zone)
        assert due.first_day == date(2026, month, 1)
