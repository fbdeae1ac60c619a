"""No attack finds out a group smaller than k; against the usual rule the same attacks do."""

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

from bot.insights.segments import MENTORING
from tests.attacks import reconstruction
from tests.attacks.campaign import ON_A_WAVE, Tally, attack_wave, campaign, neighbours
from tests.attacks.knowledge import Cell, Claim, Comparison, Quantity, combined, quantities
from tests.attacks.one_person import changed
from tests.attacks.organisations import Organisation, generated, large, named, organisations
from tests.attacks.outputs import Outputs
from tests.attacks.world import plain_gate, play

SEEDS = range(6)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(mkdtemp(prefix="attune-attacks-"))
    yield made
    shutil.rmtree(made)


ATTACKS = (*ON_A_WAVE, "timing", "joiner and leaver", "one person")


def test_no_attack_succeeds(sqlite_template: Path, folder: Path) -> None:
    tallies = asyncio.run(campaign(sqlite_template, folder, SEEDS))

    assert all(tallies[name].tries for name in ATTACKS)
    assert not {name: tallies[name].groups for name in ATTACKS if tallies[name].groups}


def test_against_the_usual_rule_the_same_attacks_succeed(
    sqlite_template: Path, folder: Path
) -> None:
    with plain_gate():
        tallies = asyncio.run(campaign(sqlite_template, folder, SEEDS))

    assert all(tallies[name].groups for name in ATTACKS)
    assert not any(tallies[name].wrong for name in ATTACKS)


@settings(max_examples=15, deadline=None)
@given(organisation=organisations())
def test_no_organisation_gives_way(
    organisation: Organisation, sqlite_template: Path, folder: Path
) -> None:
    (wave,) = asyncio.run(play(sqlite_template, folder, organisation))
    found = {name: Tally() for name in ON_A_WAVE}
    attack_wave(wave, found)
    assert not [tally.groups for tally in found.values() if tally.groups]


def test_five_thousand_people_give_away_no_small_group(sqlite_template: Path, folder: Path) -> None:
    (wave,) = asyncio.run(play(sqlite_template, folder, large()))
    assert len(wave.seen) > 1_000
    found = {name: Tally() for name in ON_A_WAVE}
    attack_wave(wave, found)
    assert not [tally.groups for tally in found.values() if tally.groups]


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
        pairs = [asyncio.run(neighbours(sqlite_template, folder, seed)) for seed in range(4)]
    assert any(seen.n < one.k for one, other in pairs for seen in changed(one, other))


def test_a_wave_tells_nothing_before_its_publication_but_participation_in_steps(
    sqlite_template: Path, folder: Path
) -> None:
    (wave,) = asyncio.run(play(sqlite_template, folder, generated(3), watch=True))
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
    kept = tuple(each for each in wave.seen if each.dimension != MENTORING)
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

    everybody = Cell("all", few | many | rest, 12, total(few | many | rest), 0.0)
    others = Cell("team", rest, 5, total(rest), 0.0)
    difference = Comparison(
        *(MENTORING, few, 2, 5 * total(few) - 2 * total(many), 0.0), against=many, n_against=5
    )
    known = Quantity("driver", (everybody, others), people, truth, 5)
    assert not list(reconstruction.combinations_of(known))

    compared = replace(known, comparisons=(difference,))
    claims = [
        combined(compared, "reconstruction", each)
        for each in reconstruction.combinations_of(compared)
    ]
    assert [(claim.group, claim.is_true) for claim in claims] == [(frozenset("ab"), True)]
