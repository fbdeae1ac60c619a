import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.attention.pure.calendars import Calendar
from bot.mentoring.rounds.pure.matching import Round, Why, next_best, propose_round
from bot.mentoring.rounds.pure.rules import Pool, Rule, broken_rule
from bot.mentoring.rounds.pure.scoring import SCALE, Mentee, Mentor, Weights
from bot.mentoring.rounds.read_pool import RoundTask
from bot.mentoring.rounds.service import compute_round
from tests.mentoring.rounds.scoring import score
from tests.mentoring.rounds.test_matching_assignment import best_by_trying

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
TOPICS = ("Go", "Python", "Rust")
IDS = [f"U{n}" for n in range(12)]
ids = st.sampled_from(IDS)
some_ids = st.frozensets(ids, max_size=2)
topics = st.frozensets(st.sampled_from(TOPICS), max_size=2)
common = {
    "team": st.sampled_from((None, "A", "B")),
    "years": st.one_of(st.none(), st.integers(0, 30)),
    "languages": st.frozensets(st.sampled_from(("en", "de")), max_size=2),
    "calendar": st.sampled_from((Calendar(), Calendar("Asia/Tokyo"), Calendar("Europe/Berlin"))),
    "never_with": some_ids,
    "paused": st.sampled_from((False, False, False, True)),
    "away": st.sampled_from((False, False, False, True)),
}
mentees = st.builds(
    Mentee,
    id=ids,
    wants=topics,
    waiting_since=st.integers(0, 80).map(lambda days: NOW - timedelta(days=days)),
    **common,
)
mentors = st.builds(
    Mentor, id=ids, offers=topics, capacity=st.integers(0, 5), taken=st.integers(0, 2), **common
)
pools = st.builds(
    Pool,
    mentees=st.lists(mentees, max_size=7, unique_by=lambda one: one.id).map(tuple),
    mentors=st.lists(mentors, max_size=7, unique_by=lambda one: one.id).map(tuple),
    managers=st.dictionaries(ids, ids, max_size=6),
    earlier=st.frozensets(st.frozensets(ids, min_size=2, max_size=2), max_size=4),
)


def mentee(number: int, **known: Any) -> Mentee:
    return replace(Mentee(id=f"A{number}", waiting_since=NOW), **known)


def mentor(number: int, **known: Any) -> Mentor:
    return replace(Mentor(id=f"B{number}", capacity=1), **known)


def propose(pool: Pool, seed: int = 1) -> Round:
    return propose_round(pool, Weights(), NOW, seed)


def allowed_scores(pool: Pool) -> dict[tuple[int, int], int]:
    return {
        (row, col): round(score(one, other, Weights(), NOW) * SCALE)
        for row, one in enumerate(pool.mentees)
        for col, other in enumerate(pool.mentors)
        if one.takes_part
        and (not one.wants or one.wants & other.offers)
        and broken_rule(one, other, pool) is None
    }


def free_places(pool: Pool) -> list[int]:
    return [one.free_places for one in pool.mentors]


@settings(max_examples=120, deadline=None)
@given(pool=pools, seed=st.integers(0, 99))
def test_round_keeps_every_rule(pool: Pool, seed: int) -> None:
    outcome = propose(pool, seed)
    by_mentor = Counter(pair.mentor_id for pair in outcome.pairs)
    mentor_of = {one.id: one for one in pool.mentors}
    mentee_of = {one.id: one for one in pool.mentees}
    for pair in outcome.pairs:
        one, other = mentee_of[pair.mentee_id], mentor_of[pair.mentor_id]
        assert by_mentor[other.id] <= other.capacity - other.taken
        assert one.id != other.id
        assert other.id not in one.never_with
        assert one.id not in other.never_with
        assert one.takes_part is other.takes_part is True
        assert {one.id, other.id} not in pool.earlier
        for below, above in ((one.id, other.id), (other.id, one.id)):
            manager, steps = pool.managers.get(below), 0
            while manager is not None and steps < len(IDS):
                assert manager != above
                manager, steps = pool.managers.get(manager), steps + 1
        assert 0 <= pair.score <= 1
    matched = [pair.mentee_id for pair in outcome.pairs]
    left = [one.mentee_id for one in outcome.unmatched]
    assert sorted(matched + left) == sorted(mentee_of)


@settings(max_examples=120, deadline=None)
@given(pool=pools)
def test_round_is_the_best_of_all(pool: Pool) -> None:
    outcome = propose(pool)
    nobody = [False] * len(pool.mentees)
    matched, _, total = best_by_trying(allowed_scores(pool), free_places(pool), nobody)
    assert (len(outcome.pairs), round(outcome.total * SCALE)) == (matched, total)
    assert (outcome.most_pairs, round(outcome.bound * SCALE)) == (matched, total)


@settings(max_examples=200, deadline=None)
@given(pool=pools, first=st.frozensets(ids, max_size=5), seed=st.integers(0, 99))
def test_first_in_line_are_served_at_the_cost_of_nobody(
    pool: Pool, first: frozenset[str], seed: int
) -> None:
    outcome = compute_round(RoundTask(pool, first, Weights(), NOW, seed))
    flags = [one.id in first for one in pool.mentees]
    best = best_by_trying(allowed_scores(pool), free_places(pool), flags)
    served = sum(pair.mentee_id in first for pair in outcome.pairs)
    assert (len(outcome.pairs), served, round(outcome.total * SCALE)) == best
    bounds = (outcome.most_pairs, outcome.most_first, round(outcome.bound * SCALE))
    assert (outcome.first_served, *bounds) == (served, *best)


@settings(max_examples=60, deadline=None)
@given(pool=pools, shuffle=st.randoms(use_true_random=False))
def test_order_of_the_input_makes_no_difference(pool: Pool, shuffle: random.Random) -> None:
    mixed = replace(
        pool,
        mentees=tuple(shuffle.sample(pool.mentees, len(pool.mentees))),
        mentors=tuple(shuffle.sample(pool.mentors, len(pool.mentors))),
    )
    assert propose(mixed) == propose(pool)


def test_seed_settles_ties() -> None:
    pool = Pool(tuple(mentee(n) for n in range(6)), (mentor(0), mentor(1)), {})
    lucky = {frozenset(pair.mentee_id for pair in propose(pool, seed).pairs) for seed in range(20)}
    assert len(lucky) > 5


def test_matching_more_people_goes_before_better_pairs() -> None:
    pool = Pool(
        (mentee(0, wants=frozenset({"Go", "Rust"})), mentee(1, wants=frozenset({"Go"}))),
        (mentor(0, offers=frozenset({"Go", "Rust"})), mentor(1, offers=frozenset({"Rust"}))),
        {},
    )
    pairs = {pair.mentee_id: pair.mentor_id for pair in propose(pool).pairs}
    assert pairs == {"A0": "B1", "A1": "B0"}


def test_who_is_first_in_line_takes_the_mentor_that_leaves_one_for_others() -> None:
    wants_both = mentee(0, wants=frozenset({"Go", "Rust"}))
    wants_go = mentee(1, wants=frozenset({"Go"}))
    both, rust = frozenset({"Go", "Rust"}), frozenset({"Rust"})
    pool = Pool((wants_both, wants_go), (mentor(0, offers=both), mentor(1, offers=rust)), {})
    outcome = compute_round(RoundTask(pool, frozenset({"A0"}), Weights(), NOW, 1))
    assert {pair.mentee_id for pair in outcome.pairs} == {"A0", "A1"}
    assert outcome.most_pairs == 2


def test_who_waits_longest_goes_first_where_places_are_few() -> None:
    waiting = tuple(mentee(n, waiting_since=NOW - timedelta(days=7 * n)) for n in range(4))
    pairs = propose(Pool(waiting, (mentor(0, capacity=2),), {})).pairs
    assert {pair.mentee_id for pair in pairs} == {"A2", "A3"}


def test_the_unmatched_are_told_why() -> None:
    rust, go, sql = frozenset({"Rust"}), frozenset({"Go"}), frozenset({"SQL"})
    pool = Pool(
        (
            mentee(0, wants=rust),
            mentee(1, wants=rust | {"Zig"}),
            mentee(2, wants=go, away=True),
            mentee(3, wants=go),
            mentee(4, wants=sql),
            mentee(5, wants=go, never_with=frozenset({"B0"})),
        ),
        (mentor(0, offers=go, taken=1), mentor(1, offers=sql, capacity=3)),
        {"A4": "X", "X": "B1"},
    )
    outcome = propose(pool)
    assert {one.mentee_id: one.why for one in outcome.unmatched} == {
        "A0": Why.NOBODY_OFFERS,
        "A1": Why.NOBODY_OFFERS,
        "A2": Why.PAUSED_OR_AWAY,
        "A3": Why.NOBODY_FREE,
        "A4": Why.OWN_LINE_OR_REPEAT,
        "A5": Why.NOBODY_FREE,
    }
    assert outcome.unmatched[1].missing_topics == ("Rust", "Zig")
    gaps = {gap.topic: (gap.waiting, gap.offered_by, gap.free_places) for gap in outcome.gaps}
    assert gaps == {"Go": (2, 1, 0), "Rust": (2, 0, 0), "SQL": (1, 1, 3), "Zig": (1, 0, 0)}


def test_never_with_is_told_by_nothing() -> None:
    wants = frozenset({"Go"})
    declined_quietly = mentor(0, offers=wants, never_with=frozenset({"A0"}))
    full = mentor(0, offers=wants, taken=1)
    quiet, busy = (
        propose(Pool((mentee(0, wants=wants),), (m,), {})) for m in (declined_quietly, full)
    )
    assert quiet.unmatched == busy.unmatched
    assert "A0" not in repr(declined_quietly)


def test_nobody_mentors() -> None:
    assert propose(Pool((mentee(0),), (), {})).unmatched[0].why is Why.NO_MENTORS
    both = Pool((mentee(0),), (Mentor(id="A0"),), {})
    assert propose(both).unmatched[0].why is Why.NO_MENTORS
    assert propose(Pool((), (mentor(0),), {})).pairs == ()


@settings(max_examples=60, deadline=None)
@given(pool=pools)
def test_next_best_is_the_best_free_mentor(pool: Pool) -> None:
    scores = allowed_scores(pool)
    for row, one in enumerate(pool.mentees):
        found = next_best(one, pool, Weights(), NOW)
        left = [
            scores[row, col]
            for col, other in enumerate(pool.mentors)
            if (row, col) in scores and other.free_places
        ]
        assert (found is None) == (not left)
        if found is not None:
            assert round(found.score * SCALE) == max(left)


def test_manager_line_ends_in_a_circle() -> None:
    pool = Pool((mentee(0),), (mentor(0),), {"A0": "X", "X": "Y", "Y": "X"})
    assert broken_rule(pool.mentees[0], pool.mentors[0], pool) is None
    above = replace(pool, managers={"A0": "X", "X": "B0", "B0": "A0"})
    assert broken_rule(above.mentees[0], above.mentors[0], above) is Rule.MANAGER_LINE
