"""Puts everybody who joined the coffee rounds into a pair or a group of three.

A pair costs the square of how often the two have met; a colleague of the same team counts as met
`OWN_TEAM_MEETINGS` times more. The pairing minimises the sum, so new partners come first and the
same team last.

Finding the least sum is minimum-weight matching in a general graph, which networkx does exactly
(blossom method; Galil 1986, "Efficient algorithms for finding maximum matching in graphs"). As many
people as possible are paired, and a person left over joins a pair. If "never with" leaves somebody
over even then, `leftovers` rearranges groups around them.

Matching n people takes about n³ steps, so a large company is dealt into parts of a few hundred,
each with its share of every team. The parts differ from round to round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from bot.mentoring.coffee.pure.leftovers import place_everybody
from bot.mentoring.rounds.pure.seeded_order import seeded_order

OWN_TEAM_MEETINGS: Final = 3
LARGEST_PART: Final = 300
"""How many people are paired at once: about 0.2 s of one core."""

_FORBIDDEN: Final = 10**9
_MOST_MEETINGS: Final = 100
"""More meetings than this make no difference; keeps sums of costs below `_FORBIDDEN`."""

Costs = NDArray[np.int64]


class LeftOutBecause(StrEnum):
    """Why a person is in no group."""

    PAUSED_OR_AWAY = "not_now"
    """The person is paused or away."""
    ALONE = "alone"
    """There was nobody to meet."""


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A person who joined the coffee rounds."""

    id: str
    team: str | None = None
    never_with: frozenset[str] = field(default=frozenset(), repr=False)
    paused: bool = False
    away: bool = False


@dataclass(frozen=True)
class PeerRound:
    """Groups of two or three ids, and the people left out with the reason, all sorted by id."""

    groups: tuple[tuple[str, ...], ...]
    left_out: tuple[tuple[str, LeftOutBecause], ...]


def propose_peers(
    peers: Sequence[Peer], meetings: Mapping[frozenset[str], int], seed: int
) -> PeerRound:
    """Put everybody into pairs, or into a three where a person would be left over.

    `meetings` says how often two people have met before. Two people are kept apart if one of them
    asked never to be paired with the other. The same input gives the same round, in any order.
    """
    present = seeded_order([peer for peer in peers if not (peer.paused or peer.away)], seed)
    left_out = {
        peer.id: LeftOutBecause.PAUSED_OR_AWAY for peer in peers if peer.paused or peer.away
    }
    made: list[tuple[str, ...]] = []
    parts = _dealt(present)
    for part, met in zip(parts, _within(parts, meetings), strict=True):
        groups, alone = _groups(_costs(part, met))
        made += [tuple(sorted(part[at].id for at in group)) for group in groups]
        left_out |= {part[at].id: LeftOutBecause.ALONE for at in alone}
    return PeerRound(groups=tuple(sorted(made)), left_out=tuple(sorted(left_out.items())))


def _dealt(people: Sequence[Peer]) -> list[Sequence[Peer]]:
    """Deal people into parts like cards, team by team; few people are one part in their order."""
    count = -(-len(people) // LARGEST_PART)
    if count <= 1:
        return [people]
    by_team = sorted(people, key=lambda peer: peer.team or "")
    return [by_team[n::count] for n in range(count)]


def _within(
    parts: Sequence[Sequence[Peer]], meetings: Mapping[frozenset[str], int]
) -> list[dict[frozenset[str], int]]:
    """Return for each part the meetings between its people."""
    part_of = {peer.id: number for number, part in enumerate(parts) for peer in part}
    met: list[dict[frozenset[str], int]] = [{} for _ in parts]
    for two, times in meetings.items():
        places = {part_of.get(person) for person in two}
        part = places.pop()
        if part is not None and not places:
            met[part][two] = times
    return met


def _costs(peers: Sequence[Peer], meetings: Mapping[frozenset[str], int]) -> Costs:
    at = {peer.id: n for n, peer in enumerate(peers)}
    met = np.zeros((len(peers), len(peers)), dtype=np.int64)
    for two, times in meetings.items():
        one, other = (at.get(person) for person in two)
        if one is not None and other is not None:
            met[one, other] = met[other, one] = min(times, _MOST_MEETINGS)
    teams = {team: n for n, team in enumerate(sorted({peer.team or "" for peer in peers}))}
    team = np.array([teams[peer.team] if peer.team else -1 - n for n, peer in enumerate(peers)])
    costs: Costs = (met + OWN_TEAM_MEETINGS * (team[:, None] == team[None, :])) ** 2
    for n, peer in enumerate(peers):
        costs[n, n] = _FORBIDDEN
        for disliked in peer.never_with & at.keys():
            costs[n, at[disliked]] = costs[at[disliked], n] = _FORBIDDEN
    return costs


def _groups(costs: Costs) -> tuple[list[list[int]], list[int]]:
    """Return groups of positions, and the positions for which there is no group."""
    ones, others = np.nonzero(np.triu(costs < _FORBIDDEN))
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(ones.tolist(), others.tolist(), (-costs[ones, others]).tolist(), strict=True)
    )
    groups = [list(pair) for pair in nx.max_weight_matching(graph, maxcardinality=True)]
    placed = {at for group in groups for at in group}
    left = [at for at in range(len(costs)) if at not in placed]
    alone = [at for at in left if not _join_a_pair(at, groups, costs)]
    return place_everybody(groups, alone, costs, _FORBIDDEN)


def _join_a_pair(at: int, groups: list[list[int]], costs: Costs) -> bool:
    """Add a person to the cheapest pair; return False if "never with" forbids all of them."""
    open_pairs = [group for group in groups if len(group) == 2]
    best = min(open_pairs, key=lambda group: int(costs[at, group].sum()), default=None)
    if best is None or costs[at, best].sum() >= _FORBIDDEN:
        return False
    best.append(at)
    return True
