"""The share of people who feel strain: when it is published, and that a rise is found."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.insights.pure.change import find_changes
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import WaveFigures, usual_gaps
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import SHARE_RESOLUTION
from bot.insights.pure.sealed_wave import SealedQuestion
from bot.insights.pure.stands_out import Statement, find_statements
from bot.surveys.pure.bank import strain_question
from bot.surveys.pure.scales import Scale
from tests.insights.sealed import WORKLOAD, about, all_figures, answers, of, sealed

OPTIONS = ("none", "stress", "burning out", "lasting", "completely")
BURNOUT = SealedQuestion(0, "wellbeing", Scale.CHOICE, 1, OPTIONS, strain_from=3)
FIRST = date(2026, 1, 6)


def team(size: int, strained: int) -> list[int]:
    """Return steps from 0: some people on the third to fifth, the others on the first two."""
    return [2 + number % 3 for number in range(strained)] + [
        number % 2 for number in range(size - strained)
    ]


def figures(**teams: tuple[int, int]) -> list[PublishedFigure]:
    """Return the figures of a wave; a team is given as its size and how many feel strain."""
    wave = sealed([BURNOUT], {name: answers(0, *team(*counts)) for name, counts in teams.items()})
    return all_figures(wave)


def test_the_share_counts_from_the_third_step_on() -> None:
    shown = of(figures(Sales=(40, 10), Support=(40, 30)), "strain", "0")
    assert about(shown["all"].score, 0.5, 80, SHARE_RESOLUTION)
    assert about(shown["Sales"].score, 0.25, 40, SHARE_RESOLUTION)
    assert about(shown["Support"].score, 0.75, 40, SHARE_RESOLUTION)
    support = shown["Support"]
    assert support.low is not None
    assert support.high is not None
    assert 0.55 < support.low < 0.75 < support.high <= 1


def test_no_step_is_published_by_itself() -> None:
    assert {each.measure for each in figures(Sales=(40, 10))} == {"participation", "strain"}


@pytest.mark.parametrize(("size", "is_shown"), [(11, False), (12, True)])
def test_a_share_needs_more_than_twice_the_smallest_group(size: int, is_shown: bool) -> None:
    shown = of(figures(Sales=(40, 10), Support=(size, 5)), "strain", "0")
    assert ("Support" in shown) is is_shown


def test_a_question_that_was_not_asked_has_no_figure() -> None:
    wave = sealed([BURNOUT, replace(WORKLOAD, position=1)], {"Sales": answers(1, *[4] * 12)})
    assert {each.measure for each in all_figures(wave)} == {"participation", "driver"}


def test_the_bank_counts_burnout_as_its_source_does() -> None:
    found = strain_question("wellbeing_burnout")
    assert found
    assert (found.strain_from, found.steps) == (3, "steps 3 to 5 of 5")
    assert strain_question("workload_normal_hours") is None
    assert strain_question(None) is None


def rounds(*of_support: int, weeks: int = 4) -> list[WaveFigures]:
    """Return waves `weeks` apart, with how many of Support's 30 people feel strain in each.

    In the weeks between, the survey asks something else.
    """
    waves = []
    for number, strained in enumerate(of_support):
        for week in range(weeks):
            shown = (
                figures(Sales=(40, 8), Design=(40, 8), Support=(30, strained))
                if week == 0
                else [PublishedFigure("participation", "", "all", "", 100, population=110)]
            )
            day = FIRST + timedelta(weeks=weeks * number + week)
            waves.append(WaveFigures(day, 5, shown))
    return waves[: -(weeks - 1)]


def found_in(waves: list[WaveFigures]) -> tuple[Statement, ...]:
    return find_statements(waves, find_changes(waves))


def test_a_team_whose_strain_rises_stands_out_and_nobody_else() -> None:
    assert found_in(rounds(6, 6, 6, 6, 6)) == ()

    (statement,) = found_in(rounds(6, 6, 6, 6, 24))

    assert statement.finding is Finding.STRAIN
    assert statement.cell == ("strain", "0", "team", "Support")
    assert statement.weeks == 4
    assert 0 < statement.low < statement.difference < statement.high
    assert statement.value == pytest.approx(0.8, abs=0.1)


def test_a_team_far_above_the_company_stands_out_and_one_far_below_does_not() -> None:
    (statement,) = found_in(rounds(27))
    assert (statement.finding, statement.cell.segment_ref) == (Finding.FAR_STRAINED, "Support")
    calm = [*figures(Sales=(40, 30), Design=(40, 30), Support=(30, 1))]
    assert found_in([WaveFigures(FIRST, 5, calm)]) == ()


def test_less_strain_calls_for_nothing() -> None:
    assert all(each.finding is not Finding.STRAIN for each in found_in(rounds(24, 24, 24, 24, 6)))


def test_rounds_are_as_far_apart_as_their_question_is_asked() -> None:
    gaps = usual_gaps(rounds(6, 6, 6))
    assert gaps["strain", "0"] == timedelta(weeks=4)
    assert gaps["participation", ""] == timedelta(weeks=1)
