"""How many people are counted as having answered: of each cohort, never everybody. Pure.

A shown count, and even that something is shown at all, bounds how many people answered. If
everybody of a group did, such bounds may prove it, and so that each single person took part.
Therefore of each cohort (`bot.pulse.pure.cohorts`) at most all but one count. Whatever depends only
on these counts is the same if any one of them, whoever it is, had not answered. So no release, and
no combination of releases, tells of anybody that they did, however well its reader knows the rules.

It follows that a group needs more people than a rule demands answers: five of five count as four.
"""

from collections.abc import Mapping
from typing import TypeVar

Cohort = TypeVar("Cohort")


def counted(answered: Mapping[Cohort, int], asked: Mapping[Cohort, int]) -> dict[Cohort, int]:
    """Return how many people of each cohort count as having answered: at most all but one.

    `answered` counts the people of each cohort who answered, `asked` those who were asked. A cohort
    that is missing in `asked` was asked nothing, and nobody of it counts.

    >>> counted({"design": 6, "legal": 4, "sales": 1}, {"design": 6, "legal": 6, "sales": 1})
    {'design': 5, 'legal': 4}
    """
    most = {cohort: min(people, asked.get(cohort, 0) - 1) for cohort, people in answered.items()}
    return {cohort: people for cohort, people in most.items() if people > 0}
