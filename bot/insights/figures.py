"""All figures of one sealed wave, computed once. Pure: answers in, published numbers out.

Who may be shown is decided by `bot.insights.segments`; how a number is made, by
`bot.insights.statistics` and `bot.insights.sentiment`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from bot.insights.differences import differences
from bot.insights.published import Measure, Published
from bot.insights.segments import TOTAL, Candidates, Segment, candidates, merges_of
from bot.insights.sentiment import summarise_comments
from bot.insights.statistics import (
    choice_shares,
    enps,
    is_favourable,
    summarise_scores,
    to_ten,
)
from bot.surveys.scales import Scale

OWN: Final = "own"
"""The driver of questions that HR wrote."""


@dataclass(frozen=True)
class Question:
    """What is needed of a question to read its answers."""

    position: int
    driver: str
    scale: Scale
    direction: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """One sealed answer."""

    response: str
    cohort: int
    position: int
    value: int


@dataclass(frozen=True)
class Remark:
    """One sealed comment or free text."""

    cohort: int
    position: int
    text: str


@dataclass(frozen=True)
class SealedWave:
    """All that is known of a sealed wave; cohorts are numbers, people are not in it."""

    k: int
    questions: Sequence[Question]
    cohorts: Mapping[int, Mapping[str, str | None]]
    """Each cohort's values per dimension."""
    invited: Mapping[int, int]
    """Invited people per cohort."""
    answered: Mapping[int, int]
    """People per cohort who answered at least one question."""
    replies: Sequence[Reply]
    remarks: Sequence[Remark]
    teams: frozenset[str] = frozenset()
    """Names of all the invited people's teams, those too small for a cohort included."""
    merged_before: Mapping[str, Sequence[Sequence[str]]] | None = None
    """The values of each segment that the survey's previous wave merged, per dimension."""


def compute(wave: SealedWave) -> list[Published]:
    """Compute every figure of a wave that the gate lets exist; none when too few answered."""
    who = who_may_be_shown(wave)
    return figures_of(wave, who) if who else []


def figures_of(wave: SealedWave, who: Candidates) -> list[Published]:
    """Compute every figure of a wave within the parts that may be shown."""
    figures = list(_participation(wave, who))
    by_position = _by_position(wave.replies)
    drivers: defaultdict[str, list[Question]] = defaultdict(list)
    for question in wave.questions:
        replies = by_position.get(question.position, [])
        if question.scale is Scale.ENPS:
            figures += _enps(wave, who, question, replies)
        elif question.scale is Scale.CHOICE:
            figures += _choice(wave, who, question, replies)
        elif question.scale is Scale.AGREE:
            own = question.driver == OWN
            drivers[f"{OWN}{question.position}" if own else question.driver].append(question)
    for questions in drivers.values():
        figures += _driver(wave, who, questions, by_position)
    return [*figures, *_sentiment(wave, who), *differences(figures)]


def who_may_be_shown(wave: SealedWave) -> Candidates | None:
    """Decide whose taking part may be known; None when too few answered for anything.

    Twice through the gate: once by the invited, where "nobody answered" is an answer that all share
    (that all of a team answered harms nobody; that nobody did would be known of each of them), and
    once by those who answered.
    """
    nobody = {cohort: "no answer" for cohort in wave.invited if not wave.answered.get(cohort)}
    merges = [
        merge
        for dimension, merged in (wave.merged_before or {}).items()
        for merge in merges_of(dimension, merged)
    ]
    invited = candidates(wave.cohorts).narrow(wave.invited, wave.k, alike=nobody, merges=merges)
    return invited.narrow(wave.answered, wave.k, merges=merges) if invited else None


def _participation(wave: SealedWave, who: Candidates) -> Iterator[Published]:
    for segment in who.segments():
        figure = _figure("participation", "", segment, _total(wave.answered, segment))
        if segment.dimension == TOTAL:
            figure = replace(figure, note=_too_small(len(wave.teams - who.values("team"))))
        yield replace(figure, population=_total(wave.invited, segment))


def _too_small(teams: int) -> str | None:
    if teams == 0:
        return None
    which = "1 team has" if teams == 1 else f"{teams} teams have"
    return f"{which} too few answers to be shown alone"


def _driver(
    wave: SealedWave,
    who: Candidates,
    questions: Sequence[Question],
    by_position: Mapping[int, Sequence[Reply]],
) -> Iterator[Published]:
    """Give a driver's figures, and its questions' where it has several.

    Only people who answered all of its questions count. Were the driver's mean over other people
    than its questions' means, the three together would tell the answer of the one who skipped.
    For the same reason all of them are shown for the same segments.
    """
    scores: defaultdict[str, list[float]] = defaultdict(list)
    cohort_of: dict[str, int] = {}
    for question in questions:
        for reply in by_position.get(question.position, []):
            scores[reply.response].append(to_ten(reply.value, Scale.AGREE, question.direction))
            cohort_of[reply.response] = reply.cohort
    complete = {who: each for who, each in scores.items() if len(each) == len(questions)}
    pooled = {who: fmean(each) for who, each in complete.items()}
    measures = [
        {who: each[place] for who, each in complete.items()} for place in range(len(questions))
    ]
    allowed: Candidates | None = who
    for measure in [*measures, pooled]:
        by_cohort = _by_cohort((cohort_of[each], score) for each, score in measure.items())
        allowed = _narrow(allowed, by_cohort, wave.k)
    if allowed is None:
        return
    own = questions[0].driver == OWN
    segments = list(allowed.segments())
    if not own:
        compared = [*segments, *allowed.comparison()]
        shares = _with_shares(allowed, pooled, cohort_of, wave.k)
        yield from _means("driver", questions[0].driver, compared, pooled, cohort_of, shares)
    if own or len(questions) > 1:
        for question, measure in zip(questions, measures, strict=True):
            ref = str(question.position)
            shares = _with_shares(allowed, measure, cohort_of, wave.k)
            yield from _means("question", ref, segments, measure, cohort_of, shares)


def _means(
    measure: Measure,
    ref: str,
    segments: Iterable[Segment],
    scores: Mapping[str, float],
    cohort_of: Mapping[str, int],
    with_shares: Collection[frozenset[int]],
) -> Iterator[Published]:
    for segment in segments:
        own = [score for who, score in scores.items() if cohort_of[who] in segment.cohorts]
        summary = summarise_scores(own)
        yield replace(
            _figure(measure, ref, segment, summary.n),
            mean=summary.mean,
            spread=summary.spread,
            favourable=summary.favourable if segment.cohorts in with_shares else None,
            low=summary.mean_low,
            high=summary.mean_high,
        )


def _with_shares(
    allowed: Candidates, scores: Mapping[str, float], cohort_of: Mapping[str, int], k: int
) -> set[frozenset[int]]:
    """Return the groups, by their cohorts, whose favourable share may stand beside their mean.

    Where all answers of a small group are favourable, or none is, the share tells of each of them
    what the mean does not. So groups below 2k have none, whatever they answered: to leave it out
    only where all agree would tell that they do. Beyond that, the share passes the gate like a
    measure of its own, and showing less than the gate allows tells nothing more.
    """
    kinds = _by_cohort((cohort_of[who], is_favourable(score)) for who, score in scores.items())
    narrowed = _narrow(allowed, kinds, k)
    if narrowed is None:
        return set()
    counts = {cohort: len(each) for cohort, each in kinds.items()}
    return {
        each.cohorts
        for each in [*narrowed.segments(), *narrowed.comparison()]
        if _total(counts, each) >= 2 * k
    }


def _enps(
    wave: SealedWave, who: Candidates, question: Question, replies: Sequence[Reply]
) -> Iterator[Published]:
    kinds = _by_cohort((reply.cohort, _enps_kind(reply.value)) for reply in replies)
    allowed = _narrow(who, kinds, wave.k)
    for segment in [*allowed.segments(), *allowed.comparison()] if allowed else ():
        summary = enps([reply.value for reply in replies if reply.cohort in segment.cohorts])
        yield replace(
            _figure("enps", str(question.position), segment, summary.n),
            score=summary.score,
            favourable=summary.promoters / summary.n,
            unfavourable=summary.detractors / summary.n,
            low=summary.low,
            high=summary.high,
        )


def _enps_kind(value: int) -> int:
    """Return what the score tells of one answer: promoter 1, passive 0, detractor −1."""
    return 1 if value >= 9 else -1 if value <= 6 else 0


def _choice(
    wave: SealedWave, who: Candidates, question: Question, replies: Sequence[Reply]
) -> Iterator[Published]:
    chosen = _by_cohort((reply.cohort, reply.value) for reply in replies)
    allowed = _narrow(who, chosen, wave.k)
    for segment in allowed.segments() if allowed else ():
        values = [reply.value for reply in replies if reply.cohort in segment.cohorts]
        for number, share in enumerate(choice_shares(values, question.options)):
            ref = f"{question.position}.{number}"
            figure = _figure("choice", ref, segment, len(values))
            yield replace(figure, favourable=share.share)


def _sentiment(wave: SealedWave, who: Candidates) -> Iterator[Published]:
    """Give the mood of comments where at least 2k people wrote."""
    allowed = who.narrow(writers(wave.remarks), 2 * wave.k)
    for segment in allowed.segments() if allowed else ():
        texts = [each.text for each in wave.remarks if each.cohort in segment.cohorts]
        mood = summarise_comments(texts)
        yield replace(
            _figure("sentiment", "", segment, mood.n),
            mean=mood.mean,
            favourable=mood.positive,
            unfavourable=mood.negative,
        )


def writers(remarks: Iterable[Remark]) -> dict[int, int]:
    """Count the people who wrote, per cohort: at least so many, never fewer.

    Comments do not tell who wrote two, so a cohort counts as many writers as its most commented
    question has comments.
    """
    per_question = Counter((remark.cohort, remark.position) for remark in remarks)
    fewest: dict[int, int] = {}
    for (cohort, _), count in per_question.items():
        fewest[cohort] = max(fewest.get(cohort, 0), count)
    return fewest


def _narrow(
    allowed: Candidates | None, by_cohort: Mapping[int, Sequence[float]], k: int
) -> Candidates | None:
    if allowed is None:
        return None
    counts = {cohort: len(answers) for cohort, answers in by_cohort.items()}
    alike = {cohort: each[0] for cohort, each in by_cohort.items() if len(set(each)) == 1}
    return allowed.narrow(counts, k, alike=alike)


def _by_position(replies: Iterable[Reply]) -> Mapping[int, Sequence[Reply]]:
    grouped: defaultdict[int, list[Reply]] = defaultdict(list)
    for reply in replies:
        grouped[reply.position].append(reply)
    return grouped


def _by_cohort(answers: Iterable[tuple[int, float]]) -> Mapping[int, Sequence[float]]:
    grouped: defaultdict[int, list[float]] = defaultdict(list)
    for cohort, answer in answers:
        grouped[cohort].append(answer)
    return grouped


def _figure(measure: Measure, ref: str, segment: Segment, n: int) -> Published:
    return Published(
        measure,
        ref,
        segment.dimension,
        segment.name,
        n,
        segment.note,
        segment_values=segment.values,
        cohorts=tuple(sorted(segment.cohorts)),
    )


def _total(counts: Mapping[int, int], segment: Segment) -> int:
    return sum(counts.get(cohort, 0) for cohort in segment.cohorts)
