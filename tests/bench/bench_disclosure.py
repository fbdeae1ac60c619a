"""What the disclosure gate leaves to see of generated companies, and how long it takes."""

import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from bot.insights.disclosure import Cell, Decision, decide
from bot.pulse.pure.cohorts import Attributes, assign_cohorts

DIMENSIONS = ("department", "team", "location")


def company(people: int, teams: int, locations: int, seed: int = 1) -> dict[str, Attributes]:
    """Generate employees in teams of skewed sizes, ten teams to a department."""
    rng = random.Random(seed)
    team_weights = [rng.lognormvariate(0, 0.7) for _ in range(teams)]
    home = [rng.randrange(locations) for _ in range(teams)]
    members = {}
    for i in range(people):
        team = rng.choices(range(teams), team_weights)[0]
        place = home[team] if rng.random() < 0.7 else int(rng.paretovariate(0.7)) % locations
        members[f"U{i:06}"] = Attributes(
            team=f"T{team}",
            department=f"D{team // 10}",
            location=f"L{place}",
        )
    return members


def cells(cohorts: Mapping[str, Attributes]) -> Iterator[Cell]:
    """Make one cell for each value of each dimension, and the total."""
    every_cohort = set(cohorts.values())
    yield Cell("total", "total", "Everybody", frozenset(every_cohort))
    for dimension in DIMENSIONS:
        by_value = defaultdict(set)
        for cohort in every_cohort:
            if value := getattr(cohort, dimension):
                by_value[value].add(cohort)
        for value, keys in by_value.items():
            parent = "total"
            departments = {key.department for key in keys}
            if dimension == "team" and None not in departments and len(departments) == 1:
                parent = f"department:{departments.pop()}"
            yield Cell(f"{dimension}:{value}", dimension, value, frozenset(keys), parent)


def coverage(decision: Decision, dimension: str, respondents: Counter[Attributes]) -> float:
    """Return the share of respondents, 0 to 1, who are in a shown cell of a dimension."""
    covered = {
        key for cell in decision.shown if cell.dimension == dimension for key in cell.cohorts
    }
    return sum(respondents[key] for key in covered) / respondents.total()


def measure(people: int, teams: int, locations: int, k: int, participation: float) -> None:
    """Print the share of answers in a shown cell, by dimension, and the time for one company."""
    members = company(people, teams, locations)
    cohorts = assign_cohorts(members, k + 1)
    rng = random.Random(2)
    respondents = Counter(cohorts[each] for each in sorted(members) if rng.random() < participation)
    candidates = list(cells(cohorts))
    start = time.perf_counter()
    decision = decide(candidates, respondents, k, asked=Counter(cohorts.values()))
    seconds = time.perf_counter() - start

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    covered = ", ".join(
        f"{name} {coverage(decision, name, respondents):.1%}" for name in DIMENSIONS
    )
    merged = sum(len(cell.cell_ids) > 1 for cell in decision.shown)
    print(  # noqa: T201  # the figures are what this script is for
        f"{respondents.total():>6} of {people:>6} people answer, k={k}: "
        f"{len(decision.shown):>4} cells shown of {len(candidates):>4}, "
        f"{merged} of them merged; covered: {covered}; "
        f"{seconds:.2f} s, peak {peak:.0f} MiB"
    )


if __name__ == "__main__":
    for k in (5, 10):
        for participation in (0.9, 0.7, 0.3):
            measure(50, 6, 3, k, participation)
            measure(1_000, 80, 6, k, participation)
            measure(round(100_000 / participation), 900, 25, k, participation)
