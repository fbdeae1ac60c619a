"""Batches of a milestone tell nothing about one newcomer; a dashboard of 90 days tells much."""

from datetime import timedelta

import pytest

from tests.attacks.milestone_years import Batch, K, Year, played
from tests.attacks.milestones import (
    Found,
    attack,
    attack_comments,
    dashboard,
    whoever_writes_answers,
)
from tests.milestones.walking import START


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_batches_determine_nobody_and_a_dashboard_does(database_url: str) -> None:
    year = await played(database_url, 1)
    assert len(year.batches) >= 2
    assert any(each.authors >= 2 * K for each in year.batches)
    for attacking in (attack, attack_comments, whoever_writes_answers):
        for colluders in (0, K - 1):
            found = attacking(year, colluders)
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


def test_the_attack_finds_what_comments_of_all_would_tell() -> None:
    """Twenty authors among twenty say that each wrote; most_shown lets out ten."""
    people = {f"UNEW{number:03}": START for number in range(4 * K)}
    everybody = frozenset(people)
    year = Year(people, dict.fromkeys(people, 5), [], everybody)
    day = year.closed("UNEW000")

    def shown(authors: int) -> Year:
        return Year(people, year.answers, [Batch(day, 3 * K, 7.5, authors)], everybody)

    assert attack_comments(shown(2 * K), 0) == Found(people=4 * K)
    assert attack_comments(shown(2 * K), K - 1) == Found(people=3 * K + 1)
    with pytest.raises(AssertionError, match="possible"):
        attack_comments(shown(4 * K), 0)


def test_the_attack_combines_what_waited_with_comments_of_those_who_wrote_next() -> None:
    """This is what docs/privacy.md says remains, for whoever believes that all who write answer."""
    first = {f"UOLD{number:03}": START for number in range(2 * K)}
    then = {f"UNEW{number:03}": START + timedelta(days=7) for number in range(2 * K)}
    telling = set(sorted(then)[-(K - 1) :])
    wrote = frozenset([*sorted(first)[: K - 1], *(then.keys() - telling)])
    year = Year({**first, **then}, dict.fromkeys(wrote, 5), [], wrote)
    batch = Batch(year.closed("UNEW000"), K, 7.5, 2 * K)
    year = Year(year.started, year.answers, [batch], wrote)
    assert attack_comments(year, K - 1).took_part == 0
    assert whoever_writes_answers(year, 0).took_part == 0
    combined = whoever_writes_answers(year, K - 1)
    assert (combined.took_part, combined.wrong) == (K + 1, 0)
