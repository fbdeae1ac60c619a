"""What a measure's figures are computed from: sums per cohort, to be added up per group."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.insights.pure.sealed_wave import IntArray, sum_by_cohort


@dataclass(frozen=True)
class Tally:
    """Sums per cohort from which one measure's figures are computed."""

    n: Mapping[int, int]
    total: Mapping[int, int]
    squares: int
    """The sum of everybody's squared values."""

    @classmethod
    def of(cls, cohorts: IntArray, values: IntArray) -> "Tally":
        """Add up one whole number per respondent."""
        return cls(sum_by_cohort(cohorts), sum_by_cohort(cohorts, values), int((values**2).sum()))

    def over(self, cohorts: Iterable[int]) -> tuple[int, int]:
        """Return how many people in these cohorts answered, and the sum of their values."""
        own = [cohort for cohort in cohorts if cohort in self.n]
        return sum(self.n[each] for each in own), sum(self.total[each] for each in own)

    def spread(self) -> float:
        """Return the standard deviation over all respondents."""
        n, total = self.over(self.n)
        return math.sqrt(max(0.0, self.squares / n - (total / n) ** 2))
