from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pulse.cohorts import (
    ATTRIBUTE_NAMES,
    Attributes,
    assign_cohorts,
    discernibility,
    share_kept,
    tenure_band,
)


def value(names: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(names))


attributes = st.builds(
    Attributes,
    team=value("ABCDEF"),
    department=value("XY"),
    location=value("PQR"),
    tenure_band=value("123"),
    manager=value("mno"),
)
organisations = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), attributes, max_size=60)
ks = st.integers(1, 8)


def team(name: str, size: int, **others: str) -> dict[str, Attributes]:
    return {f"{name}{i:05}": Attributes(team=name, **others) for i in range(size)}


@given(organisations, ks)
def test_every_stored_combination_is_shared_by_k(people: dict[str, Attributes], k: int) -> None:
    cohorts = assign_cohorts(people, k)

    assert cohorts.keys() == people.keys()
    if len(people) >= k:
        assert all(size >= k for size in Counter(cohorts.values()).values())
    else:
        assert set(cohorts.values()) <= {Attributes()}


@given(organisations, ks)
def test_never_finer_than_the_truth(people: dict[str, Attributes], k: int) -> None:
    for employee_id, cohort in assign_cohorts(people, k).items():
        for name in ATTRIBUTE_NAMES:
            assert getattr(cohort, name) in {None, getattr(people[employee_id], name)}


@given(organisations, ks, st.randoms(use_true_random=False))
def test_order_of_people_does_not_matter(
    people: dict[str, Attributes], k: int, random: st.DrawFn
) -> None:
    shuffled = list(people.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # st.randoms() gives a random.Random

    assert assign_cohorts(dict(shuffled), k) == assign_cohorts(people, k)


@given(organisations, ks)
def test_no_method_keeps_the_team_of_more_people(people: dict[str, Attributes], k: int) -> None:
    if len(people) < k:
        return
    sizes = Counter(each.team for each in people.values())
    large = [size for name, size in sizes.items() if name is not None and size >= k]
    rest = len(people) - sum(large)
    missing = max(k - rest, 0) if rest else 0
    given_up = missing if sum(size - k for size in large) >= missing else min(large)

    kept = sum(cohort.team is not None for cohort in assign_cohorts(people, k).values())

    assert kept == sum(large) - given_up


def test_one_person_teams_keep_their_department() -> None:
    people = {str(i): Attributes(team=f"T{i}", department="Research") for i in range(7)}

    assert set(assign_cohorts(people, 5).values()) == {Attributes(department="Research")}


def test_all_alike_lose_nothing() -> None:
    alike = Attributes("Design", "Product", "Oslo", "1–3 years", "Ada")

    cohorts = assign_cohorts({str(i): alike for i in range(5)}, 5)

    assert set(cohorts.values()) == {alike}


def test_all_different_keep_nothing() -> None:
    people = {str(i): Attributes(*[f"{name}{i}" for name in ATTRIBUTE_NAMES]) for i in range(9)}

    assert set(assign_cohorts(people, 5).values()) == {Attributes()}


def test_a_small_rest_takes_in_no_more_people_than_it_needs() -> None:
    people = team("Sales", 30) | team("Support", 20) | team("Legal", 3)

    sizes = Counter(assign_cohorts(people, 5).values())

    assert sizes == {
        Attributes(team="Sales"): 28,
        Attributes(team="Support"): 20,
        Attributes(): 5,
    }


def test_a_small_rest_takes_in_those_most_like_it() -> None:
    people = (
        team("Sales", 30, department="Business")
        | team("Data", 20, department="Product")
        | team("Design", 3, department="Product")
    )

    sizes = Counter(assign_cohorts(people, 5).values())

    assert sizes[Attributes(department="Product")] == 5


def test_groups_with_nobody_to_spare_join_the_rest_whole() -> None:
    people = team("Sales", 6) | team("Support", 5) | team("Legal", 3)

    sizes = Counter(assign_cohorts(people, 5).values())

    assert sizes == {Attributes(team="Sales"): 6, Attributes(): 8}


def test_refuses_a_k_below_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        assign_cohorts({}, 0)


@pytest.mark.parametrize(
    ("hired_on", "band"),
    [
        (None, None),
        (date(2026, 12, 1), "under 1 year"),
        (date(2025, 6, 16), "under 1 year"),
        (date(2025, 6, 15), "1–3 years"),
        (date(2023, 6, 16), "1–3 years"),
        (date(2023, 6, 15), "3–5 years"),
        (date(2021, 6, 16), "3–5 years"),
        (date(2021, 6, 15), "5 years or more"),
        (date(2020, 2, 29), "5 years or more"),
    ],
)
def test_tenure_band_changes_on_the_anniversary(hired_on: date | None, band: str | None) -> None:
    assert tenure_band(hired_on, date(2026, 6, 15)) == band


def test_measures_of_loss() -> None:
    people = team("Sales", 7) | team("Legal", 3)
    cohorts = assign_cohorts(people, 5)

    assert discernibility(cohorts) == 5 * 5 + 5 * 5
    assert share_kept(people, cohorts) == 0.5
    assert share_kept(people, cohorts, "location") == 1.0
