"""What is known of a sealed wave before its figures exist. People are not in it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.surveys.pure.scales import Scale

OWN: Final = "own"
"""The driver of questions that HR wrote."""
_MISSING: Final = -1

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class SealedQuestion:
    """What is needed of a question to read its answers."""

    position: int
    driver: str
    scale: Scale
    direction: int
    options: tuple[str, ...] = ()


class SealedAnswer(NamedTuple):
    """One answer: whose it is says a name that means nothing outside of the wave."""

    response: str
    cohort: int
    position: int
    value: int | None
    """None for a free text."""


@dataclass(frozen=True)
class SealedComment:
    """One comment or free text."""

    response: str
    cohort: int
    position: int
    text: str


@dataclass(frozen=True)
class Responses:
    """All answers of a wave in columns: one row a respondent, in no particular order."""

    cohorts: Numbers
    """Each respondent's cohort."""
    values: Mapping[int, Numbers]
    """Position to each respondent's answer, −1 for none."""

    @classmethod
    def of(cls, replies: Iterable[SealedAnswer]) -> "Responses":
        """Put answers in columns; of two to one question the later one counts."""
        rows: dict[str, int] = {}
        cohorts: list[int] = []
        cells: dict[int, tuple[list[int], list[int]]] = {}
        for response, cohort, position, value in replies:
            row = rows.setdefault(response, len(rows))
            if row == len(cohorts):
                cohorts.append(cohort)
            if value is not None:
                at, given = cells.setdefault(position, ([], []))
                at.append(row)
                given.append(value)
        values = {}
        for position, (at, given) in cells.items():
            values[position] = np.full(len(cohorts), _MISSING, dtype=np.int64)
            values[position][at] = given
        return cls(np.array(cohorts, dtype=np.int64), values)

    def given(self, positions: Sequence[int]) -> tuple[Numbers, list[Numbers]]:
        """Return the cohorts and answers of those who answered all of these questions."""
        if any(position not in self.values for position in positions):
            none = np.array([], dtype=np.int64)
            return none, [none for _ in positions]
        columns = [self.values[position] for position in positions]
        complete = np.logical_and.reduce([column != _MISSING for column in columns])
        return self.cohorts[complete], [column[complete] for column in columns]


@dataclass(frozen=True)
class SealedWave:
    """All that figures are computed from; cohorts are numbers."""

    k: int
    questions: Sequence[SealedQuestion]
    cohorts: Mapping[int, Mapping[str, str | None]]
    """Each cohort's values per dimension."""
    invited: Mapping[int, int]
    """Invited people per cohort."""
    responses: Responses
    remarks: Sequence[SealedComment]
    members: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Invited people per dimension and value, those in cohorts without the value included."""
    merged_before: Mapping[str, Sequence[Sequence[str]]] | None = None
    """The values of each segment that the survey's previous wave merged, per dimension."""
    digests: Mapping[int, str] = field(default_factory=dict)
    """What stands for the members of each cohort, see `bot.pulse.cohorts.members_digest`."""
    secret: bytes = b""
    """What hidden thresholds are drawn from."""

    @cached_property
    def answered(self) -> Mapping[int, int]:
        """People per cohort who answered at least one question."""
        return counts(self.responses.cohorts)


def counts(cohorts: Numbers, weights: Numbers | None = None) -> dict[int, int]:
    """Add up weights, 1 unless given, per cohort that occurs."""
    if not cohorts.size:
        return {}
    # Sums of whole numbers stay exact as floats up to 2**53.
    sums = np.bincount(cohorts, weights)
    return {int(cohort): int(sums[cohort]) for cohort in np.unique(cohorts)}
