"""One published figure, before it is stored."""

from dataclasses import dataclass
from typing import Literal

FigureMeasure = Literal[
    "participation",
    "driver",
    "question",
    "enps",
    "choice",
    "strain",
    "sentiment",
    "theme",
    "difference",
]


@dataclass(frozen=True)
class PublishedFigure:
    """One figure, in the columns of `models.insights.Figure`."""

    measure: FigureMeasure
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
    change: float | None = None
    change_margin: float | None = None
    change_weeks: int | None = None
    segment_values: tuple[str, ...] = ()
    """The segment's values, such as team names."""
    cohorts: tuple[int, ...] = ()
    """Numbers of the cohorts whose answers are in it."""

    @property
    def number(self) -> float | None:
        """The mean or the score; None for what has neither."""
        return self.mean if self.score is None else self.score
