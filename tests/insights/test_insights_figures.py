"""The pure part of publishing: which figures a wave's answers produce."""

import itertools
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.pure.resolution import ENPS_RESOLUTION, MEAN_RESOLUTION, SHARE_RESOLUTION
from bot.insights.pure.sealed_wave import SealedComment
from bot.insights.pure.segments import EVERYONE_ELSE
from tests.insights.sealed import (
    ENPS,
    LUNCH,
    OWN,
    PACE,
    WORKLOAD,
    People,
    about,
    all_figures,
    answers,
    of,
    responses,
    sealed,
)


def test_a_driver_has_mean_share_and_interval_for_all_and_for_each_team() -> None:
    teams = {"Design": answers(0, 5, 4, 4, 3, 5, 4, 4), "Sales": answers(0, 1, 2, 3, 2, 3)}

    figures = all_figures(sealed([WORKLOAD], teams))

    driver = of(figures, "driver", "workload")
    assert set(driver) == {"all", "Design", "Sales"}
    assert {name: each.n for name, each in driver.items()} == {"all": 10, "Design": 5, "Sales": 5}
    assert about(driver["Design"].mean, (10 + 7.5 * 4 + 5 + 10) / 7, 7, MEAN_RESOLUTION)
    assert about(driver["Sales"].mean, (0 + 2.5 + 5 + 2.5 + 5) / 5, 5, MEAN_RESOLUTION)
    assert about(driver["all"].favourable, 6 / 12, 12, SHARE_RESOLUTION)
    assert [driver[team].favourable for team in ("Design", "Sales")] == [None, None]
    low, high = driver["Sales"].low, driver["Sales"].high
    assert low is not None
    assert high is not None
    assert low < 3.0 < high
    assert high - low > driver["all"].error * 2, "fewer people, less sure"  # type: ignore[operator]
    assert not of(figures, "question", "0")


def test_no_number_of_a_group_depends_on_how_it_is_divided() -> None:
    """Equal sums give equal figures: neither interval nor share reveals how a group is divided."""
    large = answers(0, *[1, 2, 3, 4, 5] * 8)
    divided = all_figures(sealed([WORKLOAD], {"Design": answers(0, 1, 1, 3, 5, 5), "Rest": large}))
    alike = all_figures(sealed([WORKLOAD], {"Design": answers(0, 3, 3, 3, 3, 3), "Rest": large}))

    assert of(divided, "driver", "workload")["Design"] == of(alike, "driver", "workload")["Design"]


def test_a_driver_counts_only_people_who_answered_all_its_questions() -> None:
    both = [{0: 5, 1: 1}, {0: 4, 1: 2}, {0: 3, 1: 3}, {0: 5, 1: 2}, {0: 2, 1: 4}]
    skipped_one = [{0: 1}]

    figures = all_figures(sealed([WORKLOAD, PACE], {"Design": [*both, *skipped_one]}))

    driver = of(figures, "driver", "workload")["all"]
    questions = of(figures, "question", "0")["all"], of(figures, "question", "1")["all"]
    assert driver.n == questions[0].n == questions[1].n == 5
    assert about(driver.mean, (10 + 7.5 + 5 + 8.75 + 2.5) / 5, 5, MEAN_RESOLUTION)


def test_the_questions_of_a_driver_are_shown_for_the_same_teams() -> None:
    # In Design too few answered both.
    design = [{0: 4, 1: 2}, {0: 1, 1: 3}, {0: 4, 1: 1}, {0: 5, 1: 1}, {0: 4}, {1: 3}]
    sales = [{0: value, 1: value} for value in (1, 2, 3, 4, 5, 1, 2)]
    legal = [{0: value, 1: value} for value in (2, 2, 3, 4, 5, 1)]

    figures = all_figures(
        sealed([WORKLOAD, PACE], {"Design": design, "Sales": sales, "Legal": legal})
    )

    shown = [set(of(figures, *which)) for which in (("driver", "workload"), ("question", "1"))]
    assert shown[0] == shown[1]
    assert "Design" not in shown[0]


def test_own_questions_stand_alone() -> None:
    figures = all_figures(sealed([OWN], {"Design": answers(2, 1, 2, 3, 4, 5)}))

    assert about(of(figures, "question", "2")["all"].mean, 5, 5, MEAN_RESOLUTION)
    assert not [each for each in figures if each.measure == "driver"]


def test_enps_and_choice() -> None:
    scores, choices = [10, 9, 8, 6, 0, 10] * 2, [0, 0, 1, 0, 1, 1] * 2
    people = [{3: score, 4: choice} for score, choice in zip(scores, choices, strict=True)]

    figures = all_figures(sealed([ENPS, LUNCH], {"Design": people}))

    enps = of(figures, "enps", "3")["all"]
    assert about(enps.score, 100 / 6, 12, ENPS_RESOLUTION)
    assert (enps.favourable, enps.unfavourable) == (None, None)
    shares = [of(figures, "choice", f"4.{number}")["all"].favourable for number in range(3)]
    for told, truth in zip(shares, (0.5, 0.5, 0), strict=True):
        assert about(told, truth, 12, SHARE_RESOLUTION)


def test_choices_of_fewer_than_2k_people_are_not_shown() -> None:
    people = [{3: 9, 4: number % 2} for number in range(9)]

    figures = all_figures(sealed([ENPS, LUNCH], {"Design": people}))

    assert not [each for each in figures if each.measure == "choice"]


def test_hiding_does_not_depend_on_answers() -> None:
    """A unanimous team is shown like any other, with a number that divided teams have too."""
    mixed = answers(0, 1, 3, 5, 2, 4, 4)
    happy = answers(0, 5, 5, 5, 5, 5, 5)
    rest = answers(0, 1, 2, 3, 4, 5, 5, 4)

    some = all_figures(sealed([WORKLOAD], {"Design": mixed, "Rest": rest}))
    all_alike = all_figures(sealed([WORKLOAD], {"Design": happy, "Rest": rest}))

    places = [
        [(each.measure, each.segment_ref, each.n) for each in one] for one in (some, all_alike)
    ]
    assert places[0] == places[1]
    assert of(all_alike, "driver", "workload")["Design"].mean == 7.5


def test_fewer_than_k_answers_give_no_figure_at_all() -> None:
    wave = sealed([WORKLOAD], {"Design": [*answers(0, 1, 2, 3, 4), None, None, None, None]})

    assert all_figures(wave) == []


def test_nobody_answered() -> None:
    assert all_figures(sealed([WORKLOAD], {"Design": [None] * 30})) == []


def test_participation_does_not_reveal_that_nobody_in_a_small_team_answered() -> None:
    teams: dict[str, People] = {
        "Design": [None] * 6,
        "Legal": [*answers(0, 1, 2, 3, 4, 5), None],
        "Sales": answers(0, 1, 2, 3, 4, 5, 5, 4, 3),
    }

    people = of(all_figures(sealed([WORKLOAD], teams)), "participation")

    assert {name: (each.n, each.population) for name, each in people.items()} == {
        "all": (10, 20),
        "Legal": (5, 6),
        "Sales": (5, 8),
    }


def test_small_teams_are_merged_in_all_measures_alike() -> None:
    teams: dict[str, People] = {
        "Design": [{0: 1, 3: 9}, {0: 2, 3: 1}, None, None, None],
        "Legal": [{0: 4, 3: 7}, {0: 5, 3: 10}, {0: 2}, None, None],
        "Sales": [{0: value, 3: value} for value in (1, 2, 3, 4, 5, 4, 3, 2)],
    }

    figures = all_figures(sealed([WORKLOAD, ENPS], teams))

    assert set(of(figures, "participation")) == {"all", "Design + Legal", "Sales"}
    assert set(of(figures, "driver", "workload")) == {"all", "Design + Legal", "Sales"}
    assert "Design" not in of(figures, "enps", "3")


def test_teams_too_small_for_a_cohort_are_counted() -> None:
    teams = {"Sales": answers(0, 1, 2, 3, 4, 5, 5), "": answers(0, 5, 4, 3, 2, 1)}

    figures = all_figures(
        sealed([WORKLOAD], teams, members={"team": {"Sales": 8, "Design": 3, "Legal": 3}})
    )

    people = of(figures, "participation")
    note = people["all"].note or ""
    assert note.startswith("2 ")
    assert note.endswith(EVERYONE_ELSE)
    assert set(people) == {"all", "Sales", "Everyone else"}
    assert [each.segment_ref for each in people.values()][-1] == "Everyone else"
    sizes = {name: (each.population, each.members) for name, each in people.items()}
    assert sizes == {"all": (11, None), "Sales": (6, 8), "Everyone else": (5, None)}


def test_earlier_merges_are_repeated_where_needed() -> None:
    teams: dict[str, People] = {
        "Art": [*answers(0, 1, 2, 3), None, None],
        "Bids": answers(0, 1, 2, 3, 4, 5),
        "Code": answers(0, 1, 2, 3, 4, 5, 4),
    }

    fresh = all_figures(sealed([WORKLOAD], teams))
    again = all_figures(sealed([WORKLOAD], teams, merged_before={"team": [["Art", "Code"]]}))

    assert set(of(fresh, "participation")) == {"all", "Art + Bids", "Code"}
    assert set(of(again, "participation")) == {"all", "Art + Code", "Bids"}


def test_any_number_of_merged_teams_and_any_name_is_merged_again() -> None:
    names = ["A", "B", "C", "D", "E", "Art + Film"]
    teams: dict[str, People] = {name: answers(0, 1, 4) for name in names}
    teams["Large"] = answers(0, *[1, 2, 3, 4] * 5)

    fresh = of(all_figures(sealed([WORKLOAD], teams)), "participation")
    together = [sorted(names)]
    again = of(
        all_figures(sealed([WORKLOAD], teams, merged_before={"team": together})), "participation"
    )

    assert len([each for each in fresh.values() if len(each.segment_values) > 1]) == 2
    assert {each.segment_values for each in again.values()} == {(), ("Large",), tuple(together[0])}


def test_a_location_is_not_shown_where_it_differs_from_a_team_by_a_few() -> None:
    places = [("Design", "Lisbon", 10), ("Sales", "Lisbon", 3), ("Sales", "Porto", 10)]
    wave = sealed(
        [WORKLOAD],
        {
            str(number): answers(0, *[1, 3, 5, 4] * 3)[:count]
            for number, (*_, count) in enumerate(places)
        },
        cohorts={
            number: {"team": team, "location": location}
            for number, (team, location, _) in enumerate(places)
        },
    )

    groups = {
        (each.segment, each.segment_ref) for each in all_figures(wave) if each.measure == "driver"
    }

    assert groups == {("all", ""), ("team", "Design"), ("team", "Sales")}


def test_a_figure_stores_its_cohorts_and_values() -> None:
    teams = {"Design": answers(0, 5, 4, 4, 3, 5, 4), "Sales": answers(0, 1, 2, 3, 2, 3)}

    driver = of(all_figures(sealed([WORKLOAD], teams)), "driver", "workload")

    assert driver["all"].cohorts == (0, 1)
    assert (driver["Sales"].cohorts, driver["Sales"].segment_values) == ((1,), ("Sales",))


def test_a_small_group_has_no_favourable_share_whatever_it_answered() -> None:
    teams = {
        "Happy": answers(0, *[4, 5, 5] * 3),
        "Mixed": answers(0, *[1, 3, 5] * 3),
        "Large": answers(0, *[4, 5] * 8),
    }

    driver = of(all_figures(sealed([WORKLOAD], teams)), "driver", "workload")

    assert {name for name, figure in driver.items() if figure.favourable is None} == {
        "Happy",
        "Mixed",
    }
    assert about(driver["all"].favourable, 28 / 34, 34, SHARE_RESOLUTION)
    assert driver["Large"].favourable == 0.75, "75% or more"


def test_comments_have_a_mood_from_two_and_a_half_k_writers_on() -> None:
    teams = {"Design": answers(0, *[1, 2, 3, 4] * 5)}
    happy = [SealedComment(f"r{number}", 0, 0, "I love this great team") for number in range(11)]
    two_each = [
        SealedComment(f"r{number}", 0, position, "This is terrible")
        for position in (0, 1)
        for number in range(11)
    ]

    assert not of(all_figures(sealed([WORKLOAD], teams, comments=happy)), "sentiment")
    assert not of(all_figures(sealed([WORKLOAD], teams, comments=two_each)), "sentiment")
    twelve = [*happy, SealedComment("r11", 0, 0, "This is terrible")]
    mood = of(all_figures(sealed([WORKLOAD], teams, comments=twelve)), "sentiment")["all"]
    assert (mood.n, mood.favourable, mood.unfavourable) == (10, 0.75, 0.25)


def test_merged_names_that_are_equal_or_long_stay_distinct() -> None:
    long = "x" * 119
    teams: dict[str, People] = {
        "A + B": answers(0, 1, 2, 3, 4, 5),
        "A": [*answers(0, 1, 2, 3), None, None],
        "B": [*answers(0, 1, 2, 4), None, None],
        **{f"{long}{number}": [*answers(0, 1, 2), None, None, None] for number in range(4)},
    }

    people = [each for each in all_figures(sealed([WORKLOAD], teams)) if each.segment == "team"]

    places = [(each.measure, each.measure_ref, each.segment_ref) for each in people]
    assert len(set(places)) == len(places)
    assert all(len(each.segment_ref) <= 400 for each in people)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(responses, min_size=5, max_size=9), min_size=1, max_size=5))
def test_shown_groups_and_what_is_left_of_them_have_at_least_k(
    sizes: list[list[Mapping[int, int] | None]],
) -> None:
    teams = {f"Team {number}": people for number, people in enumerate(sizes)}

    figures = all_figures(sealed([WORKLOAD, ENPS], teams))

    for measure, ref in (("participation", ""), ("driver", "workload"), ("enps", "3")):
        cells = of(figures, measure, ref)
        assert all(each.n >= 5 for each in cells.values())
        if "all" not in cells:
            assert not cells
            continue
        parts = [each for name, each in cells.items() if name != "all"]
        for count in range(1, len(parts) + 1):
            for some in itertools.combinations(parts, count):
                left = {*cells["all"].cohorts}.difference(*(each.cohorts for each in some))
                answered = sum(answering(teams, number, measure) for number in left)
                assert answered == 0 or answered >= 5


def answering(teams: Mapping[str, People], cohort: int, measure: str) -> int:
    position = {"driver": 0, "enps": 3}.get(measure)
    people = list(teams.values())[cohort]
    return sum(bool(each) if position is None else position in (each or {}) for each in people)


def test_a_merged_label_names_everyone_else_last() -> None:
    teams: dict[str, People] = {
        "": [*answers(0, 1, 2, 3), None, None],
        "Sales": [*answers(0, 1, 2), None, None, None],
        "Design": answers(0, 1, 2, 3, 4, 5),
    }

    people = of(all_figures(sealed([WORKLOAD], teams)), "participation")

    assert set(people) == {"all", "Sales + Everyone else", "Design"}
