"""Cohorts: the only attributes that an answer stores about its author.

When a wave opens, the invited people are divided into cohorts of at least k, which is here one more
than the smallest group with figures (`bot.pulse.pure.counting` says why). A cohort keeps the
attributes that all of its people share; the others become None. The stored table is therefore
k-anonymous (Sweeney 2002, "k-anonymity: a model for protecting privacy") against its own operator.

The division goes from the most important attribute to the least: team, department, mentoring,
location. At each step, values with at least k people become groups, and the rest stays together
without a value. A rest smaller than k takes in just enough people from larger groups. No method can
keep more teams: everybody in a team smaller than k must lose it, and so must the few people who
complete the rest to k.

Mentoring is kept on both sides or on neither, so that people with a mentor can be compared with
others of the same team, and each side has at least k people. Nobody changes groups for it:

>>> people = {f"U{number}": Attributes("Sales", mentoring=NOT_IN_MENTORING) for number in range(12)}
>>> mentees = dict.fromkeys(("U0", "U1", "U2", "U3"), Attributes("Sales", mentoring=IN_MENTORING))
>>> Counter(each.mentoring for each in assign_cohorts(people | mentees, k=5).values())
Counter({None: 12})
>>> mentees["U4"] = mentees["U0"]
>>> Counter(each.mentoring for each in assign_cohorts(people | mentees, k=5).values())
Counter({'not in mentoring': 7, 'in mentoring': 5})
"""

import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

IN_MENTORING: Final = "in mentoring"
"""The value for people with a mentor at present."""
NOT_IN_MENTORING: Final = "not in mentoring"


@dataclass(frozen=True)
class Attributes:
    """Attributes that may be stored about an answer's author; None means unknown or withheld.

    The fields are in order of importance.
    """

    team: str | None = None
    department: str | None = None
    mentoring: str | None = None
    location: str | None = None


ATTRIBUTE_NAMES = tuple(field.name for field in fields(Attributes))
_ALL_OR_NONE = "mentoring"
"""The attribute of which a group keeps every value or none."""
_MOVED_FOR = tuple(name for name in ATTRIBUTE_NAMES if name != _ALL_OR_NONE)


def assign_cohorts(people: Mapping[str, Attributes], k: int) -> dict[str, Attributes]:
    """Return the coarsened attributes of each employee, by employee id.

    At least k people share every combination in the result, and each kept value is the person's
    own. Fewer than k people in total share the empty combination. The result does not depend on the
    order of `people`. Raises ValueError if k is below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    everybody = sorted(people)
    if len(everybody) < k:
        return dict.fromkeys(everybody, Attributes())

    groups: list[tuple[dict[str, str], list[str]]] = [({}, everybody)]
    for name in ATTRIBUTE_NAMES:
        groups = [
            (kept if value is None else {**kept, name: value}, members)
            for kept, group in groups
            for value, members in _divide(group, name, people, k)
        ]
    return {
        employee_id: cohort
        for kept, members in groups
        for cohort in [Attributes(**kept)]
        for employee_id in members
    }


def members_digest(secret: bytes, people: Iterable[str]) -> str:
    """Return 64 hexadecimal characters that identify a set of people.

    The digest of two disjoint groups together is the XOR of theirs, so a group's digest does not
    depend on its division into cohorts.
    """
    members = 0
    for person in people:
        members ^= int.from_bytes(hmac.digest(secret, person.encode(), "sha256"), "big")
    return f"{members:064x}"


def _divide(
    group: list[str], name: str, people: Mapping[str, Attributes], k: int
) -> list[tuple[str | None, list[str]]]:
    """Divide a group of at least k by one attribute into groups of at least k each.

    The group under None has people whose value is missing, too rare, or given up for others.
    """
    by_value: defaultdict[str | None, list[str]] = defaultdict(list)
    for employee_id in group:
        by_value[getattr(people[employee_id], name)].append(employee_id)
    if name == _ALL_OR_NONE:
        return _divide_all_or_none(group, by_value, k)
    large = {
        value: members
        for value, members in by_value.items()
        if value is not None and len(members) >= k
    }
    rest = [each for value, members in by_value.items() if value not in large for each in members]
    if 0 < len(rest) < k:
        _fill_up(rest, large, people, k)
    divided: list[tuple[str | None, list[str]]] = list(large.items())
    if rest:
        divided.append((None, rest))
    return divided


def _divide_all_or_none(
    group: list[str], by_value: Mapping[str | None, list[str]], k: int
) -> list[tuple[str | None, list[str]]]:
    """Divide a group only if it has two values or more, each with at least k people.

    A single value could not be compared with another, so it is not kept.
    """
    if len(by_value) < 2 or None in by_value or min(map(len, by_value.values())) < k:
        return [(None, group)]
    return list(by_value.items())


def _fill_up(
    rest: list[str], large: dict[str, list[str]], people: Mapping[str, Attributes], k: int
) -> None:
    """Move people from the large groups to the rest until it has at least k.

    People most like the rest go first, so that it loses few other attributes. If the large groups
    have too few to spare, the smallest of them joins the rest.
    """
    missing = k - len(rest)
    if sum(len(members) - k for members in large.values()) < missing:
        rest.extend(large.pop(min(large, key=lambda value: (len(large[value]), value))))
        return
    spare = {value: len(members) - k for value, members in large.items()}
    for value, employee_id in _most_alike(rest, large, people):
        if len(rest) == k:
            return
        if spare[value]:
            spare[value] -= 1
            large[value].remove(employee_id)
            rest.append(employee_id)


def _most_alike(
    rest: list[str], large: dict[str, list[str]], people: Mapping[str, Attributes]
) -> Iterable[tuple[str, str]]:
    """Return (value, employee id) of everybody in the large groups, the most similar first."""
    counts = [
        Counter(getattr(people[each], name) for each in rest if getattr(people[each], name))
        for name in _MOVED_FOR
    ]

    def order(candidate: tuple[str, str]) -> tuple[tuple[int, ...], int, str]:
        value, employee_id = candidate
        own = people[employee_id]
        shared = tuple(
            -count[getattr(own, name)] for name, count in zip(_MOVED_FOR, counts, strict=True)
        )
        return shared, -len(large[value]), employee_id

    candidates = [
        (value, employee_id) for value, members in large.items() for employee_id in members
    ]
    return sorted(candidates, key=order)
