"""What readers get to see of a wave: published figures, put in order and compared.

Pure, apart from being handed `Figure` rows. It never sees an answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.insights.pure.resolution import ENPS, MEAN, SHARE, Resolution
from bot.insights.pure.segments import TOTAL
from bot.insights.pure.statistics import CONFIDENCE, Change, Estimate, change
from bot.surveys.pure.bank import driver_label
from bot.surveys.pure.closing import least_answers
from models import Figure, Survey, SurveyQuestion, Wave

GROUPS_SHOWN: Final = 10
"""How many groups of each dimension an overview has."""
GROUPS_ON_A_PAGE: Final = 25


@dataclass(frozen=True)
class Number:
    """A published number, with what its group can bear: at an end it stands for all beyond, too."""

    value: float
    is_least: bool = False
    """Whether it stands for this and less."""
    is_most: bool = False
    """Whether it stands for this and more."""

    @classmethod
    def of(cls, value: float, n: int, resolution: Resolution) -> "Number":
        """Read a published number of a group of n back."""
        return cls(value, value <= resolution.least(n), value >= resolution.most(n))


@dataclass(frozen=True)
class Score:
    """The mean of a driver or a question, from 0 to 10, with its 95 % interval."""

    label: str
    n: int
    mean: Number
    low: float
    high: float
    favourable: Number | None
    """Share, 0 to 1; None where it would tell what each of a small group answered."""
    before: Number | None
    """The mean in the survey's previous wave, or None when there is none to compare with."""
    change: Change | None
    reversed: bool = False
    """Whether disagreeing is the favourable answer."""


@dataclass(frozen=True)
class Enps:
    """An employee net promoter score, −100 to 100, with its 95 % interval."""

    label: str
    n: int
    score: Number
    low: float
    high: float
    before: Number | None
    change: Change | None
    """In points of the score."""


@dataclass(frozen=True)
class Mood:
    """How `n` comments sound; shares are 0 to 1."""

    n: int
    positive: Number
    negative: Number


@dataclass(frozen=True)
class Choice:
    """The shares, 0 to 1, of each option of a single-choice question."""

    label: str
    n: int
    shares: tuple[tuple[str, Number], ...]


@dataclass(frozen=True)
class Group:
    """A team, department or location, or several that were merged."""

    dimension: str
    name: str
    is_merged: bool
    answered: int
    """In steps of k, like all counts of people who answered."""
    invited: int
    members: int | None
    """All invited people of it, those included who are counted elsewhere to protect privacy."""
    scores: tuple[Score, ...]
    """The lowest first."""
    enps: Enps | None


@dataclass(frozen=True)
class WaveResults:
    """All that is published of one wave."""

    wave_id: str
    survey_id: str
    survey_name: str
    held_on: date
    closed_at: datetime
    anonymous: bool
    k: int
    invited: int
    answered: int | None
    """In steps of k; None when too few answered for any figure."""
    drivers: tuple[Score, ...]
    """The lowest first; so are the questions."""
    questions: tuple[Score, ...]
    enps: tuple[Enps, ...]
    choices: tuple[Choice, ...]
    mood: Mood | None
    groups: tuple[Group, ...]
    """Those that were read, such as a page of them."""
    hidden: str | None
    """Such as `3 teams are too small to show alone: they are in the total`."""
    ended_early: bool = False
    """Whether HR let it close before its time."""
    group_counts: Mapping[str, int] = field(default_factory=dict)
    """How many groups each dimension has in all, in the order of the dimensions."""
    named: int | None = None
    """How many people's choices HR can read by person; None for an anonymous wave."""

    @property
    def needed(self) -> int:
        """How many people must have answered for any figure."""
        is_early = self.ended_early and self.anonymous
        return least_answers(self.k, self.invited, ended_early=is_early)


@dataclass(frozen=True)
class RunningWave:
    """An open wave, of which only participation is known, in steps of k."""

    wave_id: str

    survey_name: str
    closes_at: datetime
    invited: int
    k: int
    at_least: int | None
    """People who answered, rounded down to a multiple of k; None while people are still asked."""


@dataclass(frozen=True)
class WaveChoice:
    """A published wave that can be looked at."""

    wave_id: str
    survey_name: str
    held_on: date


@dataclass(frozen=True)
class Results:
    """What `/pulse results` shows: one wave, and what else there is to see."""

    wave: WaveResults | None
    others: tuple[WaveChoice, ...]
    """Published waves, as many as fit in a menu: this survey's first, the latest at the top."""
    running: tuple[RunningWave, ...]
    asked_for: bool = False
    """Whether only the running waves of the survey that was asked for are here."""


_Cells = Mapping[tuple[str, str, str, str], Figure]
_NO_REF: Final = ""


def assemble(
    survey: Survey,
    wave: Wave,
    figures: Sequence[Figure],
    earlier: Sequence[Figure],
    group_counts: Mapping[str, int] | None = None,
    named: int | None = None,
) -> WaveResults:
    """Put a published wave's figures in order, compared with the survey's previous wave.

    `earlier` is empty for a first wave. Groups keep the order in which their participation comes.
    Raises ValueError for a wave that is not sealed.
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
    """Finds the figures of one wave by what they measure and where."""

    def __init__(
        self,
        questions: Sequence[SurveyQuestion],
        figures: Iterable[Figure],
        earlier: Iterable[Figure],
    ) -> None:
        self._questions = {str(question.position): question for question in questions}
        self._figures = {_place(figure): figure for figure in figures}
        self._of_groups: dict[tuple[str, str, str], list[Figure]] = {}
        for (measure, _, dimension, name), figure in self._figures.items():
            self._of_groups.setdefault((measure, dimension, name), []).append(figure)
        self._earlier = {_place(figure): figure for figure in earlier}

    def find(self, measure: str, ref: str = _NO_REF) -> Figure | None:
        return self._figures.get((measure, ref, TOTAL, ""))

    def scores(self, measure: str, dimension: str = TOTAL, name: str = "") -> tuple[Score, ...]:
        found = self._all(measure, dimension, name)
        compared = sum(_place(figure) in self._earlier for figure in found)
        # One in twenty would stand out by chance if each were compared at 95 %.
        confidence = 1 - (1 - CONFIDENCE) / max(1, compared)
        scores = [self._score(figure, confidence) for figure in found]
        return tuple(sorted(scores, key=lambda score: (score.mean.value, score.label)))

    def enps(self, dimension: str = TOTAL, name: str = "") -> tuple[Enps, ...]:
        return tuple(self._enps(figure) for figure in self._all("enps", dimension, name))

    def choices(self) -> tuple[Choice, ...]:
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
            Number.of(figure.favourable or 0.0, figure.n, SHARE),
            Number.of(figure.unfavourable or 0.0, figure.n, SHARE),
        )

    def groups(self) -> tuple[Group, ...]:
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
        earlier = self._earlier.get(_place(figure))
        question = self._questions.get(figure.measure_ref) if figure.measure == "question" else None
        share = figure.favourable
        return Score(
            label=self._label(figure),
            n=figure.n,
            mean=_mean(figure),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            favourable=None if share is None else Number.of(share, figure.n, SHARE),
            before=_mean(earlier) if earlier else None,
            change=change(_estimate(earlier), _estimate(figure), confidence) if earlier else None,
            reversed=question is not None and question.direction < 0,
        )

    def _enps(self, figure: Figure) -> Enps:
        earlier = self._earlier.get(_place(figure))
        return Enps(
            label=self._label(figure),
            n=figure.n,
            score=_score(figure),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            before=_score(earlier) if earlier else None,
            change=change(_estimate(earlier), _estimate(figure)) if earlier else None,
        )

    def _choice(self, position: str, numbered: list[tuple[int, Figure]]) -> Choice:
        question = self._questions.get(position)
        options = question.options if question else []
        shares = [
            (options[number] if number < len(options) else f"Option {number + 1}", figure)
            for number, figure in sorted(numbered, key=lambda each: each[0])
        ]
        return Choice(
            label=self._label_at(position),
            n=numbered[0][1].n,
            shares=tuple(
                (option, Number.of(figure.favourable or 0.0, figure.n, SHARE))
                for option, figure in shares
            ),
        )

    def _group(self, people: Figure) -> Group:
        where = people.segment, people.segment_ref
        enps = self.enps(*where)
        return Group(
            dimension=people.segment,
            name=people.segment_ref,
            is_merged=people.note is not None,
            answered=people.n,
            invited=people.population or people.n,
            members=people.members,
            scores=self.scores("driver", *where),
            enps=enps[0] if enps else None,
        )


def _place(figure: Figure) -> tuple[str, str, str, str]:
    return figure.measure, figure.measure_ref, figure.segment, figure.segment_ref


def _mean(figure: Figure) -> Number:
    return Number.of(figure.mean or 0.0, figure.n, MEAN)


def _score(figure: Figure) -> Number:
    return Number.of(figure.score or 0.0, figure.n, ENPS)


def _estimate(figure: Figure) -> Estimate:
    value = figure.mean if figure.score is None else figure.score
    return Estimate(value or 0.0, figure.error or 0.0)
