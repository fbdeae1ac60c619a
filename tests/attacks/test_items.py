"""Candidates and effects tell nothing that the published figures do not.

The attacker reads whether something is proposed, and the effect with its chart. They are compared
over all companies in which one person gave another answer, and the same figures came out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from statistics import fmean
from typing import Final

from bot.insights.pure.change import find_changes
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.stands_out import find_statements
from bot.products.effects.pure.effect import Question, find_effect
from bot.products.items.evidence import PROPOSING
from tests.insights.sealed import WORKLOAD, all_figures, sealed

FIRST: Final = date(2026, 9, 1)
TOUCHED: Final = "Legal"
SHOWN: Final = ("Design", TOUCHED, "Ops", "Sales", "Support")
TRIED: Final = 4
"""People of a team who give another answer."""
HIDDEN: Final = "Two of us"
WAVES: Final = 8
STARTED: Final = FIRST + timedelta(weeks=4)
K: Final = 5
QUESTION: Final = Question(
    "driver",
    "workload",
    frozenset({TOUCHED}),
    frozenset(),
    started_on=STARTED,
    look_on=FIRST + timedelta(weeks=WAVES),
    shown_on=None,
)
Answers = Mapping[str, list[int]]


def a_week(seed: int, fallen: str = "") -> Answers:
    """Draw a week's answers of five teams of 15 people, and of one of two people.

    The two are merged with Design, so neither is shown alone.
    """
    random = Random(seed)
    calm, tired = (3, 4, 4, 5), (1, 1, 2)
    teams = dict.fromkeys(SHOWN, 15) | {HIDDEN: 2}
    return {
        team: random.choices(tired if team == fallen else calm, k=size)
        for team, size in teams.items()
    }


def figures_of(answers: Answers) -> list[PublishedFigure]:
    people = {team: [{0: value} for value in values] for team, values in answers.items()}
    return all_figures(sealed([WORKLOAD], people, secret=b"of this company"))


def others(answers: Answers, *teams: str) -> Iterator[Answers]:
    """Yield the weeks in which one person of these teams gave another answer."""
    for team in teams:
        for place, before in enumerate(answers[team][:TRIED]):
            for value in {1, 2, 3, 4, 5} - {before}:
                changed = [*answers[team]]
                changed[place] = value
                yield {**answers, team: changed}


def played(last: Answers, *, falls_from: int = WAVES) -> list[WaveFigures]:
    """Return what was published of all weeks; `last` are the answers of the last one."""
    weeks = [
        *(a_week(week, TOUCHED if week >= falls_from else "") for week in range(WAVES - 1)),
        last,
    ]
    return [
        WaveFigures(FIRST + timedelta(weeks=number), K, figures_of(each))
        for number, each in enumerate(weeks)
    ]


def candidates(waves: list[WaveFigures]) -> list[object]:
    found = find_statements(waves, find_changes(waves))
    return [each for each in found if each.finding in PROPOSING]


def test_a_candidate_tells_nothing_of_whom_no_figure_shows() -> None:
    last = a_week(99, TOUCHED)
    earlier = played(last)[:-1]
    shown = figures_of(last)
    assert HIDDEN not in {each.segment_ref for each in shown}
    proposed = candidates(played(last))
    assert proposed, "otherwise nothing is attacked"
    alike = 0
    for other in others(last, HIDDEN, TOUCHED):
        figures = figures_of(other)
        now = [*earlier, WaveFigures(FIRST + timedelta(weeks=WAVES - 1), K, figures)]
        if figures == shown:
            alike += 1
            assert candidates(now) == proposed
    assert alike >= 5, "figures are coarse, so one answer seldom shows"


def test_a_team_that_is_hidden_has_no_candidate_however_low() -> None:
    calm = a_week(98)
    low = {**calm, HIDDEN: [1, 1]}
    high = {**calm, HIDDEN: [5, 5]}
    for week in (low, high):
        found = candidates(played(week))
        assert not [each for each in found if HIDDEN in str(each)]


def exact_effect(last: Answers) -> float:
    """Return what exact means of the touched and the other teams would tell."""
    here = fmean(last[TOUCHED])
    return here - fmean(value for team in SHOWN[2:] for value in last[team])


def test_an_effect_is_a_function_of_what_was_published() -> None:
    last = a_week(97)
    waves = played(last, falls_from=2)
    found = find_effect(waves, QUESTION)
    assert found
    assert found.is_compared
    alike, exact = 0, set()
    for other in others(last, TOUCHED, "Ops", HIDDEN):
        now = [*waves[:-1], replace(waves[-1], figures=figures_of(other))]
        if now[-1].figures == waves[-1].figures:
            alike += 1
            exact.add(round(exact_effect(other), 6))
            assert find_effect(now, QUESTION) == found
    assert alike >= 5
    assert len(exact) > 1, "sums of exact means would tell these companies apart"


def test_an_effect_and_its_chart_hold_only_published_numbers() -> None:
    waves = played(a_week(97), falls_from=2)
    found = find_effect(waves, QUESTION)
    assert found
    shown = {
        (wave.held_on, each.segment_ref): each.mean
        for wave in waves
        for each in wave.figures
        if (each.measure, each.segment) == ("driver", "team")
    }
    for point in found.points:
        assert point.touched == shown[point.on, TOUCHED]
        rest = [shown[point.on, team] or 0.0 for team in SHOWN[2:]]
        assert point.others == round(fmean(rest), 2)
