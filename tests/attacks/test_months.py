"""What figures of months tell of one person's blocker, goal, learning time or times.

The attacker has the directory, all rules, all figures of all months and their dates, and k − 1
accomplices who choose what they do each month to find out; whoever they watch does the same every
month, which helps most. What the attacker does not have is the hidden threshold of a group. A fact
is what holds in every world that looks like the true one.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations_with_replacement, product
from statistics import median
from typing import Final

import pytest

from bot.insights.pure.monthly_figures import (
    MonthSource,
    Row,
    compute_month,
    rounded_median,
)
from bot.insights.pure.resolution import in_steps, least_for_shares, share_resolution

K: Final = 5
LEAST: Final = least_for_shares(K)
THRESHOLDS: Final = [number / 64 for number in range(64)]
ShareRule = Callable[[float, int, int, float], float]
"""Returns the share to show of `having` among n people, given k and the hidden threshold."""
TimeRule = Callable[[Sequence[float], float], tuple[float, ...]]
"""Returns the numbers to show of the logarithms of people's times, given the hidden threshold."""


def our_share(having: float, n: int, k: int, hidden: float) -> float:
    return share_resolution(k).rounded_symmetrically(having / n, in_steps(n, k), hidden)


def exact_share(having: float, n: int, _k: int, _hidden: float) -> float:
    """The usual rule: whole per cents, from k people on."""
    return round(having / n, 2)


def known_of_all(rule: ShareRule, n: int, k: int) -> int:
    """Count what all months together can look like if it tells that no other has it, or all do.

    Of one of the others nothing is known otherwise: any of them can be the exception. An accomplice
    with two kinds adds a half.
    """
    others = n - (k - 1)
    looks_like: defaultdict[tuple[float, ...], set[int]] = defaultdict(set)
    for having, hidden in product(range(others + 1), THRESHOLDS):
        own = [number / 2 for number in range(2 * k - 1)]
        looks_like[tuple(rule(each + having, n, k, hidden) for each in own)].add(having)
    return sum(found in ({0}, {others}) for found in looks_like.values())


@pytest.mark.parametrize("k", [4, K, 6, 8])
def test_accomplices_who_try_everything_know_no_share_of_all_others(k: int) -> None:
    for n in (*range(least_for_shares(k), 4 * k), 6 * k, 20 * k):
        assert not known_of_all(our_share, n, k), n


def test_the_attack_on_shares_succeeds_against_weaker_rules() -> None:
    """Otherwise it would prove nothing."""
    assert known_of_all(exact_share, LEAST, K)
    assert known_of_all(our_share, 2 * K, K), "from 2k people on"
    larger = 20

    def in_steps_of_three(having: float, n: int, k: int, hidden: float) -> float:
        return share_resolution(K).rounded_symmetrically(having / n, in_steps(n, k), hidden)

    assert known_of_all(in_steps_of_three, 3 * larger, larger)


def helper_knows(rule: ShareRule, n: int) -> int:
    """Count the looks that tell whether somebody, asked for help by name, also "just counted" one.

    The helper knows one blocker of the person and all of the accomplices'; the person's second kind
    makes the first weigh a half.
    """
    looks_like: defaultdict[float, set[bool]] = defaultdict(set)
    for others, counted, hidden in product(range(n - K + 1), (False, True), THRESHOLDS):
        weight = 0.5 if counted else 1.0
        looks_like[rule(others + weight, n, K, hidden)].add(counted)
    return sum(len(found) == 1 for found in looks_like.values())


@pytest.mark.parametrize("n", [LEAST, 15, 20, 40, 100])
def test_a_helper_by_name_learns_of_nothing_that_was_just_counted(n: int) -> None:
    assert helper_knows(our_share, n) == 0
    assert helper_knows(exact_share, n) > 0


def our_time(logs: Sequence[float], hidden: float) -> tuple[float, ...]:
    return rounded_median(logs, K, 2.0, hidden)


def exact_time(logs: Sequence[float], _hidden: float) -> tuple[float, ...]:
    """The usual rule: the median in hours, with the interval of the group's own ranks."""
    ordered = sorted(logs)
    return round(2 ** median(ordered), 1), ordered[1], ordered[-2]


def with_ranks(logs: Sequence[float], hidden: float) -> tuple[float, ...]:
    """Our median, and beside it the ranks of an interval without any assumption, rounded, too."""
    return our_time(logs, hidden)[0], *(round(each) for each in exact_time(logs, hidden)[1:])


FASTEST, SLOWEST = 0.0, 10.0
TIMES: Final = (FASTEST, 2.0, 4.0, 6.0, 8.0, SLOWEST)
"""Logarithms of hours; the first and last ones stand for all that is cut off."""


def limits_known(rule: TimeRule, n: int) -> int:
    """Count the looks that tell a limit for all of the others: none is the fastest, or the slowest.

    The accomplices choose before the month ends, as they like: some very fast, the others slow.
    """
    known = 0
    for fast in range(K):
        own = [FASTEST] * fast + [SLOWEST] * (K - 1 - fast)
        looks_like: defaultdict[tuple[float, ...], list[tuple[float, ...]]] = defaultdict(list)
        for others in combinations_with_replacement(TIMES, n - K + 1):
            for hidden in THRESHOLDS[::16]:
                looks_like[rule([*own, *others], hidden)].append(others)
        for found in looks_like.values():
            known += all(each[0] > FASTEST for each in found)
            known += all(each[-1] < SLOWEST for each in found)
    return known


def test_accomplices_know_no_limit_of_all_others_times() -> None:
    for n in (LEAST, LEAST + 1):
        assert limits_known(our_time, n) == 0


@pytest.mark.parametrize("rule", [exact_time, with_ranks])
def test_the_attack_on_times_succeeds_against_weaker_rules(rule: TimeRule) -> None:
    assert limits_known(rule, LEAST) > 0


def test_a_median_of_few_tells_a_limit() -> None:
    """With 2k people, the accomplices push the median to the very edge of the others."""
    assert limits_known(our_time, 2 * K) > 0


COARSE: Final = (FASTEST, 4.0, 7.0, SLOWEST)


@cache
def looks(rule: TimeRule, logs: tuple[float, ...]) -> frozenset[tuple[float, ...]]:
    """Return what a group's times can look like, whatever its hidden threshold."""
    return frozenset(rule(logs, hidden) for hidden in THRESHOLDS[::16])


def times_beside_the_company(rule: TimeRule) -> list[bool]:
    """For each look of a company of two teams, return whether it limits all others of the one.

    All accomplices are in the one team, where they can do most.
    """
    own = (FASTEST,) * (K - 1)
    worlds: defaultdict[object, set[tuple[float, float]]] = defaultdict(set)
    for ours in combinations_with_replacement(COARSE, LEAST - K + 1):
        for theirs in combinations_with_replacement(COARSE, LEAST):
            team, company = (*own, *ours), tuple(sorted((*own, *ours, *theirs)))
            for look in product(*(looks(rule, each) for each in (team, theirs, company))):
                worlds[look].add((ours[0], ours[-1]))
    return [
        all(first > FASTEST for first, _ in found) or all(last < SLOWEST for _, last in found)
        for found in worlds.values()
    ]


def test_two_teams_beside_their_company_rarely_tell_a_limit_and_never_a_time() -> None:
    """The smallest company with two teams. What is left: of the looks, one in seven has a limit."""
    found = times_beside_the_company(our_time)

    assert sum(found) <= len(found) / 7
    for ours in combinations_with_replacement(COARSE, LEAST - K + 1):
        if ours[0] == ours[-1]:
            team = (*(FASTEST,) * (K - 1), *ours)
            alike = [
                other
                for other in combinations_with_replacement(COARSE, LEAST - K + 1)
                if looks(our_time, (*(FASTEST,) * (K - 1), *other)) & looks(our_time, team)
            ]
            assert len({(each[0], each[-1]) for each in alike}) > 1, (
                "equal times don't show as equal"
            )


def shares_beside_the_company() -> list[bool]:
    """Return the same of shares: whether none or all of the others of a team are known to have it.

    The accomplices try all they can, month after month, while nobody else changes anything.
    """

    def team_looks(having: int, n: int, own: Sequence[float]) -> frozenset[tuple[float, ...]]:
        return frozenset(
            tuple(our_share(each + having, n, K, hidden) for each in own) for hidden in THRESHOLDS
        )

    own, others = [number / 2 for number in range(2 * K - 1)], LEAST - K + 1
    worlds: defaultdict[object, set[int]] = defaultdict(set)
    for ours, theirs in product(range(others + 1), range(LEAST + 1)):
        shown = (
            team_looks(ours, LEAST, own),
            team_looks(theirs, LEAST, [0]),
            team_looks(ours + theirs, 2 * LEAST, own),
        )
        for look in product(*shown):
            worlds[look].add(ours)
    return [found in ({0}, {others}) for found in worlds.values()]


def test_shares_of_two_teams_beside_their_company_rarely_tell_of_all() -> None:
    """After months in which four accomplices do all they can and nobody else changes anything."""
    found = shares_beside_the_company()

    assert sum(found) <= len(found) / 40


def test_a_late_row_of_one_person_moves_figures_by_one_step_at_most() -> None:
    """A month against the next one, in which one person more has something."""
    teams = {f"P{number}": "A" for number in range(40)}

    def people(count: int) -> list[int]:
        rows = [Row(f"P{number}", "stuck") for number in range(count)]
        figures = compute_month(MonthSource(K, b"secret", ("stuck", "on track"), rows, teams))
        return [each.n for each in figures]

    same = [people(count) == people(count + 1) for count in range(K, 5 * K)]
    shown = [count + 1 for count, alike in enumerate(same, start=K) if not alike]
    assert shown == [2 * K, LEAST, 3 * K, 4 * K, 5 * K], "a fifth person, and shares begin"
