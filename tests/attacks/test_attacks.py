"""No attack finds out a group smaller than k, or one answer; against the usual rule each does."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings

from bot.insights.pure.resolution import (
    ENPS_RESOLUTION,
    MEAN_RESOLUTION,
    SHARE_RESOLUTION,
    Resolution,
)
from bot.insights.pure.segments import MENTORING_DIMENSION
from tests.attacks import multiset, over_waves, reconstruction
from tests.attacks.averaging import MEANS
from tests.attacks.campaign import (
    ON_A_WAVE,
    ON_AUDIENCES,
    ON_FIGURES,
    ON_THE_GATE,
    Tally,
    attack_wave,
    neighbours,
    on_audiences,
    on_figures,
    on_the_gate,
)
from tests.attacks.companies import company, seal
from tests.attacks.knowledge import Cell, Claim, Comparison, Quantity, combined, quantities
from tests.attacks.one_person import changed
from tests.attacks.organisations import Organisation, generated, large, named, organisations
from tests.attacks.outputs import Outputs
from tests.attacks.world import plain_gate, play
from tests.insights.sealed import all_figures

SEEDS = range(6)
COMPANIES = range(8)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(mkdtemp(prefix="attune-attacks-"))
    yield made
    shutil.rmtree(made)


def test_the_gate_gives_no_small_group_away(sqlite_template: Path, folder: Path) -> None:
    tallies = asyncio.run(on_the_gate(sqlite_template, folder, SEEDS))
    assert all(tallies[name].tries for name in ON_THE_GATE)
    assert not {name: tallies[name].found for name in ON_THE_GATE if tallies[name].found}


def test_the_usual_rule_gives_small_groups_away(sqlite_template: Path, folder: Path) -> None:
    with plain_gate():
        tallies = asyncio.run(on_the_gate(sqlite_template, folder, SEEDS))
    assert all(tallies[name].found for name in ON_THE_GATE)
    assert not any(tallies[name].wrong for name in ON_THE_GATE)


def test_no_figure_is_fine_enough_to_give_answers_away() -> None:
    attune, usual = on_figures(COMPANIES)
    assert not {name: attune[name].found for name in ON_FIGURES if attune[name].found}
    assert all(attune[name].tries for name in ON_FIGURES)
    assert all(usual[name].found for name in ON_FIGURES), "an attack that never succeeds is none"


@pytest.mark.parametrize("n", [5, 6])
def test_all_that_one_group_may_answer_has_figures_in_common_with_other_answers(n: int) -> None:
    assert min(multiset.alone(n, all_figures)) > 1


def test_choosing_whom_to_ask_rules_out_no_answer(sqlite_template: Path, folder: Path) -> None:
    attune, usual, ruled_out = asyncio.run(on_audiences(sqlite_template, folder, range(2)))
    assert not ruled_out.found
    assert all(usual[name].hits == usual[name].tries for name in ON_AUDIENCES)
    # Coarse as they are: two groups that differ by one never both have figures.
    assert not {name: attune[name].found for name in ON_AUDIENCES if attune[name].found}


def test_hidden_thresholds_are_drawn_from_a_secret() -> None:
    wave = seal(company(2)).wave
    figures = {
        tuple(all_figures(replace(wave, secret=secret))) for secret in (b"one", b"two", b"3")
    }
    assert len(figures) == 3


@pytest.mark.parametrize("resolution", [MEAN_RESOLUTION, SHARE_RESOLUTION, ENPS_RESOLUTION])
@pytest.mark.parametrize("n", [5, 9, 10, 14, 20, 40])
def test_the_opposite_question_adds_nothing(resolution: Resolution, n: int) -> None:
    """Else the two figures of a group together would have no hidden threshold any more."""
    middle = resolution.lowest + resolution.highest
    for drawn in (0.03, 0.3, 0.5, 0.7, 0.97):
        for total in range(4 * n + 1):
            value = resolution.lowest + (resolution.highest - resolution.lowest) * total / (4 * n)
            told, opposite = (
                resolution.rounded_symmetrically(each, n, drawn) for each in (value, middle - value)
            )
            assert told + opposite == pytest.approx(middle, abs=1e-5)


def test_averaging_many_waves_tells_little_more_than_a_guess() -> None:
    """The limits are those that docs/privacy.md names."""
    limits = {"joins a team": 0.12, "in one of two audiences": 0.25, "away half of the waves": 0.3}
    attune = list(over_waves.attacks(over_waves.ATTUNE, (12,), (0.85,)))
    assert not [each for each in attune if each.gain > limits[each.how]]
    usual = list(over_waves.attacks(over_waves.DECIMALS, (12,), (0.85,)))
    assert all(each.gain > 0.2 for each in usual)


def test_one_wave_tells_no_more_than_a_guess_of_somebody_who_joins() -> None:
    joining = {"joins a team": over_waves.WAYS["joins a team"]}
    found = list(over_waves.attacks(over_waves.ATTUNE, (6, 12, 21), (1.0,), (MEANS,), joining))
    assert [each.n for each in found] == [6, 12, 21]
    assert all(each.rights[0] - each.guess < 0.08 for each in found)


@settings(max_examples=15, deadline=None)
@given(organisation=organisations())
def test_no_organisation_gives_way(
    organisation: Organisation, sqlite_template: Path, folder: Path
) -> None:
    (wave,) = asyncio.run(play(sqlite_template, folder, organisation))
    found = {name: Tally() for name in ON_A_WAVE}
    attack_wave(wave, found)
    assert not {name: tally.found for name, tally in found.items() if tally.found}


def test_five_thousand_people_give_away_no_small_group(sqlite_template: Path, folder: Path) -> None:
    (wave,) = asyncio.run(play(sqlite_template, folder, large()))
    assert len(wave.seen) > 1_000
    found = {name: Tally() for name in ON_A_WAVE}
    attack_wave(wave, found)
    assert not {name: tally.found for name, tally in found.items() if tally.found}


@pytest.mark.parametrize("seed", range(4))
def test_one_person_changes_nothing_but_figures_of_k_people(
    seed: int, sqlite_template: Path, folder: Path
) -> None:
    one, other = asyncio.run(neighbours(sqlite_template, folder, seed))
    differing = changed(one, other)
    assert all(seen.n >= one.k for seen in differing)
    if not differing:
        assert one.texts == other.texts
    assert one.exports == other.exports
    assert one.before == other.before
    assert one.watched == other.watched


def test_without_any_rule_a_single_person_shows(sqlite_template: Path, folder: Path) -> None:
    with plain_gate(at_least=1):
        pairs = [
            asyncio.run(neighbours(sqlite_template, folder, seed, read=False)) for seed in range(4)
        ]
    assert any(seen.n < one.k for one, other in pairs for seen in changed(one, other))


def test_a_wave_tells_nothing_before_its_publication_but_participation_in_steps(
    sqlite_template: Path, folder: Path
) -> None:
    (wave,) = asyncio.run(play(sqlite_template, folder, generated(3), watch=True, read=True))
    counts = {
        re.sub(r"\D", "", text.partition("At least ")[2].partition(" of ")[0]) or "0"
        for text in wave.watched
    }
    assert {int(count) % wave.k for count in counts} == {0}
    assert any("Workload" in text and "eNPS" in text for text in wave.texts)
    unpublished = [*wave.watched, *wave.before]
    assert not any("Workload" in text or "eNPS" in text for text in unpublished)


@pytest.mark.parametrize("gate", [nullcontext, plain_gate])
def test_the_means_of_a_driver_and_its_questions_are_of_the_same_people(
    gate: type, sqlite_template: Path, folder: Path
) -> None:
    with gate():
        (wave,) = asyncio.run(play(sqlite_template, folder, generated(2)))
    assert _cells(wave, "driver", "workload") == _cells(wave, "question", "0")


def _cells(wave: Outputs, measure: str, ref: str) -> set[tuple[frozenset[int], int]]:
    return {
        (seen.cohorts, seen.n) for seen in wave.seen if (seen.measure, seen.ref) == (measure, ref)
    }


def test_mentees_and_others_are_attacked_and_are_told_apart_by_the_usual_rule_only(
    sqlite_template: Path, folder: Path
) -> None:
    organisations = [*named(), *map(generated, SEEDS)]
    compared = 0
    for organisation in organisations:
        (wave,) = asyncio.run(play(sqlite_template, folder, organisation))
        assert not _through_mentoring(wave)
        compared += any(each.comparisons for each in quantities(wave))
    assert compared > 1, "otherwise there was nothing to attack"

    with plain_gate():
        waves = [asyncio.run(play(sqlite_template, folder, each))[0] for each in organisations]
    found = [claim for wave in waves for claim in _through_mentoring(wave)]
    assert found
    assert all(claim.is_true for claim in found)


def _through_mentoring(wave: Outputs) -> list[Claim]:
    """Claim what comes of the figures of mentoring, and does not without them."""
    kept = tuple(each for each in wave.seen if each.dimension != MENTORING_DIMENSION)
    without = {
        (claim.quantity, claim.group) for claim in reconstruction.attack(replace(wave, seen=kept))
    }
    claims = reconstruction.attack(wave)
    return [claim for claim in claims if (claim.quantity, claim.group) not in without]


def test_a_difference_gives_away_a_small_group_that_it_compares() -> None:
    few, many, rest = frozenset({0}), frozenset({1}), frozenset({2})
    people = {0: frozenset("ab"), 1: frozenset("cdefg"), 2: frozenset("hijkl")}
    truth = {name: Fraction(number % 5) for number, name in enumerate("abcdefghijkl")}

    def total(cohorts: frozenset[int]) -> Fraction:
        return sum((truth[each] for cohort in cohorts for each in people[cohort]), Fraction())

    everybody = Cell("all", few | many | rest, 12, total(few | many | rest))
    others = Cell("team", rest, 5, total(rest))
    difference = Comparison(
        *(MENTORING_DIMENSION, few, 2, 5 * total(few) - 2 * total(many)), against=many, n_against=5
    )
    known = Quantity("driver", (everybody, others), people, truth, 5)
    assert not list(reconstruction.combinations_of(known))

    compared = replace(known, comparisons=(difference,))
    claims = [
        combined(compared, "reconstruction", each)
        for each in reconstruction.combinations_of(compared)
    ]
    assert [(claim.group, claim.is_true) for claim in claims] == [(frozenset("ab"), True)]
