"""The effect of an item, from published figures of teams."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from scipy.stats import ttest_ind

from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.segments import MERGED_NOTE
from bot.products.effects.pure.effect import (
    Effect,
    Question,
    TeamChange,
    combined,
    find_effect,
)
from bot.products.effects.wording import ALONE, NOTHING_SHOWN, effect_sentence
from tests.bench.bench_effect import TWENTY, Case, fallen, found

FIRST = date(2026, 9, 1)
TEAMS = ("Design", "Legal", "Sales", "Support", "Ops")
STARTED = FIRST + timedelta(weeks=8)
QUESTION = Question(
    "driver",
    "workload",
    frozenset({"Design"}),
    frozenset(),
    started_on=STARTED,
    look_on=STARTED + timedelta(weeks=8),
    shown_on=None,
)


def figure(team: str, mean: float, **changes: object) -> PublishedFigure:
    made = PublishedFigure("driver", "workload", "team", team, 20, mean=mean, error=0.5)
    return replace(made, **changes)  # type: ignore[arg-type] # any column


def waves(*levels: dict[str, float], merged: str = "") -> list[WaveFigures]:
    """Return weekly waves in which teams have these means; a team that is missing isn't shown."""
    return [
        WaveFigures(
            FIRST + timedelta(weeks=week),
            5,
            [
                part
                for team, mean in means.items()
                for part in (
                    figure(team, mean, note=MERGED_NOTE if team == merged else None),
                    PublishedFigure("participation", "", "team", team, 20, population=30),
                )
            ],
        )
        for week, means in enumerate(levels)
    ]


CALM = dict.fromkeys(TEAMS, 6.0)
LOW = {**CALM, "Design": 4.0}
HISTORY = [LOW] * 8 + [LOW] * 2 + [CALM] * 6


def test_equal_teams_are_compared_as_by_a_t_test() -> None:
    here, elsewhere = [2.4, 1.1, 3.0], [0.4, -0.9, 1.2, 0.1, -0.3]
    difference, margin = combined(
        [TeamChange(each, 0.01) for each in here], [TeamChange(each, 0.01) for each in elsewhere]
    )
    known = ttest_ind(here, elsewhere)
    assert difference == pytest.approx(sum(here) / 3 - sum(elsewhere) / 5)
    low, high = known.confidence_interval()
    assert (difference - margin, difference + margin) == pytest.approx((low, high), rel=1e-6)


def test_large_teams_weigh_more_and_alike_ones_do_not_make_sure() -> None:
    sure, unsure = TeamChange(1.0, 0.01), TeamChange(3.0, 1.0)
    alike = [TeamChange(0.0, 0.1)] * 4
    difference, _ = combined([sure, unsure], alike)
    assert 1.0 < difference < 2.0
    _, margin = combined([TeamChange(1.0, 0.1)], alike)
    assert margin > 0.5, "figures that moved alike still have errors of their own"


def test_without_others_the_interval_is_that_of_the_figures() -> None:
    difference, margin = combined([TeamChange(1.0, 0.25), TeamChange(2.0, 0.25)], [])
    assert difference == pytest.approx(1.5)
    assert margin == pytest.approx(1.96 * 0.125**0.5, rel=1e-3)


def test_a_rise_where_something_was_done_is_found() -> None:
    effect = find_effect(waves(*HISTORY), QUESTION)
    assert effect
    assert effect.is_compared
    assert effect.is_detectable
    assert (effect.difference, effect.before, effect.after) == (2.0, 4.0, 6.0)
    assert (effect.teams, effect.others) == (1, 4)
    assert len(effect.points) == 12
    assert (effect.points[0].touched, effect.points[0].others) == (4.0, 6.0)
    assert Effect.of_stored(effect.as_stored()) == effect


def test_what_rose_everywhere_is_no_effect() -> None:
    better = {team: mean + 2 for team, mean in LOW.items()}
    effect = find_effect(waves(*[LOW] * 8, *[better] * 8), QUESTION)
    assert effect
    assert effect.difference == 0
    assert not effect.is_detectable


def test_only_comparable_teams_are_compared() -> None:
    busy = replace(QUESTION, not_comparable=frozenset({"Legal"}))
    effect = find_effect(waves(*HISTORY), busy)
    assert effect
    assert (effect.is_compared, effect.others) == (True, 3)
    merged = find_effect(waves(*HISTORY, merged="Sales"), busy)
    assert merged
    assert (merged.is_compared, merged.others, merged.difference) == (False, 0, 2.0)
    assert all(point.others is None for point in merged.points)


def test_nothing_is_said_without_figures_before_and_after() -> None:
    everywhere = waves(*HISTORY)
    assert find_effect([], QUESTION) is None
    assert find_effect(everywhere[:9], QUESTION) is None, "it has not settled yet"
    assert find_effect(everywhere[9:], QUESTION) is None
    assert find_effect(waves(*HISTORY, merged="Design"), QUESTION) is None
    elsewhere = replace(QUESTION, touched=frozenset({"Nobody"}))
    assert find_effect(everywhere, elsewhere) is None


def test_a_fall_that_was_the_reason_is_no_part_of_the_time_before() -> None:
    story = [CALM] * 6 + [LOW] * 10
    showed = FIRST + timedelta(weeks=6)
    question = replace(QUESTION, shown_on=showed, began_before=timedelta(weeks=1))
    effect = find_effect(waves(*story), question)
    assert effect
    assert (effect.before, effect.difference) == (4.0, 0.0), "since it fell"
    later = replace(question, started_on=STARTED + timedelta(weeks=1))
    effect = find_effect(waves(*story), later)
    assert effect
    assert effect.before == 4.0, "two waves since the one that showed it"
    by_hand = find_effect(waves(*story), QUESTION)
    assert by_hand
    assert by_hand.before == 5.0


def test_figures_after_the_day_to_look_do_not_count() -> None:
    late = [LOW] * 17 + [CALM] * 4
    effect = find_effect(waves(*late), QUESTION)
    assert effect
    assert (effect.after, effect.difference) == (4.0, 0.0)


@pytest.mark.parametrize("case", [Case(TWENTY), Case(TWENTY, fallen)], ids=["drawn", "fallen"])
def test_chance_is_not_taken_for_an_effect(case: Case) -> None:
    told = found(case, 4, seed=5)
    assert told.detectable <= 0.08, "48 tries; the bench demands 0.05 of 240"
    assert told.held >= 0.9


def test_a_true_rise_is_within_the_interval() -> None:
    told = found(Case(TWENTY, touched=3, rise=2.0), 3, seed=6)
    assert told.held >= 0.9
    assert told.detectable >= 0.9


def test_the_sentence_says_how_sure_it_is() -> None:
    effect = find_effect(waves(*HISTORY), QUESTION)
    assert effect
    hoped = effect_sentence("Workload", effect, 1)
    assert "*Workload rose by 2.0 more in one team than in 4 other teams*, as hoped." in hoped
    assert "the other way than hoped" in effect_sentence("Workload", effect, -1)
    alone = replace(effect, is_compared=False, others=0)
    assert effect_sentence("Workload", alone, 1).endswith(ALONE)
    none = replace(effect, difference=0.1, low=-0.4, high=0.6)
    assert "no detectable change" in effect_sentence("Workload", none, 1)
    assert effect_sentence("Workload", None, 1) == NOTHING_SHOWN
