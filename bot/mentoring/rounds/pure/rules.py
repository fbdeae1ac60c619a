"""The hard rules: people who are never matched, whatever their score.

Never with: one of them asked not to be paired with the other. Manager line: one manages the other,
at any distance. Repeat: the two were a pair before, in either direction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.mentoring.rounds.pure.scoring import Mentee, Mentor, Participant

Two = frozenset[str]


class Rule(StrEnum):
    """Why two people are not matched. NEVER_WITH is confidential: never expose it."""

    SELF = "self"
    NEVER_WITH = "never_with"
    MANAGER_LINE = "manager_line"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Pool:
    """Everybody in the programme, and how they are related.

    `managers` names each employee's manager; `earlier` holds the two ids of every earlier pair.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    managers: Mapping[str, str]
    earlier: frozenset[Two] = frozenset()


def broken_rule(mentee: Participant, mentor: Participant, pool: Pool) -> Rule | None:
    """Return the rule that keeps two people apart, or None."""
    if mentee.id == mentor.id:
        return Rule.SELF
    if mentor.id in mentee.never_with or mentee.id in mentor.never_with:
        return Rule.NEVER_WITH
    if mentor.id in line_above(mentee.id, pool.managers) or mentee.id in line_above(
        mentor.id, pool.managers
    ):
        return Rule.MANAGER_LINE
    if frozenset((mentee.id, mentor.id)) in pool.earlier:
        return Rule.REPEAT
    return None


def line_above(employee_id: str, managers: Mapping[str, str]) -> list[str]:
    """Return the ids of a person's managers, the nearest first; a circle ends the list."""
    line: list[str] = []
    above = managers.get(employee_id)
    while above is not None and above != employee_id and above not in line:
        line.append(above)
        above = managers.get(above)
    return line


def ruled_out(
    mentees: Sequence[Mentee], mentors: Sequence[Mentor], pool: Pool
) -> set[tuple[int, int]]:
    """Return the positions (mentee, mentor) of all pairs for which `broken_rule` finds one."""
    mentee_at = {mentee.id: n for n, mentee in enumerate(mentees)}
    mentor_at = {mentor.id: n for n, mentor in enumerate(mentors)}
    return {
        (mentee_at[one], mentor_at[other])
        for one, other in _separations(mentees, mentors, pool)
        if one in mentee_at and other in mentor_at
    }


def _separations(
    mentees: Sequence[Mentee], mentors: Sequence[Mentor], pool: Pool
) -> Iterator[tuple[str, str]]:
    """Yield the ids (mentee, mentor) of separated people; some may not be in the pool."""
    for mentee in mentees:
        yield mentee.id, mentee.id
        for other in (*mentee.never_with, *line_above(mentee.id, pool.managers)):
            yield mentee.id, other
    for mentor in mentors:
        for other in (*mentor.never_with, *line_above(mentor.id, pool.managers)):
            yield other, mentor.id
    for one, other in map(tuple, pool.earlier):
        yield one, other
        yield other, one
