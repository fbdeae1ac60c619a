"""No published number is too fine for the size of its group."""

from fractions import Fraction
from itertools import combinations_with_replacement
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.insights.pure.resolution import (
    ENPS_RESOLUTION,
    MEAN_RESOLUTION,
    SHARE_RESOLUTION,
    Resolution,
    in_steps,
    threshold,
)
from bot.insights.wave_results import PublishedNumber
from bot.pulse.pure.cohorts import members_digest

resolutions = st.sampled_from([MEAN_RESOLUTION, SHARE_RESOLUTION, ENPS_RESOLUTION])
sizes = st.integers(5, 300)
thresholds = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("resolution", "steps"),
    [
        (
            MEAN_RESOLUTION,
            {4: 2.5, 5: 2.5, 9: 2.5, 10: 1, 19: 1, 20: 0.5, 50: 0.2, 100: 0.1, 9000: 0.1},
        ),
        (
            SHARE_RESOLUTION,
            {10: 0.25, 15: 0.25, 20: 1 / 6, 30: 0.1, 60: 0.05, 150: 0.02, 300: 0.01, 9000: 0.01},
        ),
        (ENPS_RESOLUTION, {4: 50, 5: 50, 10: 50, 15: 20, 30: 10, 60: 5, 150: 2, 300: 1, 9000: 1}),
    ],
)
def test_steps_grow_as_groups_get_smaller(resolution: Resolution, steps: dict[int, float]) -> None:
    assert {n: resolution.step(n) for n in steps} == steps


@given(resolutions, sizes, st.floats(0, 1), thresholds)
def test_a_published_number_is_within_a_step_of_the_truth_and_never_an_end(
    resolution: Resolution, n: int, place: float, drawn: float
) -> None:
    value = resolution.lowest + place * (resolution.highest - resolution.lowest)
    step = resolution.step(n)

    told = resolution.rounded(value, n, drawn)

    assert resolution.lowest < told < resolution.highest
    inside = min(max(value, resolution.least(n)), resolution.most(n))
    assert abs(told - inside) <= step + 1e-6


@example(SHARE_RESOLUTION, 20, 0.5)
@given(resolutions, sizes, thresholds)
def test_an_end_is_known_as_one(resolution: Resolution, n: int, drawn: float) -> None:
    lowest, highest = (
        PublishedNumber.of(resolution.rounded_symmetrically(each, n, drawn), n, resolution)
        for each in (resolution.lowest, resolution.highest)
    )

    assert lowest.is_least
    assert highest.is_most


@given(resolutions, sizes, st.floats(0, 1), thresholds)
def test_opposite_values_round_to_opposite_numbers(
    resolution: Resolution, n: int, place: float, drawn: float
) -> None:
    value = resolution.lowest + place * (resolution.highest - resolution.lowest)
    opposite = resolution.lowest + resolution.highest - value

    told = [resolution.rounded_symmetrically(each, n, drawn) for each in (value, opposite)]

    assert sum(told) == pytest.approx(resolution.lowest + resolution.highest, abs=1e-5)
    assert abs(told[0] - value) <= resolution.step(n) + 1e-6


@given(sizes, thresholds)
@example(n=50, drawn=0.9999999999999999)
def test_a_mean_rules_out_no_answer_of_any_person(n: int, drawn: float) -> None:
    """For any published mean, each person may have given any of the five answers."""
    told: dict[float, list[int]] = {}
    for total in range(4 * n + 1):
        told.setdefault(MEAN_RESOLUTION.rounded(2.5 * total / n, n, drawn), []).append(total)
    for totals in told.values():
        # One person's 0 to 4 steps are possible where the others can make up the rest.
        assert any(total <= 4 * (n - 1) for total in totals)
        assert any(total >= 4 for total in totals)


@pytest.mark.parametrize("n", range(5, 10))
def test_a_small_groups_mean_never_reveals_that_all_agree(n: int) -> None:
    """Each number of a unanimous group is also one of divided groups."""
    for drawn in (0.0, 0.3, 0.5, 0.7, 0.999):
        kinds: dict[float, set[bool]] = {}
        for answers in combinations_with_replacement(range(5), n):
            told = MEAN_RESOLUTION.rounded(2.5 * sum(answers) / n, n, drawn)
            kinds.setdefault(told, set()).add(len(set(answers)) == 1)
        assert all(False in kind for kind in kinds.values())


@given(st.integers(10, 40), thresholds)
def test_a_share_never_reveals_that_all_agree(n: int, drawn: float) -> None:
    counts: dict[float, set[int]] = {}
    for count in range(n + 1):
        counts.setdefault(SHARE_RESOLUTION.rounded(count / n, in_steps(n, 5), drawn), set()).add(
            count
        )
    assert all(possible - {0, n} for possible in counts.values())
    assert all(len(possible) > 1 for possible in counts.values())


def test_thresholds_are_fair() -> None:
    """On average over thresholds, the published number equals the truth."""
    rng = Random(1)
    for value in (3.1, 4.0, 5.55):
        told = [MEAN_RESOLUTION.rounded(value, 12, rng.random()) for _ in range(4_000)]
        assert sum(told) / len(told) == pytest.approx(value, abs=0.05)


def test_the_error_counts_chance_rounding_and_threshold() -> None:
    variance = Fraction(25, 4) / 12 + Fraction(1, 6)
    assert MEAN_RESOLUTION.error(10, 5, 2.5) == pytest.approx(float(variance) ** 0.5, abs=0.001)
    assert MEAN_RESOLUTION.error(100, 5, 2.5) < MEAN_RESOLUTION.error(10, 5, 2.5)


def test_a_small_wave_has_the_usual_spread_and_a_large_one_its_own_in_steps() -> None:
    assert {MEAN_RESOLUTION.spread(spread, 39) for spread in (0.0, 1.3, 4.9)} == {2.5}
    assert [MEAN_RESOLUTION.spread(spread, 40) for spread in (0.0, 1.3, 1.8, 4.9)] == [
        0.5,
        1.5,
        2.0,
        5.0,
    ]


def test_a_group_keeps_its_threshold_until_its_people_change() -> None:
    secret = b"secret"
    team = [f"U{number}" for number in range(12)]
    halves = [members_digest(secret, team[:5]), members_digest(secret, team[5:])]

    whole = threshold(secret, "driver:workload", [members_digest(secret, reversed(team))])

    assert threshold(secret, "driver:workload", halves) == whole
    others = {
        threshold(secret, "driver:growth", halves),
        threshold(b"another", "driver:workload", halves),
        threshold(secret, "driver:workload", [members_digest(secret, team[1:])]),
        threshold(secret, "driver:workload", [members_digest(secret, [*team, "U99"])]),
    }
    assert len(others | {whole}) == 5
    assert all(0 <= each < 1 for each in others)


def test_counts_come_in_steps() -> None:
    assert [in_steps(n, 5) for n in (0, 4, 5, 9, 10, 46)] == [0, 0, 5, 5, 10, 45]
    with pytest.raises(ValueError, match="0 or more"):
        in_steps(-1, 5)
