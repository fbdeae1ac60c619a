"""People in mentoring compared with the others in their teams: what may be published."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.pure.mentoring_difference import estimate_of
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.sealed_wave import SealedComment, SealedQuestion, SealedWave
from bot.insights.pure.statistics import compare
from tests.insights.sealed import (
    ENPS,
    LUNCH,
    OWN,
    PACE,
    WORKLOAD,
    People,
    all_figures,
    of,
    responses,
    sealed,
)

Sides = Mapping[tuple[str, str | None], People]
"""(Team, side of mentoring or None) to the people's responses."""
IN, NOT = "in mentoring", "not in mentoring"


def compared(questions: Sequence[SealedQuestion], groups: Sides, **rest: Any) -> SealedWave:
    names = {f"{team} {side}": (team, side) for team, side in groups}
    wave = sealed(questions, {name: groups[place] for name, place in names.items()}, **rest)
    cohorts = {
        number: {"team": team, "mentoring": side}
        for number, (team, side) in enumerate(names.values())
    }
    return replace(wave, cohorts=cohorts)


def of_mentoring(figures: Sequence[PublishedFigure]) -> dict[tuple[str, str, str], PublishedFigure]:
    return {
        (each.measure, each.measure_ref, each.segment_ref): each
        for each in figures
        if each.segment == "mentoring"
    }


def people(*values: int, enps: Sequence[int] = ()) -> list[Mapping[int, int]]:
    scores = enps or [10, 0] * len(values)
    return [{0: value, 3: score} for value, score in zip(values, scores, strict=False)]


DESIGN: Sides = {
    ("Design", IN): people(5, 4, 5, 4, 5, 3, enps=[10, 9, 9, 10, 6, 7]),
    ("Design", NOT): people(2, 3, 2, 1, 4, 3, 2, enps=[0, 3, 6, 7, 9, 8, 8]),
}


def test_mentees_are_compared_with_the_others_of_their_teams() -> None:
    sales: Sides = {("Sales", None): people(1, 1, 2, 1, 2, 1, 1)}

    figures = all_figures(compared([WORKLOAD, ENPS], {**DESIGN, **sales}))

    found = of_mentoring(figures)
    assert set(found) == {
        *itertools.product(["driver"], ["workload"], [IN, NOT]),
        *itertools.product(["enps"], ["3"], [IN, NOT]),
        *itertools.product(["difference"], ["workload", "3"], [IN]),
    }
    mean = found["difference", "workload", IN]
    sides = [found["driver", "workload", side].mean or 0.0 for side in (IN, NOT)]
    assert (mean.n, mean.population, mean.score) == (5, 5, None)
    assert mean.cohorts == (0, 1)
    assert [found["driver", "workload", side].cohorts for side in (IN, NOT)] == [(0,), (1,)]
    assert mean.mean == pytest.approx(sides[0] - sides[1])
    # At 97.5 %, as there are two comparisons.
    one, other = (estimate_of(found["driver", "workload", side]) for side in (IN, NOT))
    expected = compare(other, one, 0.975)
    assert (mean.low, mean.high) == (round(expected.low, 1), round(expected.high, 1))
    score = found["difference", "3", IN]
    assert score.mean is None
    scores = [found["enps", "3", side].score or 0.0 for side in (IN, NOT)]
    assert score.score == pytest.approx(scores[0] - scores[1])
    alone = of_mentoring(all_figures(compared([ENPS], {**DESIGN, **sales})))["difference", "3", IN]
    ends = [score.low, alone.low, score.score, alone.high, score.high]
    assert ends == sorted(each for each in ends if each is not None), "two are less sure than one"
    assert score.low != alone.low


def test_a_side_that_cannot_stand_alone_is_no_comparison() -> None:
    few: Sides = {**DESIGN, ("Design", IN): [*people(5, 4, 5, 3), None, None]}
    rest: Sides = {**DESIGN, ("Sales", None): [*people(1, 2), None, None, None]}
    nobody: Sides = {**DESIGN, ("Design", NOT): [None] * 7}

    for groups in (few, rest, nobody):
        figures = all_figures(compared([WORKLOAD], groups))
        assert of(figures, "participation")
        assert not of_mentoring(figures)


def test_each_driver_is_compared_where_its_own_answers_allow() -> None:
    skipped: Sides = {**DESIGN, ("Design", IN): [{3: 1}, *people(5, 4, 3, 1), {3: 9}, {3: 2}]}

    found = of_mentoring(all_figures(compared([WORKLOAD, ENPS], skipped)))

    assert {ref for _, ref, _ in found} == {"3"}


def test_groups_too_close_to_a_team_are_not_compared() -> None:
    # Design and everybody in mentoring differ by four people, whose sums could be computed.
    groups: Sides = {
        ("Design", IN): people(5, 4, 3, 2, 1, 3, 4),
        ("Design", NOT): [*people(1, 2), None, None, None],
        ("Sales", IN): [*people(5, 3), None, None, None],
        ("Sales", NOT): people(5, 4, 3, 2, 1, 3, 4),
    }

    figures = all_figures(compared([WORKLOAD], groups))

    assert {"Design", "Sales"} <= set(of(figures, "driver", "workload"))
    assert not of_mentoring(figures)


def test_only_drivers_and_enps_are_compared_for_mentoring() -> None:
    everyone = [
        {0: value, 1: value, 2: value, 3: 2 * value, 4: value % 3} for value in (1, 2, 3, 4, 5)
    ] * 3
    comments = [
        SealedComment(f"{cohort} {number}", cohort, 0, "I love this great team")
        for cohort in (0, 1)
        for number in range(12)
    ]
    groups: Sides = {("Design", IN): everyone, ("Design", NOT): everyone}

    figures = all_figures(compared([WORKLOAD, PACE, OWN, ENPS, LUNCH], groups, comments=comments))

    assert {each.measure for each in figures} == {
        *("participation", "driver", "question", "enps", "choice", "sentiment", "difference")
    }
    assert {measure for measure, _, _ in of_mentoring(figures)} == {"driver", "enps", "difference"}


companies = st.dictionaries(
    st.tuples(st.sampled_from("ABC"), st.sampled_from([IN, NOT, None])),
    st.lists(responses, min_size=5, max_size=9),
    min_size=2,
    max_size=7,
)


@settings(max_examples=80, deadline=None)
@given(companies)
def test_comparisons_never_leave_a_small_remainder(groups: Sides) -> None:
    figures = all_figures(compared([WORKLOAD, ENPS], groups))

    found = of_mentoring(figures)
    for measure, ref, position in (("driver", "workload", 0), ("enps", "3", 3)):
        shown = {side: found.get((measure, ref, side)) for side in (IN, NOT)}
        difference = found.get(("difference", ref, IN))
        one, other = shown[IN], shown[NOT]
        if one is None or other is None:
            assert (one, other, difference) == (None, None, None)
            continue
        assert difference
        assert (difference.n, difference.population) == (one.n, other.n)
        left = {*of(figures, measure, ref)["all"].cohorts} - {*one.cohorts, *other.cohorts}
        rest = sum(
            position in (each or {}) for place in left for each in list(groups.values())[place]
        )
        assert one.n >= 5
        assert other.n >= 5
        assert rest == 0 or rest >= 5


@settings(max_examples=40, deadline=None)
@given(companies)
def test_the_comparison_hides_no_other_group(groups: Sides) -> None:
    wave = compared([WORKLOAD, ENPS], groups)
    unknown = {number: {"team": each["team"]} for number, each in wave.cohorts.items()}

    figures = [each for each in all_figures(wave) if each.segment != "mentoring"]

    assert figures == all_figures(replace(wave, cohorts=unknown))
