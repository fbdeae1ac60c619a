"""What a published figure consists of."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal[
    "participation", "driver", "question", "enps", "choice", "sentiment", "difference"
]


@dataclass(frozen=True)
class Published:
    """One figure, in the columns of `models.insights.Figure`."""

    measure: Measure
    measure_ref: str
    segment: str
    segment_ref: str
    n: int
    note: str | None = None
    population: int | None = None
    members: int | None = None
    mean: float | None = None
    error: float | None = None
    favourable: float | None = None
    unfavourable: float | None = None
    score: float | None = None
    low: float | None = None
    high: float | None = None
    segment_values: tuple[str, ...] = ()
    """The values that the segment consists of, such as the teams' names."""
    cohorts: tuple[int, ...] = ()
    """Whose answers are in it: the cohorts' numbers."""
