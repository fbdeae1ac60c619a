"""The teams that figures of the company pulse are about. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

SMALL_TEAMS: Final = ""
"""The label of the people in small teams, and without a team, together."""


def labels_of(teams: Mapping[str, str | None], k: int) -> dict[str, str]:
    """Return under which label each person's answers count, by person.

    `teams` has the team of each person. A team of more than k people has its own label. The others
    share one if they are more than k together; if not, they are left out.

    >>> teams = {f"d{number}": "Design" for number in range(6)}
    >>> small = {"l0": "Legal", "l1": "Legal", "m0": None}
    >>> Counter(labels_of(teams | small, k=5).values())
    Counter({'Design': 6})
    >>> small |= {"s0": "Sales", "s1": "Sales", "s2": "Sales"}
    >>> Counter(labels_of(teams | small, k=5).values())
    Counter({'Design': 6, '': 6})
    """
    sizes = Counter(teams.values())
    labels = {
        person: team if team and sizes[team] > k else SMALL_TEAMS for person, team in teams.items()
    }
    small = sum(label == SMALL_TEAMS for label in labels.values())
    if small > k:
        return labels
    return {person: label for person, label in labels.items() if label != SMALL_TEAMS}
