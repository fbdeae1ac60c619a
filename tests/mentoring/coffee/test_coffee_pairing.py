import random
from functools import cache
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mentoring.coffee.pure import pairing as peers_module
from bot.mentoring.coffee.pure.pairing import LeftOutBecause, Peer, PeerRound, propose_peers

IDS = [f"U{n}" for n in range(9)]
peers = st.builds(
    Peer,
    id=st.sampled_from(IDS),
    team=st.sampled_from((None, "A", "B")),
    never_with=st.frozensets(st.sampled_from(IDS), max_size=1),
    paused=st.sampled_from((False, False, False, True)),
    away=st.sampled_from((False, False, False, True)),
)
companies = st.lists(peers, max_size=9, unique_by=lambda one: one.id)
histories = st.dictionaries(
    st.frozensets(st.sampled_from(IDS), min_size=2, max_size=2), st.integers(1, 4), max_size=12
)


def met(outcome: PeerRound) -> list[frozenset[str]]:
    return [frozenset(two) for group in outcome.groups for two in combinations(group, 2)]


@settings(max_examples=150, deadline=None)
@given(company=companies, history=histories, seed=st.integers(0, 9))
def test_everybody_is_in_one_group_or_told_why(
    company: list[Peer], history: dict[frozenset[str], int], seed: int
) -> None:
    outcome = propose_peers(company, history, seed)
    placed = [person for group in outcome.groups for person in group]
    left = dict(outcome.left_out)
    assert sorted(placed + list(left)) == sorted(peer.id for peer in company)
    assert all(len(group) in (2, 3) for group in outcome.groups)
    never = {frozenset((peer.id, other)) for peer in company for other in peer.never_with}
    assert not never & set(met(outcome))
    assert {one for one, why in left.items() if why is LeftOutBecause.PAUSED_OR_AWAY} == {
        peer.id for peer in company if peer.paused or peer.away
    }
    if not never and sum(not (peer.paused or peer.away) for peer in company) > 1:
        assert LeftOutBecause.ALONE not in left.values()


@settings(max_examples=40, deadline=None)
@given(company=companies, history=histories, shuffle=st.randoms(use_true_random=False))
def test_order_of_the_input_makes_no_difference(
    company: list[Peer], history: dict[frozenset[str], int], shuffle: random.Random
) -> None:
    mixed = shuffle.sample(company, len(company))
    assert propose_peers(mixed, history, 3) == propose_peers(company, history, 3)


def test_twelve_people_meet_everybody_before_anybody_again() -> None:
    company = [Peer(id=f"P{n:02}") for n in range(12)]
    history: dict[frozenset[str], int] = {}
    for week in range(8):
        for two in met(propose_peers(company, history, week)):
            history[two] = history.get(two, 0) + 1
    assert max(history.values()) == 1


def test_own_team_comes_last() -> None:
    company = [Peer(id=f"P{n}", team="Web" if n < 2 else "Data") for n in range(4)]
    for seed in range(5):
        groups = propose_peers(company, {frozenset(("P0", "P2")): 1}, seed).groups
        assert groups == (("P0", "P3"), ("P1", "P2"))


def test_odd_one_joins_a_pair_and_two_who_avoid_each_other_are_not_dropped() -> None:
    company = [Peer(id=f"P{n}") for n in range(5)]
    assert sorted(map(len, propose_peers(company, {}, 1).groups)) == [2, 3]
    shy = Peer(id="P5", never_with=frozenset({"P0", "P1", "P2", "P3"}))
    outcome = propose_peers([*company, shy], {}, 1)
    assert outcome.left_out == ()
    assert ("P4", "P5") in outcome.groups
    hermit = Peer(id="P6", never_with=frozenset(peer.id for peer in company))
    assert propose_peers([*company, hermit], {}, 1).left_out == (("P6", LeftOutBecause.ALONE),)


def test_pairs_of_a_small_company_cost_the_least_possible() -> None:
    rng = random.Random(4)
    for seed in range(30):
        company = [Peer(id=f"P{n}", team=rng.choice("ABC")) for n in range(8)]
        history = {
            frozenset(two): rng.randrange(3)
            for two in combinations((peer.id for peer in company), 2)
        }
        cost = {
            frozenset((a.id, b.id)): (history[frozenset((a.id, b.id))] + 3 * (a.team == b.team))
            ** 2
            for a, b in combinations(company, 2)
        }
        found = sum(cost[two] for two in met(propose_peers(company, history, seed)))
        assert found == least([peer.id for peer in company], cost)


def least(people: list[str], cost: dict[frozenset[str], int]) -> int:
    """Return the least cost of all ways to pair people up."""
    if not people:
        return 0
    first, *rest = people
    return min(
        cost[frozenset((first, other))] + least([one for one in rest if one != other], cost)
        for other in rest
    )


def fewest_left_out(people: frozenset[str], never: set[frozenset[str]]) -> int:
    """Return how many are in no group at least, by trying all ways to make pairs and threes."""

    @cache
    def fewest(left: frozenset[str]) -> int:
        if not left:
            return 0
        first = min(left)
        others = [one for one in left - {first} if frozenset((first, one)) not in never]
        threes = (two for two in combinations(others, 2) if frozenset(two) not in never)
        groups = chain([()], ((one,) for one in others), threes)
        return min((not group) + fewest(left - {first, *group}) for group in groups)

    return fewest(people)


few = st.integers(2, 7).flatmap(
    lambda size: st.tuples(
        st.just([f"P{n}" for n in range(size)]),
        st.frozensets(st.sampled_from(list(combinations([f"P{n}" for n in range(size)], 2)))),
    )
)


@settings(max_examples=250, deadline=None)
@given(company=few, seed=st.integers(0, 9))
def test_nobody_is_left_out_who_could_be_placed(
    company: tuple[list[str], frozenset[tuple[str, str]]], seed: int
) -> None:
    people, forbidden = company
    never = {frozenset(two) for two in forbidden}
    apart = [
        Peer(
            id=one,
            never_with=frozenset(other for two in forbidden for other in two if one in two) - {one},
        )
        for one in people
    ]
    outcome = propose_peers(apart, {}, seed)
    assert not never & set(met(outcome))
    assert len(outcome.left_out) == fewest_left_out(frozenset(people), never)


def test_five_people_of_whom_one_avoids_two_are_all_placed() -> None:
    picky = Peer(id="P0", never_with=frozenset({"P1", "P3"}))
    one_sided = Peer(id="P1", never_with=frozenset({"P0"}))
    company = [picky, one_sided, *(Peer(id=f"P{n}") for n in (2, 3, 4))]
    for seed in range(20):
        assert propose_peers(company, {}, seed).left_out == ()


def test_in_a_large_company_with_many_refusals_everybody_is_placed() -> None:
    rng = random.Random(2)
    names = [f"P{n}" for n in range(151)]
    for seed in range(3):
        # Each of five may meet one person only; those are five different people.
        company = [
            Peer(
                id=name,
                never_with=frozenset(names) - {name, names[5 + n]} if n < 5 else frozenset(),
            )
            for n, name in enumerate(names)
        ]
        rng.shuffle(company)
        outcome = propose_peers(company, {}, seed)
        assert outcome.left_out == ()
        assert all(len(group) in (2, 3) for group in outcome.groups)


def test_a_large_company_is_paired_in_parts_that_mix_the_teams(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nine in ten are of one team: whoever is not can only meet one of it in their own part."""
    monkeypatch.setattr(peers_module, "LARGEST_PART", 20)
    company = [Peer(id=f"P{n:03}", team="Small" if n < 20 else "Large") for n in range(201)]
    history = {frozenset(("P000", f"P{n:03}")): 1 for n in range(20, 60)}
    rounds = [propose_peers(company, history, seed) for seed in range(4)]
    for outcome in rounds:
        placed = [person for group in outcome.groups for person in group]
        assert sorted(placed) == [peer.id for peer in company]
        assert all(len(group) in (2, 3) for group in outcome.groups)
        mixed = [group for group in outcome.groups if group[0] < "P020" <= group[-1]]
        assert len(mixed) == 20, "each of the small team meets one of the other"
        (of_first,) = [group for group in mixed if "P000" in group]
        assert not {frozenset(("P000", other)) for other in of_first} & history.keys()
    assert len({outcome.groups for outcome in rounds}) == 4
    shuffled = random.Random(1).sample(company, len(company))
    assert propose_peers(shuffled, history, 0) == rounds[0]
    assert max(map(len, peers_module._dealt(company))) <= 20
