"""All figures of one sealed wave. Pure: answers in, published numbers out.

The gate (`bot.insights.pure.segments`) decides from counts alone which groups may be shown, so
hiding says nothing about answers. `bot.insights.pure.resolution` says how fine a number may be.

Answers are added up once per cohort; every figure is a sum over its cohorts.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bot.insights.pure.mentoring_difference import mentoring_differences
from bot.insights.pure.published_figure import FigureMeasure, PublishedFigure
from bot.insights.pure.resolution import (
    ENPS_RESOLUTION,
    MEAN_RESOLUTION,
    Resolution,
    in_steps,
    least_for_shares,
    share_resolution,
    threshold,
)
from bot.insights.pure.sealed_wave import (
    IntArray,
    SealedComment,
    SealedQuestion,
    SealedWave,
    sum_by_cohort,
)
from bot.insights.pure.segments import (
    EVERYONE_ELSE,
    TOTAL,
    Segment,
    SegmentCandidates,
    merges_of,
    segment_candidates,
)
from bot.insights.pure.statistics import Estimate
from bot.insights.pure.tally import Tally
from bot.pulse.pure.counting import counted
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.scales import Scale

POINTS: Final = 2.5
"""Points out of ten per step of the five-point scale: answers 1 to 5 become 0 to 10."""
FAVOURABLE: Final = 3
"""The first favourable step: "agree", or "disagree" for a reversed question."""
MOST_STEPS: Final = 4
_QUESTION_MEAN: Final = "own"
"""Kind of number of a single question's mean. Another text would draw other thresholds."""
_OPTION: Final = "option"
"""Kind of number of the share that chose an option, or one of several."""
_SYMMETRIC: Final = (_QUESTION_MEAN, _OPTION)
"""Kinds of numbers whose opposite may be asked for, too."""


def compute_figures(wave: SealedWave, candidates: SegmentCandidates) -> list[PublishedFigure]:
    """Compute every figure of a wave for the segments that may be shown."""
    figures = list(_participation(wave, candidates))
    drivers: defaultdict[str, list[SealedQuestion]] = defaultdict(list)
    for question in wave.questions:
        if question.scale is Scale.ENPS:
            figures += _enps(wave, candidates, question)
        elif question.strain_from:
            figures += _strain(wave, candidates, question)
        elif question.scale is Scale.CHOICE:
            figures += _choice(wave, candidates, question)
        elif question.scale is Scale.AGREE:
            own = question.driver == OWN_DRIVER
            drivers[f"{OWN_DRIVER}{question.position}" if own else question.driver].append(question)
    for questions in drivers.values():
        figures += _driver(wave, candidates, questions)
    return [*figures, *_sentiment(wave, candidates), *mentoring_differences(figures)]


def publishable_segments(wave: SealedWave) -> SegmentCandidates | None:
    """Return the segments whose participation may be shown; None if too few people answered."""
    merges = [
        merge
        for dimension, merged in (wave.merged_before or {}).items()
        for merge in merges_of(dimension, merged)
    ]
    candidates = segment_candidates(wave.cohorts, wave.asked)
    return candidates.narrow(wave.answered, wave.k, merges=merges)


def _participation(wave: SealedWave, candidates: SegmentCandidates) -> Iterator[PublishedFigure]:
    for segment in candidates.segments():
        figure = _figure(wave, "participation", "", segment, wave.answered)
        if segment.dimension == TOTAL:
            figure = replace(figure, note=_hidden_teams_note(wave, candidates))
        yield replace(
            figure,
            population=sum(wave.invited.get(each, 0) for each in segment.cohorts),
            members=_members(wave, segment),
        )


def _members(wave: SealedWave, segment: Segment) -> int | None:
    """Count the invited people with a segment's values; None for everyone else and the total."""
    values = wave.members.get(segment.dimension)
    if not values or not segment.values or "" in segment.values:
        return None
    return sum(values.get(value, 0) for value in segment.values)


def _hidden_teams_note(wave: SealedWave, candidates: SegmentCandidates) -> str | None:
    """Say how many teams have no figures, and where their answers count; None if all have some."""
    unseen = set(wave.members.get("team", ())) - candidates.values("team")
    if not unseen:
        return None
    stored = {values.get("team") for values in wave.cohorts.values()}
    has_else = any(
        each.dimension == "team" and each.values == ("",) for each in candidates.segments()
    )
    where = f"counted in {EVERYONE_ELSE}" if has_else and not unseen & stored else "in the total"
    if len(unseen) == 1:
        return f"1 team is too small to show alone: it is {where}"
    return f"{len(unseen)} teams are too small to show alone: they are {where}"


def _driver(
    wave: SealedWave, candidates: SegmentCandidates, questions: Sequence[SealedQuestion]
) -> list[PublishedFigure]:
    """Return a driver's figures, and those of its questions if it has several.

    Only people who answered all of its questions count. If the driver's mean and its questions'
    means were over different people, together they would reveal who skipped one. For the same
    reason all of them are shown for the same segments.
    """
    cohorts, given = wave.responses.complete([question.position for question in questions])
    steps = [
        values - 1 if question.direction == 1 else MOST_STEPS + 1 - values
        for question, values in zip(questions, given, strict=True)
    ]
    allowed = candidates.narrow(sum_by_cohort(cohorts), wave.k)
    if allowed is None:
        return []
    first = questions[0]
    own = first.driver == OWN_DRIVER
    figures: list[PublishedFigure] = []
    if not own:
        compared = [*allowed.segments(), *allowed.comparison()]
        whole = sum(steps[1:], steps[0])
        figures += segment_means(
            wave, "driver", first.driver, compared, cohorts, whole, len(questions)
        )
    if own or len(questions) > 1:
        for question, each in zip(questions, steps, strict=True):
            ref, segments = str(question.position), list(allowed.segments())
            figures += segment_means(wave, "question", ref, segments, cohorts, each, 1)
    return figures


def _threshold(wave: SealedWave, kind: str, segment: Segment) -> float:
    """Return a group's hidden threshold for a kind of number.

    It does not depend on the question: otherwise asking the same in other words would draw another
    threshold, and the average would reveal more.
    """
    members = (wave.digests.get(each, "0") for each in segment.cohorts)
    return threshold(wave.secret, kind, members)


def segment_means(
    wave: SealedWave,
    measure: FigureMeasure,
    ref: str,
    segments: Sequence[Segment],
    cohorts: IntArray,
    steps: IntArray,
    questions: int,
) -> Iterator[PublishedFigure]:
    """Yield each segment's mean and favourable share; `steps` are summed over the questions."""
    points = POINTS / questions
    tally = Tally.of(cohorts, steps)
    favourable = Tally.of(cohorts, (steps >= FAVOURABLE * questions).astype(int))
    kind = _QUESTION_MEAN if measure == "question" else f"mean of {questions}"
    for segment, estimate in _rounded_estimates(
        wave, kind, segments, tally, MEAN_RESOLUTION, lambda x: points * x
    ):
        yield replace(
            _figure(wave, measure, ref, segment, tally.n),
            mean=estimate.value,
            error=estimate.error,
            low=estimate.low,
            high=estimate.high,
            favourable=_share(wave, f"favourable of {questions}", segment, favourable),
        )


@dataclass(frozen=True)
class _RoundedEstimate:
    value: float
    error: float
    low: float
    high: float


def _rounded_estimates(
    wave: SealedWave,
    kind: str,
    segments: Sequence[Segment],
    tally: Tally,
    resolution: Resolution,
    scaled: Callable[[float], float],
) -> Iterator[tuple[Segment, _RoundedEstimate]]:
    """Yield each segment's average, rounded for publication, with its error and interval.

    `scaled` turns a person's whole number into the unit that is published.
    """
    everybody = in_steps(wave.people(tally.n, tally.n), wave.k)
    spread = resolution.spread(scaled(tally.spread()), everybody)
    for segment in segments:
        answered, total = tally.over(segment.cohorts)
        n = in_steps(wave.people(tally.n, segment.cohorts), wave.k)
        round_number = (
            resolution.rounded_symmetrically if kind in _SYMMETRIC else resolution.rounded
        )
        rounded = round_number(scaled(total / answered), n, _threshold(wave, kind, segment))
        error = resolution.error(n, wave.k, spread)
        low, high = Estimate(rounded, error).interval(resolution.lowest, resolution.highest)
        # The lowest and highest published numbers stand for everything beyond them.
        low = resolution.lowest if rounded <= resolution.least(n) else low
        high = resolution.highest if rounded >= resolution.most(n) else high
        digits = resolution.digits
        yield segment, _RoundedEstimate(rounded, error, round(low, digits), round(high, digits))


def _share(
    wave: SealedWave, kind: str, segment: Segment, tally: Tally, unit: int = 1
) -> float | None:
    """Return a share, rounded; None of too few people, where it could reveal each answer.

    `unit` is what one person counts in the tally's total.
    """
    answered, total = tally.over(segment.cohorts)
    people = wave.people(tally.n, segment.cohorts)
    if people < least_for_shares(wave.k):
        return None
    return share_resolution(wave.k).rounded_symmetrically(
        total / answered / unit, in_steps(people, wave.k), _threshold(wave, kind, segment)
    )


def _enps(
    wave: SealedWave, candidates: SegmentCandidates, question: SealedQuestion
) -> Iterator[PublishedFigure]:
    """Yield the share of promoters (9 and 10) minus that of detractors (0 to 6), in points."""
    cohorts, (values,) = wave.responses.complete([question.position])
    kinds = (values >= 9).astype(int) - (values <= 6).astype(int)
    tally = Tally.of(cohorts, kinds)
    if allowed := candidates.narrow(tally.n, wave.k):
        segments = [*allowed.segments(), *allowed.comparison()]
        for segment, estimate in _rounded_estimates(
            wave, "enps", segments, tally, ENPS_RESOLUTION, lambda x: 100 * x
        ):
            yield replace(
                _figure(wave, "enps", str(question.position), segment, tally.n),
                score=estimate.value,
                error=estimate.error,
                low=estimate.low,
                high=estimate.high,
            )


def _choice(
    wave: SealedWave, candidates: SegmentCandidates, question: SealedQuestion
) -> Iterator[PublishedFigure]:
    """Yield the share of each option for segments with enough answers.

    All options share one threshold, so asking for an option again elsewhere reveals nothing. The
    last one gets the remainder: separately rounded shares would reveal the threshold by their sum.
    """
    cohorts, (values,) = wave.responses.complete([question.position])
    allowed = candidates.narrow(sum_by_cohort(cohorts), least_for_shares(wave.k))
    options = range(len(question.options))
    tallies = [Tally.of(cohorts, (values == number).astype(int)) for number in options]
    for segment in allowed.segments() if allowed else ():
        shares = [_share(wave, _OPTION, segment, tally) or 0.0 for tally in tallies[:-1]]
        n = in_steps(wave.people(tallies[0].n, segment.cohorts), wave.k)
        resolution = share_resolution(wave.k)
        rest = min(max(1 - sum(shares), resolution.least(n)), resolution.most(n))
        shares.append(round(rest, 6))
        for number, share in enumerate(shares):
            ref = f"{question.position}.{number}"
            yield replace(_figure(wave, "choice", ref, segment, tallies[0].n), favourable=share)


def _strain(
    wave: SealedWave, candidates: SegmentCandidates, question: SealedQuestion
) -> Iterator[PublishedFigure]:
    """Yield the share of people from a step of strain on, for segments with enough answers.

    The share of each step is not published: a single person may be on the last one. It is a share
    of options, with their threshold, so asking for the same in other words reveals nothing.
    """
    cohorts, (values,) = wave.responses.complete([question.position])
    tally = Tally.of(cohorts, (values >= question.strain_from - 1).astype(int))
    allowed = candidates.narrow(tally.n, least_for_shares(wave.k))
    if allowed is None:
        return
    for segment, estimate in _rounded_estimates(
        wave, _OPTION, list(allowed.segments()), tally, share_resolution(wave.k), float
    ):
        yield replace(
            _figure(wave, "strain", str(question.position), segment, tally.n),
            score=estimate.value,
            error=estimate.error,
            low=estimate.low,
            high=estimate.high,
        )


def _sentiment(wave: SealedWave, candidates: SegmentCandidates) -> Iterator[PublishedFigure]:
    """Yield the mood of the scored comments for segments in which enough people wrote one.

    See `Judgement.shares` for how shares are estimated.
    """
    scored = [
        (comment, judgement.shares)
        for comment, judgement in zip(wave.comments, wave.judgements, strict=True)
        if judgement
    ]
    allowed = candidates.narrow(
        count_writers(comment for comment, _ in scored), least_for_shares(wave.k)
    )
    if allowed is None:
        return
    cohorts = np.array([comment.cohort for comment, _ in scored], dtype=np.int64)
    in_scored = _count_comments(wave, [comment for comment, _ in scored])
    in_all = _count_comments(wave, wave.comments)
    thousandths = np.rint(1000 * np.array([each for _, each in scored])).astype(np.int64)
    negative, _, positive = (Tally.of(cohorts, column) for column in thousandths.T)
    for segment in allowed.segments():
        scored_here, all_here = (
            in_steps(sum(counts.get(each, 0) for each in segment.cohorts), wave.k)
            for counts in (in_scored, in_all)
        )
        yield replace(
            _figure(wave, "sentiment", "", segment, positive.n),
            n=scored_here,
            population=all_here,
            favourable=_share(wave, "positive", segment, positive, unit=1000),
            unfavourable=_share(wave, "negative", segment, negative, unit=1000),
        )


def _count_comments(wave: SealedWave, comments: Iterable[SealedComment]) -> dict[int, int]:
    """Count comments per cohort: of each question, as people count who wrote about it."""
    written = Counter((comment.cohort, comment.position) for comment in comments)
    asked = {(cohort, position): wave.asked.get(cohort, 0) for cohort, position in written}
    found: Counter[int] = Counter()
    for (cohort, _), count in counted(written, asked).items():
        found[cohort] += count
    return dict(found)


def count_writers(comments: Iterable[SealedComment]) -> dict[int, int]:
    """Count the people who wrote a comment, per cohort."""
    wrote = {(comment.cohort, comment.response) for comment in comments}
    found: defaultdict[int, int] = defaultdict(int)
    for cohort, _ in wrote:
        found[cohort] += 1
    return dict(found)


def _figure(
    wave: SealedWave,
    measure: FigureMeasure,
    ref: str,
    segment: Segment,
    answered: Mapping[int, int],
) -> PublishedFigure:
    """Return a figure without numbers; `answered` counts those who answered it, per cohort."""
    return PublishedFigure(
        measure,
        ref,
        segment.dimension,
        segment.name,
        in_steps(wave.people(answered, segment.cohorts), wave.k),
        segment.note,
        segment_values=segment.values,
        cohorts=tuple(sorted(segment.cohorts)),
    )
