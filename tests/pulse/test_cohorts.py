import doctest
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.pulse.pure.cohorts
from bot.pulse.pure.cohorts import (
    ATTRIBUTE_NAMES,
    IN_MENTORING,
    NOT_IN_MENTORING,
    Attributes,
    assign_cohorts,
    members_digest,
)
from tests.bench.bench_cohorts import discernibility, share_kept


def value(names: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(names))


attributes = st.builds(
    Attributes,
    team=value("ABCDEF"),
    department=value("XY"),
    mentoring=st.sampled_from([IN_MENTORING, NOT_IN_MENTORING, None]),
    location=value("PQR"),
)
organisations = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), attributes, max_size=60)
ks = st.integers(1, 8)
in_or_not = st.sampled_from([IN_MENTORING, NOT_IN_MENTORING])
companies = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4),
    st.builds(replace, attributes, mentoring=in_or_not, team=value("AB")),
    min_size=20,
    max_size=60,
)
"""Of everybody it is known whether they have a mentor, and teams are large enough to tell."""


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


@given(companies, ks)
def test_both_sides_of_mentoring_are_kept_with_k_people_each_or_neither(
    people: dict[str, Attributes], k: int
) -> None:
    sides: dict[tuple[str | None, str | None], Counter[str | None]] = {}
    for cohort in assign_cohorts(people, k).values():
        place = cohort.team, cohort.department
        sides.setdefault(place, Counter())[cohort.mentoring] += 1

    for sizes in sides.values():
        assert set(sizes) in ({None}, {IN_MENTORING, NOT_IN_MENTORING})
        if len(people) >= k:
            assert min(sizes.values()) >= k


@given(companies, ks)
def test_where_both_sides_have_k_people_mentoring_is_kept(
    people: dict[str, Attributes], k: int
) -> None:
    truth: dict[tuple[str | None, str | None], Counter[str | None]] = {}
    cohorts = assign_cohorts(people, k)
    for employee_id, cohort in cohorts.items():
        place = cohort.team, cohort.department
        truth.setdefault(place, Counter())[people[employee_id].mentoring] += 1

    for cohort in cohorts.values():
        sizes = truth[cohort.team, cohort.department]
        assert (cohort.mentoring is not None) == (len(sizes) == 2 and min(sizes.values()) >= k)


@given(companies, ks)
def test_nobody_loses_team_or_department_to_mentoring(
    people: dict[str, Attributes], k: int
) -> None:
    unknown = {name: replace(each, mentoring=None) for name, each in people.items()}
    with_it, without = assign_cohorts(people, k), assign_cohorts(unknown, k)

    for employee_id in people:
        kept, before = with_it[employee_id], without[employee_id]
        assert (kept.team, kept.department) == (before.team, before.department)


@given(organisations, ks)
def test_where_nobody_is_in_mentoring_cohorts_are_as_without_it(
    people: dict[str, Attributes], k: int
) -> None:
    nobody = {name: replace(each, mentoring=NOT_IN_MENTORING) for name, each in people.items()}
    unknown = {name: replace(each, mentoring=None) for name, each in people.items()}

    assert assign_cohorts(nobody, k) == assign_cohorts(unknown, k)


def test_the_example_in_the_documentation_is_true() -> None:
    assert doctest.testmod(bot.pulse.pure.cohorts).failed == 0


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
    alike = Attributes("Design", "Product", None, "Oslo")

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


def test_a_digest_stands_for_a_set_of_people() -> None:
    one, other = ["U1", "U2"], ["U3"]
    whole = members_digest(b"secret", ["U3", "U1", "U2"])
    parts = [int(members_digest(b"secret", each), 16) for each in (one, other)]

    assert len(whole) == 64
    assert int(whole, 16) == parts[0] ^ parts[1]
    assert members_digest(b"another", ["U3", "U1", "U2"]) != whole


def test_measures_of_loss() -> None:
    people = team("Sales", 7) | team("Legal", 3)
    cohorts = assign_cohorts(people, 5)

    assert discernibility(cohorts) == 5 * 5 + 5 * 5
    assert share_kept(people, cohorts) == 0.5
    assert share_kept(people, cohorts, "location") == 1.0
