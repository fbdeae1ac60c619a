"""A wave's results: its published figures, sorted and compared with the previous wave.

Pure, apart from the `Figure` rows that it is given. It never sees an answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.insights.pure.resolution import (
    ENPS_RESOLUTION,
    MEAN_RESOLUTION,
    SHARE_RESOLUTION,
    Resolution,
)
from bot.insights.pure.segments import TOTAL
from bot.insights.pure.statistics import CONFIDENCE, Change, Estimate, compare
from bot.surveys.pure.bank import driver_label
from bot.surveys.pure.closing import least_answers
from models import Figure, Survey, SurveyQuestion, Wave

GROUPS_SHOWN: Final = 10
"""Groups per dimension in an overview."""
GROUPS_ON_A_PAGE: Final = 25


@dataclass(frozen=True)
class PublishedNumber:
    """A published number. At an end of its range it also stands for everything beyond."""

    value: float
    is_least: bool = False
    """True if it stands for this and less."""
    is_most: bool = False
    """True if it stands for this and more."""

    @classmethod
    def of(cls, value: float, n: int, resolution: Resolution) -> "PublishedNumber":
        """Return the published number of a group of n."""
        return cls(value, value <= resolution.least(n), value >= resolution.most(n))


@dataclass(frozen=True)
class Score:
    """The mean of a driver or a question, from 0 to 10, with its 95 % interval."""

    label: str
    n: int
    mean: PublishedNumber
    low: float
    high: float
    favourable: PublishedNumber | None
    """Share, 0 to 1; None if the group is too small for one."""
    before: PublishedNumber | None
    """The mean in the survey's previous wave; None if there is none to compare with."""
    change: Change | None
    reversed: bool = False
    """True if disagreeing is the favourable answer."""


@dataclass(frozen=True)
class Enps:
    """An employee net promoter score, −100 to 100, with its 95 % interval."""

    label: str
    n: int
    score: PublishedNumber
    low: float
    high: float
    before: PublishedNumber | None
    change: Change | None
    """In points of the score."""


@dataclass(frozen=True)
class Mood:
    """The mood of `n` comments; shares are 0 to 1."""

    n: int
    positive: PublishedNumber
    negative: PublishedNumber
    not_scored: int = 0
    """Comments in another language: the difference of two counts in steps of k."""


@dataclass(frozen=True)
class ThemeResult:
    """What at least `n` people wrote about; shares of their comments' moods are 0 to 1."""

    label: str
    n: int
    positive: PublishedNumber | None
    """None if too few of the comments are scored."""
    negative: PublishedNumber | None
    rising: bool
    """True if a larger share of the writers wrote about it than in the weeks before."""


@dataclass(frozen=True)
class ChoiceResult:
    """A single-choice question: the share, 0 to 1, of each option."""

    label: str
    n: int
    shares: tuple[tuple[str, PublishedNumber], ...]


@dataclass(frozen=True)
class GroupResults:
    """Results of a team, department or location, or of several that were merged."""

    dimension: str
    name: str
    is_merged: bool
    answered: int
    """In steps of k, like all counts of people who answered."""
    invited: int
    members: int | None
    """All its invited people, including those counted elsewhere to protect privacy."""
    scores: tuple[Score, ...]
    """Lowest first."""
    enps: Enps | None


@dataclass(frozen=True)
class WaveResults:
    """Everything published of one wave."""

    wave_id: str
    survey_id: str
    survey_name: str
    held_on: date
    closed_at: datetime
    anonymous: bool
    k: int
    invited: int
    answered: int | None
    """In steps of k; None if too few people answered for any figure."""
    drivers: tuple[Score, ...]
    """Lowest first, like the questions."""
    questions: tuple[Score, ...]
    enps: tuple[Enps, ...]
    choices: tuple[ChoiceResult, ...]
    mood: Mood | None
    groups: tuple[GroupResults, ...]
    """The groups that were read, such as one page."""
    hidden: str | None
    """A note such as `3 teams are too small to show alone: they are in the total`."""
    ended_early: bool = False
    """True if HR ended it early."""
    group_counts: Mapping[str, int] = field(default_factory=dict)
    """The number of all groups per dimension, in the order of the dimensions."""
    named: int | None = None
    """Number of people whose answers HR can read by person; None for an anonymous wave."""
    themes: tuple[ThemeResult, ...] = ()
    """The most frequent first."""

    @property
    def needed(self) -> int:
        """The number of people who must answer before there is any figure."""
        is_early = self.ended_early and self.anonymous
        return least_answers(self.k, self.invited, ended_early=is_early)


@dataclass(frozen=True)
class RunningWave:
    """An open wave; only its participation is known, in steps of k."""

    wave_id: str
    survey_name: str
    closes_at: datetime
    invited: int
    k: int
    at_least: int | None
    """People who answered, rounded down to a multiple of k; None while questions are being sent."""


@dataclass(frozen=True)
class WaveOption:
    """A published wave, as an option in a menu."""

    wave_id: str
    survey_name: str
    held_on: date


@dataclass(frozen=True)
class Results:
    """The content of `/pulse results`: one wave, and what else there is to see."""

    wave: WaveResults | None
    others: tuple[WaveOption, ...]
    """Published waves, as many as fit in a menu: this survey's first, then the latest."""
    running: tuple[RunningWave, ...]
    asked_for: bool = False
    """True if `running` has only waves of the survey that was asked for."""


_NO_REF: Final = ""


def assemble(
    survey: Survey,
    wave: Wave,
    figures: Sequence[Figure],
    earlier: Sequence[Figure],
    group_counts: Mapping[str, int] | None = None,
    named: int | None = None,
) -> WaveResults:
    """Return a published wave's results, compared with the survey's previous wave.

    `earlier` has that wave's figures; it is empty for a first wave. Groups keep the order of their
    participation figures. Raises ValueError for a wave that is not sealed.
    """
    if wave.sealed_at is None:
        raise ValueError("an open wave has no results")
    builder = _Builder(survey.questions, figures, earlier)
    people = builder.find("participation")
    return WaveResults(
        wave_id=wave.id,
        survey_id=survey.id,
        survey_name=survey.name,
        held_on=wave.held_on,
        closed_at=wave.sealed_at,
        anonymous=wave.anonymous,
        k=wave.min_group_size,
        invited=wave.invited,
        answered=people.n if people else None,
        drivers=builder.scores("driver"),
        questions=builder.scores("question"),
        enps=builder.enps(),
        choices=builder.choices(),
        mood=builder.mood(),
        groups=builder.groups(),
        hidden=people.note if people else None,
        ended_early=wave.ended_early_at is not None,
        group_counts=group_counts or {},
        named=named,
    )


class _Builder:
    """Finds the figures of one wave by measure and group."""

    def __init__(
        self,
        questions: Sequence[SurveyQuestion],
        figures: Iterable[Figure],
        earlier: Iterable[Figure],
    ) -> None:
        self._questions = {str(question.position): question for question in questions}
        self._figures = {_cell_of(figure): figure for figure in figures}
        self._of_groups: dict[tuple[str, str, str], list[Figure]] = {}
        for (measure, _, dimension, name), figure in self._figures.items():
            self._of_groups.setdefault((measure, dimension, name), []).append(figure)
        self._earlier = {_cell_of(figure): figure for figure in earlier}

    def find(self, measure: str, ref: str = _NO_REF) -> Figure | None:
        return self._figures.get((measure, ref, TOTAL, ""))

    def scores(self, measure: str, dimension: str = TOTAL, name: str = "") -> tuple[Score, ...]:
        found = self._all(measure, dimension, name)
        compared = sum(_cell_of(figure) in self._earlier for figure in found)
        # At 95 % each, one comparison in twenty would stand out by chance.
        confidence = 1 - (1 - CONFIDENCE) / max(1, compared)
        scores = [self._score(figure, confidence) for figure in found]
        return tuple(sorted(scores, key=lambda score: (score.mean.value, score.label)))

    def enps(self, dimension: str = TOTAL, name: str = "") -> tuple[Enps, ...]:
        return tuple(self._enps(figure) for figure in self._all("enps", dimension, name))

    def choices(self) -> tuple[ChoiceResult, ...]:
        shares: dict[str, list[tuple[int, Figure]]] = {}
        for figure in self._all("choice", TOTAL, ""):
            position, _, number = figure.measure_ref.partition(".")
            shares.setdefault(position, []).append((int(number), figure))
        return tuple(self._choice(each, shares[each]) for each in sorted(shares, key=int))

    def mood(self) -> Mood | None:
        figure = self.find("sentiment")
        if figure is None:
            return None
        return Mood(
            figure.n,
            PublishedNumber.of(figure.favourable or 0.0, figure.n, SHARE_RESOLUTION),
            PublishedNumber.of(figure.unfavourable or 0.0, figure.n, SHARE_RESOLUTION),
            max(0, (figure.population or 0) - figure.n),
        )

    def groups(self) -> tuple[GroupResults, ...]:
        return tuple(
            self._group(figure)
            for figure in self._figures.values()
            if figure.measure == "participation" and figure.segment != TOTAL
        )

    def _all(self, measure: str, dimension: str, name: str) -> list[Figure]:
        return self._of_groups.get((measure, dimension, name), [])

    def _label(self, figure: Figure) -> str:
        if figure.measure == "driver":
            return driver_label(figure.measure_ref)
        return self._label_at(figure.measure_ref)

    def _label_at(self, position: str) -> str:
        question = self._questions.get(position)
        return question.text if question else "A question that was removed"

    def _score(self, figure: Figure, confidence: float) -> Score:
        earlier = self._earlier.get(_cell_of(figure))
        question = self._questions.get(figure.measure_ref) if figure.measure == "question" else None
        share = figure.favourable
        return Score(
            label=self._label(figure),
            n=figure.n,
            mean=_mean(figure),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            favourable=None
            if share is None
            else PublishedNumber.of(share, figure.n, SHARE_RESOLUTION),
            before=_mean(earlier) if earlier else None,
            change=compare(_estimate(earlier), _estimate(figure), confidence) if earlier else None,
            reversed=question is not None and question.direction < 0,
        )

    def _enps(self, figure: Figure) -> Enps:
        earlier = self._earlier.get(_cell_of(figure))
        return Enps(
            label=self._label(figure),
            n=figure.n,
            score=_score(figure),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            before=_score(earlier) if earlier else None,
            change=compare(_estimate(earlier), _estimate(figure)) if earlier else None,
        )

    def _choice(self, position: str, numbered: list[tuple[int, Figure]]) -> ChoiceResult:
        question = self._questions.get(position)
        options = question.options if question else []
        shares = [
            (options[number] if number < len(options) else f"Option {number + 1}", figure)
            for number, figure in sorted(numbered, key=lambda each: each[0])
        ]
        return ChoiceResult(
            label=self._label_at(position),
            n=numbered[0][1].n,
            shares=tuple(
                (option, PublishedNumber.of(figure.favourable or 0.0, figure.n, SHARE_RESOLUTION))
                for option, figure in shares
            ),
        )

    def _group(self, people: Figure) -> GroupResults:
        where = people.segment, people.segment_ref
        enps = self.enps(*where)
        return GroupResults(
            dimension=people.segment,
            name=people.segment_ref,
            is_merged=people.note is not None,
            answered=people.n,
            invited=people.population or people.n,
            members=people.members,
            scores=self.scores("driver", *where),
            enps=enps[0] if enps else None,
        )


def _cell_of(figure: Figure) -> tuple[str, str, str, str]:
    return figure.measure, figure.measure_ref, figure.segment, figure.segment_ref


def _mean(figure: Figure) -> PublishedNumber:
    return PublishedNumber.of(figure.mean or 0.0, figure.n, MEAN_RESOLUTION)


def _score(figure: Figure) -> PublishedNumber:
    return PublishedNumber.of(figure.score or 0.0, figure.n, ENPS_RESOLUTION)


def _estimate(figure: Figure) -> Estimate:
    value = figure.mean if figure.score is None else figure.score
    return Estimate(value or 0.0, figure.error or 0.0)
