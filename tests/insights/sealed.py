"""Builds sealed waves without a database, for tests of the pure part of publishing."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from bot.insights.pure.figures import compute_figures, publishable_segments
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import Resolution
from bot.insights.pure.sealed_wave import NO_ANSWER, Responses, SealedQuestion, SealedWave
from bot.surveys.pure.scales import Scale

WORKLOAD = SealedQuestion(0, "workload", Scale.AGREE, 1)
PACE = SealedQuestion(1, "workload", Scale.AGREE, -1)
OWN = SealedQuestion(2, "own", Scale.AGREE, 1)
ENPS = SealedQuestion(3, "commitment", Scale.ENPS, 1)
LUNCH = SealedQuestion(4, "own", Scale.CHOICE, 1, ("Soup", "Salad", "Neither"))

People = Sequence[Mapping[int, int] | None]

responses = st.one_of(
    st.none(), st.fixed_dictionaries({}, optional={0: st.integers(1, 5), 3: st.integers(0, 10)})
)


def sealed(
    questions: Sequence[SealedQuestion], teams: Mapping[str, People], /, **rest: Any
) -> SealedWave:
    names = list(teams)
    positions = [question.position for question in questions]
    given_answers = [
        (names.index(team), *(response.get(position, NO_ANSWER) for position in positions))
        for team, responses in teams.items()
        for response in responses
        if response
    ]
    fields: dict[str, Any] = {
        "k": 5,
        "questions": questions,
        "cohorts": {number: {"team": name or None} for number, name in enumerate(names)},
        "invited": {number: len(teams[name]) for number, name in enumerate(names)},
        "asked": {number: len(teams[name]) + 1 for number, name in enumerate(names)},
        "responses": Responses.of(positions, given_answers),
        "comments": [],
        "members": {"team": {name: len(teams[name]) for name in names if name}},
    }
    return SealedWave(**{**fields, **rest})


def all_figures(wave: SealedWave) -> list[PublishedFigure]:
    """Compute every figure of a wave that the gate allows."""
    candidates = publishable_segments(wave)
    return compute_figures(wave, candidates) if candidates else []


def of(
    figures: Sequence[PublishedFigure], measure: str, ref: str = ""
) -> dict[str, PublishedFigure]:
    found = [each for each in figures if each.measure == measure and each.measure_ref == ref]
    return {each.segment_ref or "all": each for each in found}


def answers(position: int, *values: int) -> list[Mapping[int, int]]:
    return [{position: value} for value in values]


def about(told: float | None, truth: float, n: int, resolution: Resolution) -> bool:
    """Return True if a published number is within a step of the truth, and on the grid."""
    assert told is not None
    step = resolution.step(n - n % 5)
    truth = min(max(truth, resolution.lowest + step), resolution.highest - step)
    on_grid = (told - resolution.lowest) / step
    return abs(told - truth) < step + 1e-5 and abs(on_grid - round(on_grid)) < 1e-4
