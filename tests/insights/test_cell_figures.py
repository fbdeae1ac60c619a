from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.insights.known_cells import (
    LEAST_ANSWERING,
    USUAL_ANSWERING,
    PublishedWaves,
    known_cells,
)
from bot.insights.pure.cell_figures import (
    FRESH,
    CompanyWeek,
    cell_figures,
    without_company,
)
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import MEAN_RESOLUTION
from bot.insights.pure.sealed_wave import NO_ANSWER, Responses, SealedQuestion, SealedWave
from bot.pulse.company.choosing import week_of
from bot.pulse.pure.sampling import Cell
from bot.surveys.pure.scales import Scale

DAY = date(2026, 11, 3)
WEEK = CompanyWeek(DAY, invited=40, responded=25, is_shown=True)
PEOPLE = {"Design": 30, "Sales": 20, "": 10}
"""By team; the empty one is small teams together."""


def wave_of(answers: Mapping[str, list[int]], *, reverse: bool = False) -> SealedWave:
    """Build a week in which these answers about workload came out, by team."""
    numbers = {team: number for number, team in enumerate(PEOPLE, start=1)}
    rows = [
        (numbers[team], value, NO_ANSWER) for team, values in answers.items() for value in values
    ]
    return SealedWave(
        5,
        [
            SealedQuestion(0, "workload", Scale.AGREE, -1 if reverse else 1),
            SealedQuestion(1, "growth", Scale.AGREE, 1),
        ],
        {number: {"team": team or None} for team, number in numbers.items()},
        {numbers[team]: people for team, people in PEOPLE.items()},
        {numbers[team]: people for team, people in PEOPLE.items()},
        Responses.of([0, 1], rows),
        [],
        digests={number: f"{number:064x}" for number in numbers.values()},
        secret=b"secret",
    )


def by_team(figures: list[PublishedFigure]) -> dict[str, PublishedFigure]:
    return {each.segment_ref: each for each in figures if each.measure == "driver"}


def test_each_team_stands_alone_and_carries_its_people() -> None:
    figures = cell_figures(wave_of({"Design": [4] * 12, "": [2] * 6}), WEEK, [])
    found = by_team(figures)
    assert {
        (name, each.n, each.members) for name, each in found.items() if each.segment == "team"
    } == {
        ("Design", 10, 30),
        ("Everyone else", 5, 10),
    }
    assert found["Everyone else"].segment_values == ("",)
    assert found["Design"].favourable is not None
    assert found["Everyone else"].favourable is None, "below 2k it would show each answer"
    (people,) = [each for each in figures if each.measure == "participation"]
    assert (people.n, people.population) == (25, 40)


def test_the_gate_is_asked_although_pools_count_too() -> None:
    assert not cell_figures(wave_of({"Design": [4] * 4}), replace(WEEK, is_shown=False), [])


def test_a_reversed_question_is_read_the_other_way_round() -> None:
    plain = by_team(cell_figures(wave_of({"Design": [5] * 30}), WEEK, []))["Design"]
    reverse = by_team(cell_figures(wave_of({"Design": [1] * 30}, reverse=True), WEEK, []))["Design"]
    assert plain.mean == reverse.mean


def test_the_company_is_computed_from_figures_of_half_of_the_people() -> None:
    design = cell_figures(wave_of({"Design": [5] * 30}), WEEK, [])
    assert by_team(design)[""].mean == by_team(design)["Design"].mean

    sales = cell_figures(wave_of({"Sales": [1] * 20}), WEEK, [])
    assert "" not in by_team(sales), "20 of 60 people are too few"

    before = WaveFigures(DAY - timedelta(weeks=3), 5, by_team_only(design))
    both = by_team(cell_figures(wave_of({"Sales": [1] * 20}), WEEK, [before]))
    parts = (by_team(design)["Design"].mean or 0.0, both["Sales"].mean or 0.0)
    assert both[""].mean == pytest.approx((30 * parts[0] + 20 * parts[1]) / 50, abs=0.05)
    assert both[""].n == by_team(design)["Design"].n + both["Sales"].n

    old = replace(before, held_on=DAY - FRESH - timedelta(days=1))
    assert "" not in by_team(cell_figures(wave_of({"Sales": [1] * 20}), WEEK, [old]))


def by_team_only(figures: list[PublishedFigure]) -> list[PublishedFigure]:
    (kept,) = without_company([WaveFigures(DAY, 5, figures)])
    assert all(each.segment != "all" for each in kept.figures if each.measure == "driver")
    assert len(kept.figures) < len(figures)
    return list(kept.figures)


def test_what_is_known_has_every_cell_that_any_week_showed() -> None:
    first = cell_figures(wave_of({"Design": [5] * 30, "": [4] * 6}), WEEK, [])
    later = cell_figures(wave_of({"Sales": [3] * 20}), replace(WEEK, responded=5), [])
    waves = [WaveFigures(DAY, 5, first), WaveFigures(DAY + timedelta(weeks=1), 5, later)]
    known = known_cells(PublishedWaves(waves, 5))
    assert {cell: each.week - week_of(DAY) for cell, each in known.published.items()} == {
        Cell("workload", "Design"): 0,
        Cell("workload", ""): 0,
        Cell("workload", "Sales"): 1,
    }
    assert (
        known.published[Cell("workload", "Design")].error
        < known.published[Cell("workload", "")].error
    )
    assert known.answering == pytest.approx((25 / 40 + 5 / 40) / 2)
    assert known.figure_error(9) == MEAN_RESOLUTION.error(5, 5, 2.5)


def test_before_the_first_figure_a_usual_share_is_expected_to_answer() -> None:
    assert known_cells(PublishedWaves([], 5)).answering == USUAL_ANSWERING
    nobody = cell_figures(wave_of({}), replace(WEEK, responded=0), [])
    assert (
        known_cells(PublishedWaves([WaveFigures(DAY, 5, nobody)], 5)).answering == LEAST_ANSWERING
    )
