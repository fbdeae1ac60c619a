"""Figures from answers, each with the interval that its number of respondents allows.

All scores are on one scale from 0 (bad) to 10 (good). Intervals are at 95 %. Every function returns
finite numbers for any number of answers from one on; no answers at all is a ValueError, because
there is no honest figure for nobody.
"""

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy.special import stdtrit

from bot.surveys.scales import VALUE_RANGES, Scale, is_valid

TOP: Final = 10.0
CONFIDENCE: Final = 0.95

_FAVOURABLE_FROM: Final = {Scale.AGREE: 7.5, Scale.ENPS: 9.0}
"""Lowest favourable score out of ten: "agree" on one scale, a promoter on the other."""

_ALIKE: Final = 1e-9
"""Below this spread the scores differ by rounding only."""


@dataclass(frozen=True)
class Summary:
    """The mean score out of ten and the favourable share (0 to 1) of ``n`` respondents.

    ``spread`` is the sample standard deviation, 0.0 for a single respondent.
    """

    n: int
    mean: float
    spread: float
    favourable: float
    mean_low: float
    mean_high: float
    favourable_low: float
    favourable_high: float


@dataclass(frozen=True)
class EnpsSummary:
    """Promoters (9–10) less detractors (0–6) in points, −100 to 100, with the three counts."""

    n: int
    score: float
    promoters: int
    passives: int
    detractors: int
    low: float
    high: float


@dataclass(frozen=True)
class ChoiceShare:
    """How many of all respondents chose one option; shares are 0 to 1."""

    option: str
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Participation:
    """How many of the invited answered; the share is 0 to 1."""

    answered: int
    invited: int
    share: float


@dataclass(frozen=True)
class Change:
    """The difference of two means (after − before) in points out of ten.

    ``detectable`` is false while the interval includes no change.
    """

    difference: float
    low: float
    high: float
    detectable: bool


def to_ten(value: int, scale: Scale, direction: int) -> float:
    """Put an answer on the scale from 0 (bad) to 10 (good).

    ``direction`` is −1 for a question where a high answer is bad news. ValueError for a value
    outside its scale, a scale without numbers, or another direction.
    """
    if scale not in VALUE_RANGES:
        raise ValueError(f"A {scale} question has no score.")
    if not is_valid(scale, value):
        raise ValueError(f"A value lies outside the {scale} scale.")
    if direction not in {1, -1}:
        raise ValueError("A direction is 1 or -1.")
    lowest, highest = VALUE_RANGES[scale][0], VALUE_RANGES[scale][-1]
    score = TOP * (value - lowest) / (highest - lowest)
    return score if direction == 1 else TOP - score


def favourable(value: int, direction: int, scale: Scale = Scale.AGREE) -> bool:
    """Tell whether an answer is good news: 4 or 5 after reversal, or a promoter's 9 or 10."""
    return is_favourable(to_ten(value, scale, direction), scale)


def is_favourable(score: float, scale: Scale = Scale.AGREE) -> bool:
    """Tell whether a score out of ten is good news."""
    return score >= _FAVOURABLE_FROM[scale]


def summarise(
    values: Sequence[int], scale: Scale, direction: int, population: int | None = None
) -> Summary:
    """Summarise the answers to one agree or eNPS question; see `summarise_scores`."""
    scores = [to_ten(value, scale, direction) for value in values]
    return summarise_scores(scores, population, favourable_from=_FAVOURABLE_FROM[scale])


def summarise_scores(
    scores: Sequence[float],
    population: int | None = None,
    favourable_from: float = _FAVOURABLE_FROM[Scale.AGREE],
) -> Summary:
    """Summarise one score out of ten for each respondent, such as their mean over a driver.

    Without ``population`` the respondents stand for how such a group feels from week to week, which
    is what a trend is about, so the interval stays honest even when all of a team answered (Deming
    and Stephan, "On the Interpretation of Censuses as Samples", JASA 36, 1941). With it, the
    number of people who could have answered, the intervals describe those people at that moment
    only, and shrink to a point when all of them answered (Cochran, "Sampling Techniques", 1977,
    theorems 2.2 and 3.2).

    The mean has a t interval, see `_mean_interval` where all answers are alike; the share has
    Wilson's (Wilson, JASA 22, 1927).
    """
    n = len(scores)
    _check_sizes(n, population)
    if not all(0 <= score <= TOP for score in scores):
        raise ValueError("A score lies outside 0 to 10.")
    mean = statistics.fmean(scores)
    spread = statistics.stdev(scores) if n > 1 else 0.0
    count = sum(score >= favourable_from for score in scores)
    mean_low, mean_high = _mean_interval(n, mean, spread, CONFIDENCE, population)
    favourable_low, favourable_high = _wilson_interval(count, n, population)
    return Summary(
        n=n,
        mean=mean,
        spread=spread,
        favourable=count / n,
        mean_low=mean_low,
        mean_high=mean_high,
        favourable_low=favourable_low,
        favourable_high=favourable_high,
    )


def enps(values: Sequence[int]) -> EnpsSummary:
    """Summarise answers from 0 to 10 as an employee net promoter score; see `enps_of_counts`."""
    if not all(is_valid(Scale.ENPS, value) for value in values):
        raise ValueError("A value lies outside the enps scale.")
    promoters = sum(value >= 9 for value in values)
    detractors = sum(value <= 6 for value in values)
    return enps_of_counts(len(values), promoters, detractors)


def enps_of_counts(
    n: int, promoters: int, detractors: int, confidence: float = CONFIDENCE
) -> EnpsSummary:
    """Make a net promoter score of how many of n respondents promote, and how many detract.

    The interval is the adjusted Wald one for the difference of two multinomial proportions: ¾ is
    added to promoters and to detractors and 3 to n, which keeps it sensible for few or equal
    answers (Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70,
    2016). It is stretched to hold the score itself, which matters for a handful of equal answers.
    """
    _check_sizes(n)
    score = (promoters - detractors) / n
    promoter_share = (promoters + 0.75) / (n + 3)
    detractor_share = (detractors + 0.75) / (n + 3)
    centre = promoter_share - detractor_share
    variance = (promoter_share + detractor_share - centre**2) / (n + 3)
    margin = _normal_quantile(confidence) * math.sqrt(variance)
    return EnpsSummary(
        n=n,
        score=100 * score,
        promoters=promoters,
        passives=n - promoters - detractors,
        detractors=detractors,
        low=100 * max(-1.0, min(score, centre - margin)),
        high=100 * min(1.0, max(score, centre + margin)),
    )


def choice_shares(values: Sequence[int], options: Sequence[str]) -> tuple[ChoiceShare, ...]:
    """Count the answers to a single choice, given as option indexes; keep the options' order.

    Each share has its own Wilson interval.
    """
    n = len(values)
    _check_sizes(n)
    if not all(is_valid(Scale.CHOICE, value, len(options)) for value in values):
        raise ValueError("A value is not the index of an option.")
    counts = Counter(values)
    shares = []
    for index, option in enumerate(options):
        low, high = _wilson_interval(counts[index], n)
        shares.append(ChoiceShare(option, counts[index], counts[index] / n, low, high))
    return tuple(shares)


def in_steps(n: int, k: int) -> int:
    """Round a count down to a multiple of k, so that one more answer does not show."""
    if n < 0 or k < 1:
        raise ValueError("A count is 0 or more and a step 1 or more.")
    return n - n % k


def participation(answered: int, invited: int, step: int = 1) -> Participation:
    """Return how many of the invited answered; before sealing, ask for steps of k."""
    if not 0 <= answered <= invited:
        raise ValueError("Between none and all of the invited can have answered.")
    shown = in_steps(answered, step)
    return Participation(shown, invited, shown / invited if invited else 0.0)


def change(before: Summary, after: Summary, confidence: float = CONFIDENCE) -> Change:
    """Compare two waves from the figures that are kept, with no look at the answers.

    The interval is Welch's (Biometrika 34, 1947). It takes the waves as independent; as the same
    people mostly answer both, it errs towards "no detectable change". Where one side's answers
    are all alike there is no spread to estimate from, so the two means' intervals are combined
    instead (square and add: Zou and Donner, Statistics in Medicine 27, 2008).

    Who compares many cells at once should ask for more confidence, for example
    1 − 0.05 / comparisons (Bonferroni), or one in twenty will stand out by chance.
    """
    difference = after.mean - before.mean
    if min(before.spread, after.spread) >= _ALIKE:
        margin = _welch_margin(before, after, confidence)
        low, high = difference - margin, difference + margin
    else:
        before_low, before_high = _mean_interval(before.n, before.mean, before.spread, confidence)
        after_low, after_high = _mean_interval(after.n, after.mean, after.spread, confidence)
        low = difference - math.hypot(after.mean - after_low, before_high - before.mean)
        high = difference + math.hypot(after_high - after.mean, before.mean - before_low)
    return Change(
        difference=difference,
        low=max(-TOP, low),
        high=min(TOP, high),
        detectable=low > 0 or high < 0,
    )


def change_of_enps(before: EnpsSummary, after: EnpsSummary) -> Change:
    """Compare two net promoter scores, in points; see `change_between`."""
    return change_between(
        (before.score, before.low, before.high), (after.score, after.low, after.high)
    )


def change_between(before: tuple[float, float, float], after: tuple[float, float, float]) -> Change:
    """Compare two estimates, given with the ends of their intervals.

    Square and add: Zou and Donner, Statistics in Medicine 27, 2008. The interval has the
    confidence of the two.
    """
    old, old_low, old_high = before
    new, new_low, new_high = after
    difference = new - old
    low = difference - math.hypot(new - new_low, old_high - old)
    high = difference + math.hypot(new_high - new, old - old_low)
    return Change(difference, low, high, detectable=low > 0 or high < 0)


def _check_sizes(n: int, population: int | None = None) -> None:
    if n == 0:
        raise ValueError("There are no answers to summarise.")
    if population is not None and population < n:
        raise ValueError("More people answered than the population holds.")


def _mean_interval(
    n: int, mean: float, spread: float, confidence: float, population: int | None = None
) -> tuple[float, float]:
    """Return the ends of the interval for a mean score, within 0 to 10.

    Equal answers (or a single one) have no spread to estimate from, yet are no proof that all
    agree. If the share of people who think otherwise were above 1 − (1 − confidence)^(1/n), n equal
    answers would be too unlikely (the exact form of the rule of three: Hanley and Lippman-Hand,
    JAMA 249, 1983). The interval lets that share answer at the far end of the scale. Enumerating
    all samples of 5, 8 and 12 shows why: with this rule nine plausible distributions are covered
    at 0.87 or more, with a floor of half a step under the spread some at 0.41.
    """
    if spread < _ALIKE:
        others = 1 - (1 - confidence) ** (1 / n)
        if population is not None:
            others = min(others, (population - n) / population)
        return mean - others * mean, mean + others * (TOP - mean)
    unseen = 1.0 if population is None else 1 - n / population
    margin = _t_quantile(confidence, n - 1) * spread * math.sqrt(unseen / n)
    return max(0.0, mean - margin), min(TOP, mean + margin)


def _wilson_interval(count: int, n: int, population: int | None = None) -> tuple[float, float]:
    """Return the ends of Wilson's interval for a share.

    A known population enlarges n to the sample that would be as exact without the correction.
    """
    if population == n:
        return count / n, count / n
    size = float(n) if population is None else n * (population - 1) / (population - n)
    share = count / n
    z = _normal_quantile(CONFIDENCE)
    centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    margin = z / (1 + z**2 / size) * math.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    # At 0 and 1 rounding may leave the share itself a hair outside.
    return max(0.0, min(share, centre - margin)), min(1.0, max(share, centre + margin))


def _welch_margin(before: Summary, after: Summary, confidence: float) -> float:
    before_variance = before.spread**2 / before.n
    after_variance = after.spread**2 / after.n
    variance = before_variance + after_variance
    before_weight = before_variance / variance
    after_weight = after_variance / variance
    degrees = 1 / (before_weight**2 / (before.n - 1) + after_weight**2 / (after.n - 1))
    return _t_quantile(confidence, degrees) * math.sqrt(variance)


def _t_quantile(confidence: float, degrees: float) -> float:
    return float(stdtrit(degrees, (1 + confidence) / 2))


def _normal_quantile(confidence: float) -> float:
    return statistics.NormalDist().inv_cdf((1 + confidence) / 2)
