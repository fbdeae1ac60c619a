"""Time a round of mentoring, and prove its outcome against other solvers, in one run.

Figures of which something is demanded are printed with the demand; one that is missed fails the
run. They are ratios within the run, so that a slow machine does not count.
"""

import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import matching.mentee
import matching.mentor
import matching.process
import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from bot.attention.pure.calendars import Calendar
from bot.mentoring.coffee.pure.pairing import Peer, propose_peers
from bot.mentoring.rounds.pure.allowed_pairs import AllowedPairs
from bot.mentoring.rounds.pure.assignment import Edges, assign, duals, graph_of, stakes
from bot.mentoring.rounds.pure.matching import propose_round
from bot.mentoring.rounds.pure.rules import Pool
from bot.mentoring.rounds.pure.scoring import SCALE, Mentee, Mentor, Weights
from bot.mentoring.rounds.pure.seeded_order import seeded_order
from tests.bench.demands import Demand, judge, report

NOW = datetime(2026, 6, 15, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Los_Angeles")
TOPICS = [f"Topic {n}" for n in range(60)]
POPULARITY = [(n + 1) ** -0.5 for n in range(60)]
LANGUAGES = ("en", "de", "hi")

Result = TypeVar("Result")


def company(mentees: int, mentors: int, most_places: int = 5) -> Pool:
    """Generate a pool with topics of skewed popularity, managers, and people who avoid others."""
    rng = random.Random(1)

    def known(number: int) -> dict[str, Any]:
        return {
            "team": f"T{rng.randrange(1 + mentees // 20)}",
            "languages": frozenset(rng.sample(LANGUAGES, 2)),
            "calendar": Calendar(rng.choice(ZONES)),
            "never_with": frozenset({f"B{rng.randrange(mentors)}"} if number % 20 == 0 else ()),
        }

    def some_topics(count: int) -> frozenset[str]:
        return frozenset(rng.choices(TOPICS, POPULARITY, k=count))

    return Pool(
        mentees=tuple(
            Mentee(
                id=f"A{n}",
                years=rng.uniform(0, 8),
                wants=some_topics(3),
                waiting_since=NOW - timedelta(days=rng.randrange(60)),
                **known(n),
            )
            for n in range(mentees)
        ),
        mentors=tuple(
            Mentor(
                id=f"B{n}",
                years=rng.uniform(0, 20),
                offers=some_topics(4),
                capacity=rng.randint(1, most_places),
                **known(n),
            )
            for n in range(mentors)
        ),
        managers={f"A{n}": f"B{rng.randrange(mentors)}" for n in range(mentees)},
    )


def prepared(pool: Pool) -> tuple[Edges, Any, AllowedPairs]:
    """Return all allowed pairs as one block and as the round makes them, with the places."""
    allowed = AllowedPairs(
        seeded_order(pool.mentees, 1), seeded_order(pool.mentors, 1), pool, Weights(), NOW
    )
    edges = Edges(*(np.concatenate(part) for part in zip(*allowed, strict=True)))
    return edges, np.array([mentor.capacity for mentor in seeded_order(pool.mentors, 1)]), allowed


def timed(work: Callable[[], Result], times: int = 1) -> tuple[Result, float]:
    """Return what `work` returns and the fewest seconds it took."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return result, best


def peak() -> int:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def whole_round(mentees: int, mentors: int, most_memory: int) -> list[Demand]:
    """Print the time of a round with scores, reasons and all, and how far it is from the bound."""
    pool = company(mentees, mentors)
    found, seconds = timed(lambda: propose_round(pool, Weights(), NOW, seed=1))
    gap = 1 - found.total / found.bound
    report(
        f"round of {mentees:,} × {mentors:,}: {seconds:.1f} s, {len(found.pairs):,} pairs of "
        f"{found.most_pairs:,} possible, total {found.total:.1f}, gap to the bound {gap:.4%}"
    )
    return [Demand(f"memory of {mentees:,} × {mentors:,}", peak(), most_memory, "MiB")]


def against_scipy(mentees: int, mentors: int) -> list[Demand]:
    """Print the time of the assignment and of SciPy's solver on the whole prepared matrix."""
    edges, places, allowed = prepared(company(mentees, mentors))
    nobody = np.zeros(mentees, dtype=bool)
    ours, seconds = timed(lambda: assign(allowed, places, nobody, SCALE), times=3)
    at_stake = stakes(int(places.sum()), SCALE, nobody)
    premium = at_stake.premium
    graph = graph_of(edges, places, at_stake)
    (rows, cols), scipy_seconds = timed(lambda: min_weight_full_bipartite_matching(graph), times=3)
    real = cols < max(mentees, int(places.sum()))
    theirs = int(real.sum()) * (int(edges.scores.max()) + 1) - int(graph[rows, cols][real].sum())
    assert (ours.matched, ours.total) == (int(real.sum()), theirs)
    prices, gains = duals(edges, ours.mentor_of, len(places), at_stake)
    assert (gains[edges.rows] + prices[edges.cols] >= edges.scores + premium).all()
    lp_bound = int((places * prices).sum() + gains.sum())
    assert lp_bound == ours.matched * premium + ours.total
    report(
        f"assignment of {mentees:,} × {mentors:,}, {len(edges.rows):,} pairs: {seconds:.2f} s, "
        f"SciPy on the prepared matrix {scipy_seconds:.2f} s: {seconds / scipy_seconds:.2f} × its "
        "time; same optimum, equal to the LP bound"
    )
    return [Demand("time of SciPy's own solver", seconds / scipy_seconds, 2, "×")]


def against_highs(mentees: int, mentors: int) -> list[Demand]:
    """Check the optimum against the linear programme's, by HiGHS."""
    edges, places, allowed = prepared(company(mentees, mentors))
    ours, seconds = timed(lambda: assign(allowed, places, np.zeros(mentees, dtype=bool), SCALE))
    number = np.arange(len(edges.rows))
    ones = np.ones(len(number))
    limits = sparse.vstack(
        [
            sparse.csr_array((ones, (edges.rows, number)), shape=(mentees, len(number))),
            sparse.csr_array((ones, (edges.cols, number)), shape=(mentors, len(number))),
        ]
    )
    premium = SCALE * mentees
    worth = edges.scores.astype(np.float64) + premium
    room = np.concatenate([np.ones(mentees), places])
    lp, lp_seconds = timed(lambda: linprog(-worth, A_ub=limits, b_ub=room, method="highs"))
    assert round(-lp.fun) == ours.matched * premium + ours.total
    report(
        f"assignment of {mentees:,} × {mentors:,}: {seconds:.2f} s, HiGHS {lp_seconds:.2f} s, same "
        "optimum"
    )
    return []


class GivenScore:
    """A rule of mentor-match that gives a pair the score of ours, and forbids what ours forbid."""

    def __init__(self, scores: dict[tuple[str, str], int]) -> None:
        self.scores = scores

    def apply(self, match: Any) -> int:
        """Return the score of a pair."""
        score = self.scores.get((match.mentee.email, match.mentor.email))
        match.disallowed = score is None
        return score or 0


def against_mentor_match(people: int) -> list[Demand]:
    """Print the time of a whole round and of mentor-match on the same pairs, one place each."""
    pool = company(people, people, most_places=1)
    propose_round(company(10, 10), Weights(), NOW, seed=1)  # loads the calendars
    ours, seconds = timed(lambda: propose_round(pool, Weights(), NOW, seed=1), times=3)
    edges, _, _ = prepared(pool)
    ids = [[one.id for one in seeded_order(side, 1)] for side in (pool.mentees, pool.mentors)]
    scores = {
        (ids[0][row], ids[1][col]): int(score) for row, col, score in zip(*edges, strict=True)
    }
    mentors, mentees = (
        [kind(grade="1", email=one.id) for one in side]
        for kind, side in zip(
            (matching.mentor.Mentor, matching.mentee.Mentee),
            (pool.mentors, pool.mentees),
            strict=True,
        )
    )
    rules = [[GivenScore(scores)]]
    _, their_seconds = timed(lambda: matching.process.process_data(mentors, mentees, rules))
    theirs = [(one.email, mentor.email) for one in mentees for mentor in one.mentors]
    assert len(theirs) <= len(ours.pairs)
    report(
        f"round of {people} × {people}: {seconds:.3f} s, {len(ours.pairs)} pairs; mentor-match "
        f"{their_seconds:.1f} s, {len(theirs)} pairs"
    )
    ratio = their_seconds / seconds
    return [Demand(f"faster than mentor-match at {people}", ratio, 50, "×", at_least=True)]


def coffee(people: int, weeks: int, most_memory: int) -> list[Demand]:
    """Print the time of coffee rounds and how many repeats and own-team pairs they needed."""
    rng = random.Random(1)
    peers = [Peer(id=f"P{n}", team=f"T{rng.randrange(people // 8)}") for n in range(people)]
    team = {peer.id: peer.team for peer in peers}
    met: dict[frozenset[str], int] = {}
    repeats = own_team = 0
    start = time.perf_counter()
    for week in range(weeks):
        for group in propose_peers(peers, met, seed=week).groups:
            two = frozenset(group[:2])
            repeats += two in met
            own_team += team[group[0]] == team[group[1]]
            met[two] = met.get(two, 0) + 1
    seconds = (time.perf_counter() - start) / weeks
    report(
        f"coffee for {people:,}: {seconds:.2f} s a round; in {weeks} rounds {repeats} repeats and "
        f"{own_team} own-team pairs"
    )
    return [Demand(f"memory of coffee for {people:,}", peak(), most_memory, "MiB")]


def main() -> int:
    """Run each measurement in a process of its own, so that each has its own peak of memory."""
    spawn = multiprocessing.get_context("spawn")
    demands: list[Demand] = []
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as processes:
        demands += processes.submit(whole_round, 5_000, 1_000, 1_024).result()
        demands += processes.submit(against_scipy, 5_000, 1_000).result()
        demands += processes.submit(against_highs, 1_000, 200).result()
        demands += processes.submit(against_mentor_match, 400).result()
        demands += processes.submit(coffee, 3_000, 5, 512).result()
        demands += processes.submit(coffee, 20_000, 2, 1_024).result()
        demands += processes.submit(whole_round, 50_000, 5_000, 2_048).result()
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
