import doctest
from collections import Counter

import pytest

import bot.insights.disclosure
from bot.insights.disclosure import Cell, Decision, HidingReason
from tests.insights.unlimited import decide


def cells_of(*, total: str = "", **cohorts_of: str) -> list[Cell]:
    """Make cells named like "team_design" over cohorts named by letters, under the total."""
    everybody = frozenset("".join([total, *cohorts_of.values()]))
    parts = [
        Cell(name, name.partition("_")[0], name.partition("_")[2], frozenset(cohorts), "total")
        for name, cohorts in cohorts_of.items()
    ]
    return [Cell("total", "total", "everybody", everybody), *parts]


def labels(decision: Decision) -> set[str]:
    return {cell.label for cell in decision.shown}


def reasons(decision: Decision) -> dict[str, HidingReason]:
    return {cell.cell_id: cell.reason for cell in decision.hidden}


def test_the_example_in_the_documentation_is_true() -> None:
    assert doctest.testmod(bot.insights.disclosure).failed == 0


def test_k_below_four_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        decide([], {}, k=3)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([Cell("a", "team", "A", frozenset("a"), "nowhere")], "no path to a root"),
        ([Cell("a", "team", "A", frozenset("a")), Cell("a", "team", "B", frozenset())], "same id"),
        (
            [Cell("t", "total", "T", frozenset("a")), Cell("b", "team", "B", frozenset("b"), "t")],
            "not within its parent",
        ),
    ],
)
def test_cells_that_are_no_tree_are_refused(cells: list[Cell], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        decide(cells, {}, k=5)


def test_exactly_k_is_enough() -> None:
    decision = decide(cells_of(team_a="a", team_b="b"), {"a": 5, "b": 5}, k=5)

    assert labels(decision) == {"everybody", "a", "b"}
    assert not decision.hidden


def test_too_few_in_all_shows_nothing() -> None:
    decision = decide(cells_of(team_a="a", team_b="b"), {"a": 4}, k=5)

    assert not decision.shown
    assert reasons(decision) == {
        "total": HidingReason.TOO_FEW,
        "team_a": HidingReason.TOO_FEW,
        "team_b": HidingReason.NO_ANSWERS,
    }


class TestMerging:
    def test_small_siblings_are_merged(self) -> None:
        cells = cells_of(team_a="a", team_b="b", team_c="c")

        decision = decide(cells, {"a": 3, "b": 2, "c": 9}, k=5)

        merged = next(cell for cell in decision.shown if len(cell.cell_ids) > 1)
        assert labels(decision) == {"everybody", "c", "a + b"}
        assert (merged.cell_ids, merged.n) == (("team_a", "team_b"), 5)
        assert merged.cohorts == frozenset("ab")

    def test_a_small_cell_alone_takes_in_the_smallest_sibling(self) -> None:
        cells = cells_of(team_a="a", team_b="b", team_c="c")

        assert labels(decide(cells, {"a": 3, "b": 7, "c": 9}, k=5)) == {"everybody", "c", "a + b"}

    def test_a_small_cell_joins_those_merged_anyway(self) -> None:
        cells = cells_of(team_a="a", team_b="b", team_c="c", team_d="d", team_e="e")

        decision = decide(cells, {"a": 4, "b": 4, "c": 4, "d": 5, "e": 9}, k=5)

        assert labels(decision) == {"everybody", "d", "e", "a + b + c"}

    def test_only_cells_of_one_dimension_are_merged(self) -> None:
        cells = cells_of(team_a="a", team_c="bc", location_b="b", location_c="ac")

        decision = decide(cells, {"a": 3, "b": 3, "c": 20}, k=5)

        assert labels(decision) == {"everybody"}

    def test_parts_of_merged_cells_are_parts_of_the_merged_cell(self) -> None:
        cells = [
            *cells_of(department_a="a", department_b="bcd", department_e="e"),
            Cell("team_a", "team", "TA", frozenset("a"), "department_a"),
            Cell("team_b", "team", "TB", frozenset("b"), "department_b"),
            Cell("team_c", "team", "TC", frozenset("cd"), "department_b"),
        ]

        decision = decide(cells, {"a": 3, "b": 6, "c": 4, "d": 3, "e": 30}, k=5)

        assert labels(decision) == {"everybody", "e", "a + b", "TA + TB", "TC"}

    def test_merging_everything_repeats_the_parent_and_is_not_shown(self) -> None:
        decision = decide(cells_of(team_a="a", team_b="b"), {"a": 3, "b": 9}, k=5)

        assert labels(decision) == {"everybody"}
        assert reasons(decision) == {
            "team_a": HidingReason.REMAINDER,
            "team_b": HidingReason.REMAINDER,
        }

    def test_merges_as_in_the_waves_before(self) -> None:
        cells = cells_of(team_a="a", team_b="b", team_c="c", team_d="d")
        before = [frozenset({"team_a", "team_c"})]

        small = decide(cells, {"a": 3, "b": 6, "c": 7, "d": 9}, k=5, preferred_merges=before)
        large = decide(cells, {"a": 5, "b": 6, "c": 7, "d": 9}, k=5, preferred_merges=before)

        assert labels(small) == {"everybody", "b", "d", "a + c"}
        assert labels(large) == {"everybody", "a", "b", "c", "d"}

    def test_a_long_label_is_shortened(self) -> None:
        cells = cells_of(**{f"team_{letter}": letter for letter in "abcdefg"})

        decision = decide(cells, {**dict.fromkeys("abcdef", 1), "g": 9}, k=6)

        assert labels(decision) == {"everybody", "g", "a + b + c + 3 more"}


class TestRemainder:
    def test_a_small_rest_is_taken_in_by_the_smallest_part(self) -> None:
        cells = cells_of(total="r", location_a="a", location_b="b")

        decision = decide(cells, {"r": 3, "a": 6, "b": 9}, k=5)

        assert labels(decision) == {"everybody", "b", "a + others"}

    def test_a_rest_that_only_one_part_could_protect_hides_it(self) -> None:
        decision = decide(cells_of(total="r", location_a="a"), {"r": 3, "a": 9}, k=5)

        assert labels(decision) == {"everybody"}
        assert reasons(decision) == {"location_a": HidingReason.REMAINDER}

    def test_a_small_part_vanishes_in_a_large_rest(self) -> None:
        cells = cells_of(total="r", location_a="a", location_b="b")

        decision = decide(cells, {"r": 30, "a": 3, "b": 9}, k=5)

        assert labels(decision) == {"everybody", "b"}
        assert decision.hidden[0].cell_id == "location_a"


class TestOverlap:
    def test_two_dimensions_that_differ_by_a_few(self) -> None:
        cells = cells_of(total="cx", team_a="ab", location_a="a")

        decision = decide(cells, {"a": 20, "b": 2, "c": 20, "x": 20}, k=5)

        assert labels(decision) == {"everybody", "a"}
        assert reasons(decision) == {"location_a": HidingReason.OVERLAP}

    def test_an_earlier_release_counts(self) -> None:
        cells = cells_of(team_a="a", team_b="bc", team_d="d")
        counts = {"a": 8, "b": 9, "c": 2, "d": 20}

        assert labels(decide(cells, counts, k=5)) == {"everybody", "a", "b", "d"}
        decision = decide(cells, counts, k=5, already_shown=[frozenset("b")])

        assert labels(decision) == {"everybody", "d", "a + b"}

    def test_an_earlier_release_can_be_repeated(self) -> None:
        cells = cells_of(team_a="a", team_b="b")
        counts = {"a": 8, "b": 9}
        first = decide(cells, counts, k=5)

        again = decide(cells, counts, k=5, already_shown=[cell.cohorts for cell in first.shown])

        assert again == first


class TestAudit:
    def test_three_figures_that_disclose_a_few_people(self) -> None:
        cells = cells_of(total="xyz", team_a="ab", location_b="bc", tenure_c="cd")

        decision = decide(cells, Counter("aadd" + 9 * "bc" + 30 * "xyz"), k=5)

        assert labels(decision) == {"everybody", "b", "c"}
        assert reasons(decision) == {"team_a": HidingReason.AUDIT}

    def test_three_figures_one_of_them_earlier(self) -> None:
        cells = cells_of(total="bxyz", team_a="ab", tenure_c="cd")
        counts = Counter("aadd" + 9 * "bc" + 30 * "xyz")

        assert not decide(cells, counts, k=5).hidden
        decision = decide(cells, counts, k=5, already_shown=[frozenset("bc")])

        assert reasons(decision) == {"team_a": HidingReason.AUDIT}

    def test_withholds_one_figure_where_the_sums_of_two_dimensions_are_too_close(self) -> None:
        cells = cells_of(total="r", team_a="ab", team_c="cd", tenure_p="acs", tenure_q="bd")
        counts = Counter(10 * "ab" + 20 * "cd" + 3 * "s" + 50 * "r")

        decision = decide(cells, counts, k=5)

        assert labels(decision) == {"everybody", "c", "p", "q"}
        assert reasons(decision) == {"team_a": HidingReason.AUDIT}
