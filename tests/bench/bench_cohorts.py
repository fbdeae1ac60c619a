"""What people's cohorts cost them in detail, and the machine in time and memory."""

import random
import resource
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.pulse.pure.cohorts import (
    IN_MENTORING,
    NOT_IN_MENTORING,
    Attributes,
    assign_cohorts,
)
from sandbox.demo.company import people as demo_people
from tests.bench.bench_disclosure import company

K = 5


def discernibility(cohorts: Mapping[str, Attributes]) -> int:
    """Return the discernibility metric: the sum over people of the size of their cohort.

    It runs from n·k (at best) to n² (nothing kept). Source: Bayardo and Agrawal 2005, "Data privacy
    through optimal k-anonymization", section 2.2; nobody is left out here, so their charge for
    suppressed rows does not occur.
    """
    return sum(size * size for size in Counter(cohorts.values()).values())


def share_kept(
    people: Mapping[str, Attributes], cohorts: Mapping[str, Attributes], name: str = "team"
) -> float:
    """Return the share, 0 to 1, of the people with a value of attribute `name` who keep it.

    Nobody having a value counts as nothing lost: 1.
    """
    having = [employee_id for employee_id in people if getattr(people[employee_id], name)]
    if not having:
        return 1.0
    return sum(getattr(cohorts[each], name) is not None for each in having) / len(having)


def demo_company() -> dict[str, Attributes]:
    """Return the demo's 46 people as a wave sees them."""
    return {
        person.id: Attributes(
            team=person.team.name,
            department=person.team.department,
            location=person.place.name,
        )
        for person in demo_people()
    }


def with_mentees(members: Mapping[str, Attributes], share: float) -> dict[str, Attributes]:
    """Give a mentor to a share, 0 to 1, of a company's people."""
    rng = random.Random(1)
    return {
        each: replace(
            attributes,
            mentoring=IN_MENTORING if rng.random() < share else NOT_IN_MENTORING,
        )
        for each, attributes in members.items()
    }


def measure(name: str, members: Mapping[str, Attributes]) -> None:
    """Print the loss, time and peak memory of one company's cohorts."""
    start = time.perf_counter()
    cohorts = assign_cohorts(members, K)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    smallest = min(Counter(cohorts.values()).values())
    mean_size = discernibility(cohorts) / len(members)
    kept = ", ".join(
        f"{attribute} {share_kept(members, cohorts, attribute):.1%}"
        for attribute in ("team", "department", "mentoring", "location")
    )
    print(  # noqa: T201  # the figures are what this script is for
        f"{name:>7}: {len(members):>6} people, {len(set(cohorts.values())):>5} cohorts "
        f"(smallest {smallest}); discernibility {discernibility(cohorts):,}, which is a cohort of "
        f"{mean_size:.1f} for the average person; kept: {kept}; "
        f"{seconds:.2f} s, peak {peak:.0f} MiB"
    )


if __name__ == "__main__":
    measure("demo", demo_company())
    measure("50", company(50, 6, 3))
    measure("1,000", company(1_000, 80, 6))
    measure("1,000, a fifth of them mentees", with_mentees(company(1_000, 80, 6), 0.2))
    measure("100,000", company(100_000, 900, 25))
