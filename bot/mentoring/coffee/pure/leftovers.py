"""Finds a place for people who are left over, by rearranging some of the existing groups.

This is a small integer programme. Each possible group of two or three is made or not. Nobody is in
two groups, as few people as possible are in none, and among those solutions the cheapest wins.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Costs = NDArray[np.int64]

MOST_REARRANGED: Final = 24
"""How many people are rearranged at most: 2,300 possible groups. Companies up to this size get an
exact answer."""


def place_everybody(
    groups: Sequence[list[int]], alone: Sequence[int], costs: Costs, forbidden: int
) -> tuple[list[list[int]], list[int]]:
    """Return groups that leave as few people alone as possible, and the people who stay alone.

    Positions are those of `costs`; a cost of `forbidden` or more keeps two people apart. A person
    who may meet nobody stays alone. Only the nearest groups are taken apart.
    """
    allowed = costs < forbidden
    hermits = [at for at in alone if not allowed[at].any()]
    left = [at for at in alone if at not in hermits]
    near, others = _nearest(groups, left, allowed)
    people = sorted({*left, *(at for group in near for at in group)})
    rearranged, remaining = _arrange(people, costs, allowed)
    return others + rearranged, sorted(hermits + remaining)


def _nearest(
    groups: Sequence[list[int]], left: Sequence[int], allowed: NDArray[np.bool_]
) -> tuple[list[list[int]], list[list[int]]]:
    """Split groups into nearby ones, up to MOST_REARRANGED people within two hops, and the rest."""
    near: list[list[int]] = []
    others = list(groups)
    if not left:
        return near, others
    reached = list(left)
    room = MOST_REARRANGED - len(left)
    while room > 1 and others:
        met = np.logical_or.reduce(allowed[reached])
        others.sort(key=lambda group: -int(met[group].any()))
        if not met[others[0]].any() or len(others[0]) > room:
            break
        near.append(others.pop(0))
        reached += near[-1]
        room -= len(near[-1])
    return near, others


def _arrange(
    people: Sequence[int], costs: Costs, allowed: NDArray[np.bool_]
) -> tuple[list[list[int]], list[int]]:
    """Return the best groups of these people, and the people who are in none."""
    possible = [
        group
        for size in (2, 3)
        for group in combinations(people, size)
        if all(allowed[one, other] for one, other in combinations(group, 2))
    ]
    if not possible:
        return [], list(people)
    row = {at: n for n, at in enumerate(people)}
    membership = sparse.csc_array(
        (
            np.ones(sum(map(len, possible))),
            [row[at] for group in possible for at in group],
            np.cumsum([0, *map(len, possible)]),
        ),
        shape=(len(people), len(possible)),
    )
    sizes = np.array([len(group) for group in possible])
    once = LinearConstraint(membership, ub=1)
    most = round(float(sizes @ _solve(-sizes, [once])))
    # A three costs a little more, because pairs talk better.
    worth = [sum(int(costs[two]) for two in combinations(group, 2)) for group in possible]
    price = 4 * np.array(worth) + (sizes == 3)
    placed = LinearConstraint(sizes, lb=most)
    chosen = np.flatnonzero(_solve(price, [once, placed]) > 0.5)
    groups = [list(possible[n]) for n in chosen]
    return groups, sorted(set(people) - {at for group in groups for at in group})


def _solve(price: Any, constraints: list[LinearConstraint]) -> NDArray[np.float64]:
    found = milp(
        price,
        constraints=constraints,
        bounds=Bounds(0, 1),
        integrality=np.ones(len(price)),
        options={"mip_rel_gap": 0},
    )
    # There is always a solution: to make no group at all.
    result: NDArray[np.float64] = np.round(found.x)
    return result
