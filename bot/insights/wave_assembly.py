"""Assembles a wave's results from its rows. It never sees an answer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.insights.pure.change import CellChange
from bot.insights.pure.figure_history import RESOLUTIONS, SHARES
from bot.insights.pure.nonresponse import bounds_sentence, if_least_content, is_weak, spread_of
from bot.insights.pure.resolution import ENPS_RESOLUTION, MEAN_RESOLUTION, share_resolution
from bot.insights.pure.segments import MENTORING_DIMENSION, TOTAL
from bot.insights.pure.stands_out import Statement
from bot.insights.pure.words.themes import theme_labels
from bot.insights.wave_results import (
    ChoiceResult,
    Enps,
    GroupResults,
    Mood,
    PublishedNumber,
    Score,
    StandsOut,
    Strain,
    ThemeResult,
    WaveResults,
)
from bot.languages import _, marked
from bot.surveys.pure.bank import driver_label, load_bank, strain_question
from bot.surveys.pure.schedule import Cadence
from models import Figure, Survey, SurveyQuestion, Wave

_NO_REF: Final = ""


def assemble(
    survey: Survey,
    wave: Wave,
    figures: Sequence[Figure],
    group_counts: Mapping[str, int] | None = None,
    named: int | None = None,
) -> WaveResults:
    """Return a published wave's results. Groups keep the order of their figures.

    Raises ValueError for a wave that is not sealed.
    """
    if wave.sealed_at is None:
        raise ValueError("an open wave has no results")
    is_company_pulse = survey.cadence == Cadence.STANDING
    builder = _Builder(survey.questions, figures, wave.min_group_size)
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
        strains=builder.strains(),
        mood=builder.mood(),
        themes=builder.themes(),
        groups=builder.groups(),
        hidden=people.note if people else None,
        weakness=None if is_company_pulse else builder.weakness(wave.min_group_size),
        ended_early=wave.ended_early_at is not None,
        not_asked=0 if wave.asked is None else wave.invited - wave.asked,
        group_counts=group_counts or {},
        stands_out=builder.stands_out(wave.stands_out),
        named=named,
        is_company_pulse=is_company_pulse,
    )


class _Builder:
    """Finds the figures of one wave by measure and group."""

    def __init__(
        self, questions: Sequence[SurveyQuestion], figures: Iterable[Figure], k: int
    ) -> None:
        self._shares = share_resolution(k)
        self._questions = {str(question.position): question for question in questions}
        self._figures = {_cell_of(figure): figure for figure in figures}
        self._of_groups: dict[tuple[str, str, str], list[Figure]] = {}
        for (measure, _ref, dimension, name), figure in self._figures.items():
            self._of_groups.setdefault((measure, dimension, name), []).append(figure)

    def find(self, measure: str, ref: str = _NO_REF) -> Figure | None:
        return self._figures.get((measure, ref, TOTAL, ""))

    def scores(self, measure: str, dimension: str = TOTAL, name: str = "") -> tuple[Score, ...]:
        scores = [self._score(figure) for figure in self._all(measure, dimension, name)]
        return tuple(sorted(scores, key=lambda score: (score.mean.value, score.label)))

    def enps(self, dimension: str = TOTAL, name: str = "") -> tuple[Enps, ...]:
        return tuple(self._enps(figure) for figure in self._all("enps", dimension, name))

    def strains(self, dimension: str = TOTAL, name: str = "") -> tuple[Strain, ...]:
        return tuple(self._strain(figure) for figure in self._all("strain", dimension, name))

    def choices(self) -> tuple[ChoiceResult, ...]:
        shares: dict[str, list[tuple[int, Figure]]] = {}
        for figure in self._all("choice", TOTAL, ""):
            position, _dot, number = figure.measure_ref.partition(".")
            shares.setdefault(position, []).append((int(number), figure))
        return tuple(self._choice(each, shares[each]) for each in sorted(shares, key=int))

    def mood(self) -> Mood | None:
        figure = self.find("sentiment")
        if figure is None:
            return None
        return Mood(
            figure.n,
            self._share(figure, figure.favourable or 0.0),
            self._share(figure, figure.unfavourable or 0.0),
            max(0, (figure.population or 0) - figure.n),
        )

    def themes(self) -> tuple[ThemeResult, ...]:
        found = [
            ThemeResult(
                self._label_of(figure.measure, figure.measure_ref),
                figure.n,
                self._share_if_any(figure, figure.favourable),
                self._share_if_any(figure, figure.unfavourable),
                _change(figure),
            )
            for figure in self._figures.values()
            if figure.measure == "theme"
        ]
        return tuple(sorted(found, key=lambda theme: (-theme.n, theme.label)))

    def groups(self) -> tuple[GroupResults, ...]:
        figures = self._figures.values()
        # Groups of the company pulse have no participation: each figure has its own people.
        people = [each for each in figures if each.measure == "participation"]
        ordered = [*people, *(each for each in figures if each.measure != "participation")]
        first: dict[tuple[str, str], Figure] = {}
        for each in ordered:
            if each.segment not in (TOTAL, MENTORING_DIMENSION):
                first.setdefault((each.segment, each.segment_ref), each)
        return tuple(map(self._group, first.values()))

    def stands_out(self, stored: Iterable[Mapping[str, Any]]) -> tuple[StandsOut, ...]:
        statements = [Statement.of_stored(each) for each in stored]
        return tuple(
            StandsOut(
                each,
                _value(each),
                self._label_of(each.cell.measure, each.cell.ref),
                tuple(self._label_of(cell.measure, cell.ref) for cell in each.also),
            )
            for each in statements
        )

    def weakness(self, k: int) -> str | None:
        """Bound the lowest driver, or question, if surely fewer than half answered."""
        people = self.find("participation")
        figures = self._all("driver", TOTAL, "") or self._all("question", TOTAL, "")
        if people is None or not people.population or not figures:
            return None
        if not is_weak(people.n + k - 1, people.population):
            return None
        lowest = min(figures, key=lambda figure: figure.mean or 0.0)
        spread = spread_of(lowest.error or 0.0, lowest.n, k, MEAN_RESOLUTION)
        bound = if_least_content(
            lowest.mean or 0.0, spread, people.n, people.population, MEAN_RESOLUTION
        )
        what = self._label_of(lowest.measure, lowest.measure_ref)
        missing = people.population - people.n
        return " ".join(
            [
                _("Most did not answer, so figures are weak."),
                bounds_sentence(_(what), bound, missing),
            ]
        )

    def _all(self, measure: str, dimension: str, name: str) -> list[Figure]:
        return self._of_groups.get((measure, dimension, name), [])

    def _label_of(self, measure: str, ref: str) -> str:
        if measure == "driver":
            return driver_label(ref)
        if measure == "enps":
            return "eNPS"
        if measure == "strain":
            return self._strain_words(ref)[0]
        if measure == "theme":
            return theme_labels().get(ref, ref)
        return ref if measure == "participation" else self._label_at(ref)

    def _label_at(self, position: str) -> str:
        question = self._questions.get(position)
        return question.text if question else marked("A question that was removed")

    def _score(self, figure: Figure) -> Score:
        question = self._questions.get(figure.measure_ref) if figure.measure == "question" else None
        return Score(
            label=self._label_of(figure.measure, figure.measure_ref),
            n=figure.n,
            mean=_mean(figure),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            favourable=self._share_if_any(figure, figure.favourable),
            change=_change(figure),
            reversed=question is not None and question.direction < 0,
            ref=figure.measure_ref,
        )

    def _enps(self, figure: Figure) -> Enps:
        return Enps(
            label=self._label_at(figure.measure_ref),
            n=figure.n,
            score=_score(figure),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            change=_change(figure),
            ref=figure.measure_ref,
        )

    def _share(self, figure: Figure, share: float) -> PublishedNumber:
        return PublishedNumber.of(share, figure.n, self._shares)

    def _share_if_any(self, figure: Figure, share: float | None) -> PublishedNumber | None:
        return None if share is None else self._share(figure, share)

    def _strain(self, figure: Figure) -> Strain:
        return Strain(
            *self._strain_words(figure.measure_ref),
            n=figure.n,
            share=self._share(figure, figure.score or 0.0),
            low=figure.low or 0.0,
            high=figure.high or 0.0,
            change=_change(figure),
            ref=figure.measure_ref,
        )

    def _strain_words(self, position: str) -> tuple[str, str, str]:
        """Return what is true of strained people, which steps count, and the measure's limits."""
        question = self._questions.get(position)
        found = strain_question(question.bank_key) if question else None
        if found is None:
            return marked("feel strain"), "", ""
        used = load_bank().instrument(found.instrument)
        limits = _("{instrument}. {limits} Source: {source}.").format(
            instrument=used.name, limits=_(used.limits), source=used.source
        )
        return found.strain_label, found.steps, limits

    def _choice(self, position: str, numbered: list[tuple[int, Figure]]) -> ChoiceResult:
        question = self._questions.get(position)
        options = question.options if question else []
        shares = [
            (
                options[number]
                if number < len(options)
                else _("Option {number}").format(number=number + 1),
                figure,
            )
            for number, figure in sorted(numbered, key=lambda each: each[0])
        ]
        return ChoiceResult(
            label=self._label_at(position),
            n=numbered[0][1].n,
            shares=tuple(
                (option, self._share(figure, figure.favourable or 0.0)) for option, figure in shares
            ),
        )

    def _group(self, first: Figure) -> GroupResults:
        where = first.segment, first.segment_ref
        enps, strains = self.enps(*where), self.strains(*where)
        is_counted = first.measure == "participation"
        return GroupResults(
            dimension=first.segment,
            name=first.segment_ref,
            is_merged=first.note is not None,
            answered=first.n if is_counted else None,
            invited=(first.population or first.n) if is_counted else None,
            members=first.members if is_counted else None,
            scores=self.scores("driver", *where) or self.scores("question", *where),
            enps=enps[0] if enps else None,
            strain=strains[0] if strains else None,
        )


def _cell_of(figure: Figure) -> tuple[str, str, str, str]:
    return figure.measure, figure.measure_ref, figure.segment, figure.segment_ref


def _mean(figure: Figure) -> PublishedNumber:
    return PublishedNumber.of(figure.mean or 0.0, figure.n, MEAN_RESOLUTION)


def _score(figure: Figure) -> PublishedNumber:
    return PublishedNumber.of(figure.score or 0.0, figure.n, ENPS_RESOLUTION)


def _value(statement: Statement) -> PublishedNumber:
    """Return the published number; shares of participation and themes have no hidden ends."""
    measure = statement.cell.measure
    if measure in SHARES:
        return PublishedNumber(statement.value)
    return PublishedNumber.of(statement.value, statement.n, RESOLUTIONS[measure])


def _change(figure: Figure) -> CellChange | None:
    if figure.change is None:
        return None
    return CellChange(figure.change, figure.change_margin or 0.0, figure.change_weeks or 0)
