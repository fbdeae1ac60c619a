"""All figures of one sealed wave, computed once. Pure: answers in, published numbers out.

The gate (`bot.insights.pure.segments`) decides from counts alone which groups may be shown, so that
hiding says nothing about answers. How fine a number may be says `bot.insights.pure.resolution`.

Answers are added up once per cohort; every figure is a sum over its cohorts.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bot.insights.pure.mentoring_difference import differences
from bot.insights.pure.published import Measure, Published
from bot.insights.pure.resolution import ENPS, MEAN, SHARE, Resolution, in_steps, threshold
from bot.insights.pure.sealed_wave import (
    OWN,
    Numbers,
    SealedComment,
    SealedQuestion,
    SealedWave,
    counts,
)
from bot.insights.pure.segments import (
    EVERYONE_ELSE,
    TOTAL,
    Candidates,
    Segment,
    candidates,
    merges_of,
)
from bot.insights.pure.sentiment import mood
from bot.insights.pure.statistics import Estimate
from bot.surveys.pure.scales import Scale

POINTS: Final = 2.5
"""Of ten, a step of the five-point scale: answers 1 to 5 are 0 to 10."""
FAVOURABLE: Final = 3
"""Steps from which an answer is favourable: "agree", or "disagree" where that is good."""
MOST_STEPS: Final = 4


@dataclass(frozen=True)
class Tally:
    """What one measure's figures are made of: whole numbers per cohort."""

    n: Mapping[int, int]
    total: Mapping[int, int]
    squares: int
    """The sum of everybody's squared values."""

    @classmethod
    def of(cls, cohorts: Numbers, values: Numbers) -> "Tally":
        """Add up one whole number for each respondent."""
        return cls(counts(cohorts), counts(cohorts, values), int((values**2).sum()))

    def over(self, cohorts: Iterable[int]) -> tuple[int, int]:
        """Return how many people of these cohorts answered, and their values' sum."""
        own = [cohort for cohort in cohorts if cohort in self.n]
        return sum(self.n[each] for each in own), sum(self.total[each] for each in own)

    def spread(self) -> float:
        """Return everybody's standard deviation."""
        n, total = self.over(self.n)
        return math.sqrt(max(0.0, self.squares / n - (total / n) ** 2))


def compute(wave: SealedWave) -> list[Published]:
    """Compute every figure of a wave that the gate lets exist; none when too few answered."""
    who = who_may_be_shown(wave)
    return figures_of(wave, who) if who else []


def figures_of(wave: SealedWave, who: Candidates) -> list[Published]:
    """Compute every figure of a wave within the parts that may be shown."""
    figures = list(_participation(wave, who))
    drivers: defaultdict[str, list[SealedQuestion]] = defaultdict(list)
    for question in wave.questions:
        if question.scale is Scale.ENPS:
            figures += _enps(wave, who, question)
        elif question.scale is Scale.CHOICE:
            figures += _choice(wave, who, question)
        elif question.scale is Scale.AGREE:
            own = question.driver == OWN
            drivers[f"{OWN}{question.position}" if own else question.driver].append(question)
    for questions in drivers.values():
        figures += _driver(wave, who, questions)
    return [*figures, *_sentiment(wave, who), *differences(figures)]


def who_may_be_shown(wave: SealedWave) -> Candidates | None:
    """Decide whose taking part may be known; None when too few answered for anything."""
    merges = [
        merge
        for dimension, merged in (wave.merged_before or {}).items()
        for merge in merges_of(dimension, merged)
    ]
    return candidates(wave.cohorts).narrow(wave.answered, wave.k, merges=merges)


def _participation(wave: SealedWave, who: Candidates) -> Iterator[Published]:
    for segment in who.segments():
        answered = sum(wave.answered.get(each, 0) for each in segment.cohorts)
        figure = _figure(wave, "participation", "", segment, answered)
        if segment.dimension == TOTAL:
            figure = replace(figure, note=_too_small(wave, who))
        yield replace(
            figure,
            population=sum(wave.invited.get(each, 0) for each in segment.cohorts),
            members=_members(wave, segment),
        )


def _members(wave: SealedWave, segment: Segment) -> int | None:
    """Count the invited people with a segment's values; None for everyone else and for all."""
    values = wave.members.get(segment.dimension)
    if not values or not segment.values or "" in segment.values:
        return None
    return sum(values.get(value, 0) for value in segment.values)


def _too_small(wave: SealedWave, who: Candidates) -> str | None:
    """Say how many teams have no figures, and where their answers are."""
    unseen = set(wave.members.get("team", ())) - who.values("team")
    if not unseen:
        return None
    stored = {values.get("team") for values in wave.cohorts.values()}
    has_else = any(each.dimension == "team" and each.values == ("",) for each in who.segments())
    where = f"counted in {EVERYONE_ELSE}" if has_else and not unseen & stored else "in the total"
    if len(unseen) == 1:
        return f"1 team is too small to show alone: it is {where}"
    return f"{len(unseen)} teams are too small to show alone: they are {where}"


def _driver(
    wave: SealedWave, who: Candidates, questions: Sequence[SealedQuestion]
) -> list[Published]:
    """Give a driver's figures, and its questions' where it has several.

    Only people who answered all of its questions count. Were the driver's mean over other people
    than its questions' means, the three together would tell about the one who skipped. For the
    same reason all of them are shown for the same segments.
    """
    cohorts, given = wave.responses.given([question.position for question in questions])
    steps = [
        values - 1 if question.direction == 1 else MOST_STEPS + 1 - values
        for question, values in zip(questions, given, strict=True)
    ]
    allowed = who.narrow(counts(cohorts), wave.k)
    if allowed is None:
        return []
    first = questions[0]
    own = first.driver == OWN
    figures: list[Published] = []
    if not own:
        compared = [*allowed.segments(), *allowed.comparison()]
        whole = sum(steps[1:], steps[0])
        figures += _means(wave, "driver", first.driver, compared, cohorts, whole, len(questions))
    if own or len(questions) > 1:
        for question, each in zip(questions, steps, strict=True):
            ref, segments = str(question.position), list(allowed.segments())
            figures += _means(wave, "question", ref, segments, cohorts, each, 1)
    return figures


def _threshold(wave: SealedWave, kind: str, segment: Segment) -> float:
    """Return a group's hidden threshold for a kind of number.

    It does not depend on the question: asking the same in other words would draw another one, and
    their average would tell more.
    """
    members = (wave.digests.get(each, "0") for each in segment.cohorts)
    return threshold(wave.secret, kind, members)


def _means(
    wave: SealedWave,
    measure: Measure,
    ref: str,
    segments: Sequence[Segment],
    cohorts: Numbers,
    steps: Numbers,
    questions: int,
) -> Iterator[Published]:
    """Give the mean and the favourable share of each segment; `steps` are over all questions."""
    points = POINTS / questions
    tally = Tally.of(cohorts, steps)
    favourable = Tally.of(cohorts, (steps >= FAVOURABLE * questions).astype(int))
    kind = OWN if measure == "question" else f"mean of {questions}"
    for segment, told in _estimates(wave, kind, segments, tally, MEAN, lambda x: points * x):
        yield replace(
            _figure(wave, measure, ref, segment, tally.over(segment.cohorts)[0]),
            mean=told.value,
            error=told.error,
            low=told.low,
            high=told.high,
            favourable=_share(wave, f"favourable of {questions}", segment, favourable),
        )


@dataclass(frozen=True)
class _Told:
    value: float
    error: float
    low: float
    high: float


def _estimates(
    wave: SealedWave,
    kind: str,
    segments: Sequence[Segment],
    tally: Tally,
    resolution: Resolution,
    scaled: Callable[[float], float],
) -> Iterator[tuple[Segment, _Told]]:
    """Give what is told of each segment's average, with its error and interval.

    `scaled` turns a person's whole number into the number that is published.
    """
    everybody = in_steps(tally.over(tally.n)[0], wave.k)
    spread = resolution.spread(scaled(tally.spread()), everybody)
    for segment in segments:
        answered, total = tally.over(segment.cohorts)
        n = in_steps(answered, wave.k)
        tell = resolution.told_either_way if kind == OWN else resolution.told
        told = tell(scaled(total / answered), n, _threshold(wave, kind, segment))
        error = resolution.error(n, wave.k, spread)
        low, high = Estimate(told, error).interval(resolution.lowest, resolution.highest)
        # At an end of what is told, a number stands for all beyond.
        low = resolution.lowest if told <= resolution.least(n) else low
        high = resolution.highest if told >= resolution.most(n) else high
        yield segment, _Told(told, error, round(low, 1), round(high, 1))


def _share(wave: SealedWave, kind: str, segment: Segment, tally: Tally) -> float | None:
    """Return a share as it may be told; None below 2k, where it would tell of each of them."""
    n, total = tally.over(segment.cohorts)
    if n < 2 * wave.k:
        return None
    return SHARE.told_either_way(total / n, in_steps(n, wave.k), _threshold(wave, kind, segment))


def _enps(wave: SealedWave, who: Candidates, question: SealedQuestion) -> Iterator[Published]:
    """Give the share of promoters (9 and 10) less that of detractors (0 to 6), in points."""
    cohorts, (values,) = wave.responses.given([question.position])
    kinds = (values >= 9).astype(int) - (values <= 6).astype(int)
    tally = Tally.of(cohorts, kinds)
    if allowed := who.narrow(tally.n, wave.k):
        segments = [*allowed.segments(), *allowed.comparison()]
        for segment, told in _estimates(wave, "enps", segments, tally, ENPS, lambda x: 100 * x):
            n, _ = tally.over(segment.cohorts)
            yield replace(
                _figure(wave, "enps", str(question.position), segment, n),
                score=told.value,
                error=told.error,
                low=told.low,
                high=told.high,
            )


def _choice(wave: SealedWave, who: Candidates, question: SealedQuestion) -> Iterator[Published]:
    """Give the share of each option where at least 2k people chose.

    All options have one threshold, so that an option asked again at another place adds nothing. The
    last has what the others leave: the sum of separately rounded shares would show the threshold.
    """
    cohorts, (values,) = wave.responses.given([question.position])
    allowed = who.narrow(counts(cohorts), 2 * wave.k)
    options = range(len(question.options))
    tallies = [Tally.of(cohorts, (values == number).astype(int)) for number in options]
    for segment in allowed.segments() if allowed else ():
        n, _ = tallies[0].over(segment.cohorts)
        shares = [_share(wave, "option", segment, tally) or 0.0 for tally in tallies[:-1]]
        least, most = SHARE.least(in_steps(n, wave.k)), SHARE.most(in_steps(n, wave.k))
        shares.append(round(min(max(1 - sum(shares), least), most), 6))
        for number, share in enumerate(shares):
            figure = _figure(wave, "choice", f"{question.position}.{number}", segment, n)
            yield replace(figure, favourable=share)


def _sentiment(wave: SealedWave, who: Candidates) -> Iterator[Published]:
    """Give the mood of comments where at least 2k people wrote."""
    allowed = who.narrow(writers(wave.remarks), 2 * wave.k)
    if allowed is None:
        return
    cohorts = np.array([remark.cohort for remark in wave.remarks], dtype=np.int64)
    moods = np.array([mood(remark.text) for remark in wave.remarks], dtype=np.int64)
    positive = Tally.of(cohorts, (moods > 0).astype(int))
    negative = Tally.of(cohorts, (moods < 0).astype(int))
    for segment in allowed.segments():
        n, _ = positive.over(segment.cohorts)
        yield replace(
            _figure(wave, "sentiment", "", segment, n),
            favourable=_share(wave, "positive", segment, positive),
            unfavourable=_share(wave, "negative", segment, negative),
        )


def writers(remarks: Iterable[SealedComment]) -> dict[int, int]:
    """Count the people who wrote, per cohort."""
    wrote = {(remark.cohort, remark.response) for remark in remarks}
    found: defaultdict[int, int] = defaultdict(int)
    for cohort, _ in wrote:
        found[cohort] += 1
    return dict(found)


def _figure(wave: SealedWave, measure: Measure, ref: str, segment: Segment, n: int) -> Published:
    return Published(
        measure,
        ref,
        segment.dimension,
        segment.name,
        in_steps(n, wave.k),
        segment.note,
        segment_values=segment.values,
        cohorts=tuple(sorted(segment.cohorts)),
    )
