"""No attack finds out a group smaller than k; against the usual rule the same attacks do."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings

from tests.attacks.campaign import ON_A_WAVE, Tally, attack_wave, campaign, neighbours
from tests.attacks.one_person import changed
from tests.attacks.organisations import Organisation, generated, large, organisations
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
    assert one.before == other.before
    assert one.watched == other.watched


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
