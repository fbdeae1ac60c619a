"""What the terminal prints reads like what Slack shows."""

import pytest

from sandbox.demo.terminal import lines_of, plain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("*Q3 _it_ now* is open", "Q3 it now is open"),
        ("*bold* and _it_, ~not~", "bold and it, not"),
        ("*~_all_~*", "all"),
        ("run `/pulse end *NAME*` now", "run /pulse end *NAME* now"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("<https://x.example|*this* page> &amp; &lt;that&gt;", "this page & <that>"),
        ("*one*\n_two_", "one\ntwo"),
        ("*only one", "*only one"),
    ],
)
def test_marks_go_and_words_stay(text: str, read: str) -> None:
    assert plain(text) == read


def test_a_chart_is_written_as_its_figures() -> None:
    points = [{"label": "3 Nov", "value": 2.5}, {"label": "10 Nov", "value": 7.0}]
    chart = {"type": "line", "series": [{"name": "Here", "data": points}]}
    block = {"type": "data_visualization", "title": "Workload", "chart": chart}
    assert list(lines_of({"blocks": [block]})) == ["Workload", "Here: 2.5 · 7.0"]
