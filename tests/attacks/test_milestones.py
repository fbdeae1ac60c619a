"""Batches of a milestone tell nothing about one newcomer; a dashboard of 90 days tells much."""

import pytest

from tests.attacks.milestones import (
    Batch,
    Found,
    K,
    Year,
    attack,
    dashboard,
    played,
)
from tests.milestones.walking import START


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_batches_determine_nobody_and_a_dashboard_does(database_url: str) -> None:
    year = await played(database_url, 1)
    assert len(year.batches) >= 2
    for colluders in (0, K - 1):
        found = attack(year, colluders)
        assert (found.took_part, found.answers, found.wrong) == (0, 0, 0)
        assert found.people > 2 * K
    plain = dashboard(year)
    assert min(plain.took_part, plain.answers) > 0
    assert plain.wrong == 0


def test_the_attack_finds_what_a_batch_of_all_would_tell() -> None:
    """A count of ten among ten says that each answered; most_released never lets it out."""
    people = {f"UNEW{number:03}": START for number in range(2 * K)}
    answers = dict.fromkeys(people, 5)
    year = Year(people, answers, [])
    day = year.closed("UNEW000")
    assert attack(Year(people, answers, [Batch(day, K, 7.5)]), 0) == Found(people=2 * K)
    with pytest.raises(AssertionError, match="possible"):
        attack(Year(people, answers, [Batch(day, 2 * K, 9.0)]), 0)


def test_the_attack_finds_that_nobody_else_answered_while_a_batch_waits() -> None:
    """This is what docs/privacy.md says remains: k − 1 who all answered, and no batch."""
    people = {f"UNEW{number:03}": START for number in range(2 * K)}
    known = sorted(people)[-(K - 1) :]
    found = attack(Year(people, dict.fromkeys(known, 3), []), K - 1)
    assert (found.took_part, found.wrong) == (K + 1, 0)
    assert attack(Year(people, dict.fromkeys(known, 3), []), 0).took_part == 0
