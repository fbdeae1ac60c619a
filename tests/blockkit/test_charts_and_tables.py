"""Charts and tables stay within Slack's limits, and say so where they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockkit.blocks import section
from bot.blockkit.charts import CHART_LABEL, line_chart, numbered_labels
from bot.blockkit.tables import TABLE_ROWS, data_table, text_tables
from sandbox.blockkit import validate_blocks

names = st.lists(st.text(max_size=60), max_size=12)


@given(names=names)
def test_short_labels_are_told_apart(names: list[str]) -> None:
    labels = numbered_labels(names)
    assert len(set(labels)) == len(labels) == len(names)
    assert all(len(label) <= CHART_LABEL for label in labels)


@pytest.mark.parametrize("points", [0, 1, 21])
def test_a_chart_of_one_point_is_refused(points: int) -> None:
    days = [f"{number} Nov" for number in range(points)]
    with pytest.raises(ValueError, match="2 to 20"):
        line_chart("Workload", {"Company": [5.0] * points}, days, "")


@pytest.mark.parametrize("points", [2, 20])
def test_slack_takes_the_longest_chart(points: int) -> None:
    days = [f"{number} Nov 2026" for number in range(points)]
    lines = {f"{'Customer success and support' * 3} {n}": [-1.0] * points for n in range(6)}
    assert validate_blocks([line_chart("T" * 90, lines, days, "0 is bad")], "message") == []


@pytest.mark.parametrize(
    "rows",
    [
        [["Team"]],
        [["Team"]] * (TABLE_ROWS + 1),
        [["Team", "A"], ["Sales"]],
        [["c"] * 21] * 2,
        [["c" * 101] * 10] * 10,
    ],
)
def test_a_table_that_slack_would_refuse_is_a_bug(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="a table has"):
        data_table("Teams", rows)


def test_slack_takes_the_longest_table() -> None:
    assert validate_blocks([data_table("Teams", [["c"] * 20] * TABLE_ROWS)], "message") == []


@given(cells=st.lists(st.text(max_size=40), min_size=1, max_size=120))
def test_text_tables_fit_and_repeat_their_head(cells: list[str]) -> None:
    tables = text_tables([["Team", "<Mean>"], *([cell, "6.0"] for cell in cells)])
    for table in tables:
        section(table)
        assert table.count("```") == 2
        assert table.splitlines()[1].startswith("Team")
        assert "&lt;Mean&gt;" in table
    assert sum(table.count("6.0") for table in tables) >= len(cells)
