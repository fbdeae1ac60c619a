"""A sealed wave as its figures are computed from it: answers per cohort, without people. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.insights.pure.words.sentiment import Judgement, judge_all
from bot.insights.pure.words.themes import Term
from bot.pulse.pure.counting import counted
from bot.surveys.pure.scales import VALUE_RANGES, Scale

NO_ANSWER: Final = -1

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class SealedQuestion:
    """The part of a question that is needed to read its answers."""

    position: int
    driver: str
    scale: Scale
    direction: int
    options: tuple[str, ...] = ()
    strain_from: int = 0
    """The first of its steps that counts as strain; 0 if its options are no such steps."""

    def favour(self, value: int | None) -> float | None:
        """Return how favourable an answer is, from 0 to 1; None if the scale does not tell."""
        if value is None or self.scale not in VALUE_RANGES:
            return None
        possible = VALUE_RANGES[self.scale]
        share = (value - possible[0]) / (possible[-1] - possible[0])
        return share if self.direction > 0 else 1 - share


@dataclass(frozen=True)
class SealedComment:
    """One comment or free text."""

    response: str
    cohort: int
    position: int
    text: str
    score: float | None = None
    """The answer beside it, from 0 (unfavourable) to 1; None if there is none on a scale."""


@dataclass(frozen=True)
class Responses:
    """All answers of a wave in columns: one row per respondent, in no particular order."""

    cohorts: IntArray
    """Each respondent's cohort."""
    values: Mapping[int, IntArray]
    """Each respondent's answer by question position; −1 for none."""

    @classmethod
    def of(cls, positions: Sequence[int], rows: Collection[Sequence[int]]) -> "Responses":
        """Put answers in columns.

        A row is a respondent's cohort and, for each position, the answer or NO_ANSWER.
        """
        width = 1 + len(positions)
        cells = np.fromiter(chain.from_iterable(rows), np.int64, width * len(rows))
        cohorts, *values = np.ascontiguousarray(cells.reshape(-1, width).T)
        return cls(cohorts, dict(zip(positions, values, strict=True)))

    def complete(self, positions: Sequence[int]) -> tuple[IntArray, list[IntArray]]:
        """Return the cohorts and answers of the people who answered all of these questions."""
        if any(position not in self.values for position in positions):
            none = np.array([], dtype=np.int64)
            return none, [none for _ in positions]
        columns = [self.values[position] for position in positions]
        complete = np.logical_and.reduce([column != NO_ANSWER for column in columns])
        return self.cohorts[complete], [column[complete] for column in columns]


@dataclass(frozen=True)
class SealedWave:
    """Everything that figures are computed from; cohorts are numbers."""

    k: int
    questions: Sequence[SealedQuestion]
    cohorts: Mapping[int, Mapping[str, str | None]]
    """Each cohort's values per dimension."""
    invited: Mapping[int, int]
    """Invited people per cohort."""
    asked: Mapping[int, int]
    """People per cohort whom the questions reached; others were away, for example."""
    responses: Responses
    comments: Sequence[SealedComment]
    members: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Invited people per dimension and value, including people in cohorts without the value."""
    merged_before: Mapping[str, Sequence[Sequence[str]]] | None = None
    """Per dimension, the values of each segment that the survey's previous wave merged."""
    digests: Mapping[int, str] = field(default_factory=dict)
    """A digest of each cohort's members, see `bot.pulse.pure.cohorts.members_digest`."""
    secret: bytes = b""
    """The key from which hidden thresholds are drawn."""
    theme_terms: frozenset[Term] = frozenset()
    """Words and phrases that the workspace added to themes."""

    @cached_property
    def answered(self) -> Mapping[int, int]:
        """People per cohort who answered at least one question."""
        return sum_by_cohort(self.responses.cohorts)

    def people(self, answered: Mapping[int, int], cohorts: Iterable[int]) -> int:
        """Return how many of the people who answered count in some cohorts.

        `answered` has all who did, per cohort; see `bot.pulse.pure.counting`.
        """
        there = {each: answered[each] for each in cohorts if each in answered}
        return sum(counted(there, self.asked).values())

    @cached_property
    def judgements(self) -> Sequence[Judgement | None]:
        """Each comment's estimated mood; None where it is not scored."""
        return judge_all([(comment.text, comment.score) for comment in self.comments])


def sum_by_cohort(cohorts: IntArray, weights: IntArray | None = None) -> dict[int, int]:
    """Add up weights (1 by default) per cohort that occurs."""
    if not cohorts.size:
        return {}
    # Sums of whole numbers stay exact as floats up to 2**53.
    sums = np.bincount(cohorts, weights)
    return {int(cohort): int(sums[cohort]) for cohort in np.unique(cohorts)}
