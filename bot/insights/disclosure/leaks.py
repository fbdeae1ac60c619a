"""Rule 3: pairs of figures whose difference is a small group."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.insights.disclosure.cells import CohortKey, Cohorts, HidingReason, Respondents


@dataclass(frozen=True)
class Leak:
    """Figures that together disclose a small group."""

    factors: Mapping[int, int]
    """Factor of each figure in the combination, by its index in the list of figures; never 0."""
    reason: HidingReason


def overlaps(figures: Sequence[Cohorts], respondents: Respondents) -> list[Leak]:
    """Return the pairs of figures whose difference is too small to be disclosed."""
    figures_with: defaultdict[CohortKey, list[int]] = defaultdict(list)
    for figure, cohorts in enumerate(figures):
        for key in cohorts:
            figures_with[key].append(figure)
    shared: Counter[tuple[int, int]] = Counter()
    for key, indices in figures_with.items():
        for pair in combinations(indices, 2):
            shared[pair] += respondents.counts[key]

    sizes = [respondents.n(cohorts) for cohorts in figures]
    return [
        Leak({one: 1, other: -1}, HidingReason.OVERLAP)
        for (one, other), common in sorted(shared.items())
        if 0 < sizes[one] + sizes[other] - 2 * common < respondents.k
    ]
