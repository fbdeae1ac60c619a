"""Rule 3: figures that tell something of a few people when they are set against each other."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.insights.disclosure.cells import CohortKey, Cohorts, Reason, Respondents


@dataclass(frozen=True)
class Leak:
    """Figures that together tell what they may not."""

    factors: Mapping[int, int]
    """How often each figure is counted, by its place in the list of all figures; none is 0."""
    reason: Reason

    @property
    def figures(self) -> tuple[int, ...]:
        """The places of the figures, sorted."""
        return tuple(sorted(self.factors))


def overlaps(figures: Sequence[Cohorts], respondents: Respondents) -> list[Leak]:
    """Return the pairs of figures whose difference is a group that may not be known."""
    places_of_cohort: defaultdict[CohortKey, list[int]] = defaultdict(list)
    for place, cohorts in enumerate(figures):
        for key in cohorts:
            places_of_cohort[key].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for key, places in places_of_cohort.items():
        for pair in combinations(places, 2):
            shared[pair] += respondents.counts[key]

    sizes = [respondents.n(cohorts) for cohorts in figures]
    return [
        Leak({one: 1, other: -1}, Reason.OVERLAP)
        for (one, other), common in sorted(shared.items())
        if 0 < sizes[one] + sizes[other] - 2 * common < respondents.k
    ]
