import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.insights.statistics import (
    Summary,
    change,
    choice_shares,
    enps,
    favourable,
    in_steps,
    participation,
    summarise,
    summarise_scores,
    to_ten,
)
from bot.surveys.scales import Scale

agree_answers = st.lists(st.integers(1, 5), min_size=1, max_size=60)
enps_answers = st.lists(st.integers(0, 10), min_size=1, max_size=60)
directions = st.sampled_from([1, -1])
scores = st.lists(st.floats(0, 10), min_size=1, max_size=40)

FEELINGS = [
    (0.05, 0.10, 0.20, 0.40, 0.25),
    (0.20, 0.20, 0.20, 0.20, 0.20),
    (0.02, 0.03, 0.05, 0.20, 0.70),
    (0.45, 0.05, 0.00, 0.05, 0.45),
    (0.00, 0.00, 0.05, 0.95, 0.00),
]


def all_samples(feeling: Sequence[float], n: int) -> Iterator[tuple[float, list[int]]]:
    """Yield each possible set of n agree answers with its probability."""
    for answers in itertools.combinations_with_replacement(range(1, 6), n):
        probability = float(math.factorial(n))
        for value, count in Counter(answers).items():
            probability *= feeling[value - 1] ** count / math.factorial(count)
        if probability > 0:
            yield probability, list(answers)


def true_mean(feeling: Sequence[float]) -> float:
    return sum(2.5 * step * share for step, share in enumerate(feeling))


def test_to_ten() -> None:
    assert [to_ten(value, Scale.AGREE, 1) for value in range(1, 6)] == [0, 2.5, 5, 7.5, 10]
    assert [to_ten(value, Scale.AGREE, -1) for value in range(1, 6)] == [10, 7.5, 5, 2.5, 0]
    assert [to_ten(value, Scale.ENPS, 1) for value in range(11)] == list(range(11))


@pytest.mark.parametrize(
    ("value", "scale", "direction"),
    [
        (0, Scale.AGREE, 1),
        (6, Scale.AGREE, 1),
        (11, Scale.ENPS, 1),
        (3, Scale.AGREE, 0),
        (0, Scale.CHOICE, 1),
        (0, Scale.TEXT, 1),
    ],
)
def test_to_ten_refuses_what_has_no_score(value: int, scale: Scale, direction: int) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        to_ten(value, scale, direction)


def test_favourable() -> None:
    assert [favourable(value, 1) for value in range(1, 6)] == [False, False, False, True, True]
    assert [favourable(value, -1) for value in range(1, 6)] == [True, True, False, False, False]
    assert [value for value in range(11) if favourable(value, 1, Scale.ENPS)] == [9, 10]


def test_summary_against_scipy() -> None:
    values = [5, 4, 4, 3, 2, 5, 4, 1, 4, 3]
    summary = summarise(values, Scale.AGREE, 1)
    tens = [2.5 * (value - 1) for value in values]
    mean_ends = stats.ttest_1samp(tens, 0).confidence_interval(0.95)
    share_ends = stats.binomtest(6, 10).proportion_ci(0.95, method="wilson")
    assert summary.n == 10
    assert summary.mean == pytest.approx(6.25)
    assert summary.spread == pytest.approx(stats.tstd(tens))
    assert (summary.mean_low, summary.mean_high) == pytest.approx(tuple(mean_ends))
    assert summary.favourable == 0.6
    assert (summary.favourable_low, summary.favourable_high) == pytest.approx(tuple(share_ends))


@given(agree_answers, directions)
def test_a_summary_is_finite_and_ordered(values: list[int], direction: int) -> None:
    summary = summarise(values, Scale.AGREE, direction)
    assert all(math.isfinite(figure) for figure in astuple(summary))
    assert 0 <= summary.mean_low <= summary.mean <= summary.mean_high <= 10
    assert 0 <= summary.favourable_low <= summary.favourable <= summary.favourable_high <= 1
    assert summary.mean_low < summary.mean_high
    assert summary.favourable_low < summary.favourable_high


@given(agree_answers)
def test_reversing_a_question_mirrors_its_summary(values: list[int]) -> None:
    forward = summarise(values, Scale.AGREE, 1)
    backward = summarise(values, Scale.AGREE, -1)
    mirrored = summarise([6 - value for value in values], Scale.AGREE, -1)
    assert backward.mean == pytest.approx(10 - forward.mean)
    assert backward.mean_low == pytest.approx(10 - forward.mean_high)
    assert mirrored == forward


@given(scores, st.integers(0, 50))
def test_any_scores_and_population_give_finite_ordered_figures(
    values: list[float], silent: int
) -> None:
    open_ended = summarise_scores(values)
    among_all = summarise_scores(values, population=len(values) + silent)
    assert all(math.isfinite(figure) for figure in astuple(among_all))
    assert open_ended.mean_low <= among_all.mean_low <= among_all.mean + 1e-9
    assert among_all.mean - 1e-9 <= among_all.mean_high <= open_ended.mean_high
    assert open_ended.favourable_low <= among_all.favourable_low + 1e-9
    assert among_all.favourable_high <= open_ended.favourable_high + 1e-9


def test_a_population_narrows_the_interval_as_cochran_says() -> None:
    values = [5, 4, 4, 3, 2, 5, 4, 1, 4, 3]
    sample = summarise(values, Scale.AGREE, 1)
    half = summarise(values, Scale.AGREE, 1, population=20)
    everyone = summarise(values, Scale.AGREE, 1, population=10)
    ratio = (half.mean_high - half.mean_low) / (sample.mean_high - sample.mean_low)
    assert ratio == pytest.approx(math.sqrt(1 - 10 / 20))
    assert sample.favourable_low < half.favourable_low < half.favourable
    assert (everyone.mean_low, everyone.mean_high) == (everyone.mean, everyone.mean)
    assert (everyone.favourable_low, everyone.favourable_high) == (0.6, 0.6)


@pytest.mark.parametrize("feeling", FEELINGS)
@pytest.mark.parametrize("n", [5, 8])
def test_intervals_of_few_answers_hold_the_truth_often_enough(
    feeling: tuple[float, ...], n: int
) -> None:
    covered = 0.0
    for probability, answers in all_samples(feeling, n):
        summary = summarise(answers, Scale.AGREE, 1)
        if summary.mean_low <= true_mean(feeling) + 1e-9 <= summary.mean_high + 2e-9:
            covered += probability
    assert covered > 0.86  # the worst is the very skewed one, a known weakness of the t interval


def test_equal_answers_leave_room_for_those_who_think_otherwise() -> None:
    one = summarise([4], Scale.AGREE, 1)
    five = summarise([4] * 5, Scale.AGREE, 1)
    hundred = summarise([4] * 100, Scale.AGREE, 1)
    others = 1 - 0.05 ** (1 / 5)
    assert five.spread == one.spread == 0
    assert (five.mean_low, five.mean_high) == pytest.approx(
        (7.5 - others * 7.5, 7.5 + others * 2.5)
    )
    assert one.mean_low < five.mean_low < hundred.mean_low < 7.5
    assert hundred.mean_low == pytest.approx(7.5 * (1 - 3 / 100), abs=0.01)
    assert summarise([4] * 5, Scale.AGREE, 1, population=6).mean_low == pytest.approx(7.5 * 5 / 6)


def test_scores_that_differ_by_rounding_only_count_as_equal() -> None:
    third = 20 / 3
    nearly = summarise_scores([third, math.nextafter(third, 10), third])
    assert nearly.mean_high - nearly.mean_low > 5


def test_nobody_has_no_figure() -> None:
    with pytest.raises(ValueError, match="no answers"):
        summarise([], Scale.AGREE, 1)
    with pytest.raises(ValueError, match="no answers"):
        enps([])
    with pytest.raises(ValueError, match="no answers"):
        choice_shares([], ["Yes", "No"])


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="population"):
        summarise([4, 4], Scale.AGREE, 1, population=1)
    for score in [10.5, -1, math.nan, math.inf]:
        with pytest.raises(ValueError, match="outside 0 to 10"):
            summarise_scores([score])


def test_enps_counts_and_score() -> None:
    summary = enps([10, 9, 9, 8, 7, 6, 0, 10, 9, 5])
    assert (summary.promoters, summary.passives, summary.detractors) == (5, 2, 3)
    assert summary.score == pytest.approx(20)
    # (5.75 − 3.75) / 13 ± 1.96 · √((9.5 / 13 − (2 / 13)²) / 13)
    assert (summary.low, summary.high) == pytest.approx((-30.33, 61.10), abs=0.01)


@given(enps_answers)
def test_enps_is_finite_and_within_its_interval(values: list[int]) -> None:
    summary = enps(values)
    assert summary.promoters + summary.passives + summary.detractors == summary.n == len(values)
    assert -100 <= summary.low <= summary.score <= summary.high <= 100
    assert summary.low < summary.high


def test_enps_of_equal_answers_gets_surer_with_more_of_them() -> None:
    few, many = enps([10] * 5), enps([10] * 500)
    assert few.score == many.score == 100
    assert few.low < 30
    assert many.low > 98
    assert enps([0] * 5).high == pytest.approx(-few.low)
    assert enps([8] * 5).low == pytest.approx(-enps([7] * 5).high)


def test_enps_refuses_other_values() -> None:
    with pytest.raises(ValueError, match="enps scale"):
        enps([11])


def test_choice_shares() -> None:
    yes, no, unsure = choice_shares([0, 0, 2, 0], ["Yes", "No", "Unsure"])
    assert (yes.option, yes.n, yes.share) == ("Yes", 3, 0.75)
    assert (no.n, no.share, no.low) == (0, 0.0, 0.0)
    assert no.high > 0.3
    assert unsure.low < unsure.share == 0.25 < unsure.high
    ends = stats.binomtest(3, 4).proportion_ci(0.95, method="wilson")
    assert (yes.low, yes.high) == pytest.approx(tuple(ends))
    with pytest.raises(ValueError, match="index of an option"):
        choice_shares([3], ["Yes", "No", "Unsure"])


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_in_steps(n: int, k: int) -> None:
    shown = in_steps(n, k)
    assert shown % k == 0
    assert 0 <= n - shown < k


def test_participation() -> None:
    assert participation(17, 20).share == pytest.approx(0.85)
    before_sealing = participation(17, 20, step=5)
    assert (before_sealing.answered, before_sealing.share) == (15, 0.75)
    assert participation(16, 20, step=5) == participation(19, 20, step=5)
    assert participation(0, 0).share == 0
    for answered, invited, step in [(3, 2, 1), (-1, 2, 1), (1, 2, 0)]:
        with pytest.raises(ValueError, match=r"\.$"):
            participation(answered, invited, step)


def test_change_against_scipy() -> None:
    first, second = [0.0, 2.5, 5, 5, 2.5, 7.5], [7.5, 10, 7.5, 5, 7.5, 10, 10, 7.5]
    result = change(summarise_scores(first), summarise_scores(second))
    welch = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    assert (result.low, result.high) == pytest.approx(tuple(welch))
    assert result.difference == pytest.approx(8.125 - 3.75)
    assert result.detectable


def test_the_same_again_is_no_detectable_change() -> None:
    summary = summarise([3, 4, 5, 4, 2], Scale.AGREE, 1)
    result = change(summary, summary)
    assert result.difference == 0
    assert result.low < 0 < result.high
    assert not result.detectable


def test_more_confidence_asks_for_more_evidence() -> None:
    before = summarise([3, 3, 4, 3, 3, 2, 4, 3], Scale.AGREE, 1)
    after = summarise([4, 4, 4, 5, 3, 4, 4, 3], Scale.AGREE, 1)
    assert change(before, after).detectable
    assert not change(before, after, confidence=1 - 0.05 / 20).detectable


def test_change_between_equal_answers() -> None:
    few_low, few_high = (summarise([value] * 3, Scale.AGREE, 1) for value in (3, 4))
    many_low, many_high = (summarise([value] * 60, Scale.AGREE, 1) for value in (3, 4))
    assert not change(few_low, few_high).detectable
    assert change(many_low, many_high).detectable
    assert change(many_high, many_low).high < 0


def test_one_person_a_side_never_shows_a_change() -> None:
    worst, best = (summarise([value], Scale.AGREE, 1) for value in (1, 5))
    assert change(worst, best).difference == 10
    assert not change(worst, best).detectable


@given(scores, scores)
def test_a_change_is_finite_ordered_and_symmetric(first: list[float], second: list[float]) -> None:
    before, after = summarise_scores(first), summarise_scores(second)
    forward, backward = change(before, after), change(after, before)
    assert all(math.isfinite(figure) for figure in astuple(forward))
    assert -10 <= forward.low <= forward.difference <= forward.high <= 10
    assert forward.low == pytest.approx(-backward.high)
    assert forward.detectable == backward.detectable


@pytest.mark.parametrize("feeling", FEELINGS)
def test_false_alarms_between_unchanged_waves_are_rare(feeling: tuple[float, ...]) -> None:
    samples: list[tuple[float, Summary]] = [
        (probability, summarise(answers, Scale.AGREE, 1))
        for probability, answers in all_samples(feeling, 5)
    ]
    alarms = sum(
        first * second
        for (first, before), (second, after) in itertools.combinations(samples, 2)
        if change(before, after).detectable
    )
    assert 2 * alarms < 0.07
