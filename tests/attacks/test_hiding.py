"""What is hidden depends on how many answered, and never on what they answered."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.sealed_wave import Responses, SealedQuestion, SealedWave
from bot.surveys.pure.scales import VALUE_RANGES, Scale
from tests.attacks.companies import company, seal
from tests.insights.sealed import all_figures

VALUES = ("mean", "favourable", "unfavourable", "score", "low", "high", "error")


@settings(max_examples=40)
@given(seed=st.integers(0, 2_000), how=st.sampled_from(("all alike", "alike by cohort", "any")))
def test_other_answers_show_the_same_groups(seed: int, how: str) -> None:
    wave = seal(company(seed)).wave
    assert _shape(replace(wave, responses=_others(wave, how, Random(seed)))) == _shape(wave)


def _others(wave: SealedWave, how: str, rng: Random) -> Responses:
    """Return other answers of the same people to the same questions."""
    given = {}
    for question in wave.questions:
        if question.position in wave.responses.values:
            before = wave.responses.values[question.position]
            values = _values(question)
            by_cohort = {cohort: rng.choice(values) for cohort in wave.cohorts}
            drawn = {
                "all alike": [values[-1]] * len(before),
                "alike by cohort": [by_cohort[int(each)] for each in wave.responses.cohorts],
                "any": rng.choices(values, k=len(before)),
            }[how]
            given[question.position] = np.where(before >= 0, drawn, before)
    return Responses(wave.responses.cohorts, given)


def _values(question: SealedQuestion) -> list[int]:
    if question.scale is Scale.CHOICE:
        return list(range(len(question.options)))
    return list(VALUE_RANGES[question.scale])


def _shape(wave: SealedWave) -> list[tuple[object, ...]]:
    """Return which figures there are, of whom, and which of their columns are filled."""
    return sorted(map(_filled, all_figures(wave)), key=str)


def _filled(each: PublishedFigure) -> tuple[object, ...]:
    filled = tuple(getattr(each, name) is not None for name in VALUES)
    return (
        *(each.measure, each.measure_ref, each.segment, each.segment_ref),
        *(each.n, each.population, each.note, each.segment_values, each.cohorts),
        *filled,
    )
