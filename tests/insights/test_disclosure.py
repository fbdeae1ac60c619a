import doctest

import pytest

import bot.insights.disclosure
from bot.insights.disclosure import Cell, Decision, Reason, decide


def cells_of(**cohorts_of: str) -> list[Cell]:
    """Make cells named like "team_design" over cohorts named by letters, under the total."""
    everybody = frozenset("".join(cohorts_of.values()))
    parts = [
        Cell(name, name.partition("_")[0], name.partition("_")[2], frozenset(cohorts), "total")
        for name, cohorts in cohorts_of.items()
    ]
    return [Cell("total", "total", "everybody", everybody), *parts]


def labels(decision: Decision) -> set[str]:
    return {cell.label for cell in decision.shown}


def reasons(decision: Decision) -> dict[str, Reason]:
    return {cell.cell_id: cell.reason for cell in decision.hidden}


def test_the_example_in_the_documentation_is_true() -> None:
    assert doctest.testmod(bot.insights.disclosure).failed == 0


def test_k_below_four_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        decide([], {}, k=3)


def test_too_few_in_all_shows_nothing() -> None:
    decision = decide(cells_of(team_a="a"), {"a": 4}, k=5)

    assert not decision.shown
    assert reasons(decision) == {"total": Reason.TOO_FEW, "team_a": Reason.TOO_FEW}


def test_small_siblings_are_merged() -> None:
    decision = decide(cells_of(team_a="a", team_b="b", team_c="c"), {"a": 3, "b": 2, "c": 9}, k=5)

    assert labels(decision) == {"everybody", "c", "a + b"}


def test_a_small_rest_takes_in_the_smallest_sibling() -> None:
    decision = decide(cells_of(team_a="a", team_b="b", team_c="c"), {"a": 3, "b": 7, "c": 9}, k=5)

    assert labels(decision) == {"everybody", "c", "a + b"}


def test_difference_to_an_earlier_release_is_protected() -> None:
    cells = cells_of(team_a="a", team_b="bc", team_d="d")
    counts = {"a": 8, "b": 9, "c": 2, "d": 20}

    decision = decide(cells, counts, k=5, already_shown=[frozenset("b")])

    assert "b" not in labels(decision)
