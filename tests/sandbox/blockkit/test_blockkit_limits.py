"""For each limit: on the border is accepted, one over is refused at the right place.

The figures are written out here once more, from Slack's pages, so that a slip in the tables
is noticed.
"""

from copy import deepcopy
from typing import Any

import pytest

from sandbox.blockkit import Problem, examples, validate_attachments, validate_blocks, validate_view
from tests.sandbox.blockkit.payload import (
    bent,
    elements_at,
    pointers,
    problems_of,
    renamed_copies,
    without,
)

Json = dict[str, Any]

BLOCK_LENGTHS = [
    ("section", "/block_id", 255),
    ("section", "/text/text", 3000),
    ("section", "/fields/0/text", 2000),
    ("header", "/text/text", 150),
    ("context", "/elements/1/text", 3000),
    ("context", "/elements/0/alt_text", 2000),
    ("input", "/label/text", 2000),
    ("input", "/hint/text", 2000),
    ("image", "/alt_text", 2000),
    ("image", "/title/text", 2000),
    ("alert", "/text/text", 200),
    ("markdown", "/text", 12_000),
    ("video", "/title/text", 199),
    ("video", "/alt_text", 200),
    ("video", "/description/text", 200),
    ("video", "/author_name", 49),
    ("video", "/provider_name", 50),
    ("card", "/title/text", 150),
    ("card", "/subtitle/text", 150),
    ("card", "/body/text", 200),
    ("card", "/subtext/text", 200),
    ("container", "/title/text", 150),
    ("container", "/subtitle/text", 150),
    ("data_visualization", "/title", 50),
    ("data_visualization", "/chart/series/0/name", 20),
    ("data_visualization", "/chart/axis_config/x_label", 50),
    ("data_visualization", "/chart/axis_config/y_label", 50),
    ("auth_provider", "/value", 150),
    ("auth_provider", "/name/text", 75),
    ("auth_provider", "/description/text", 150),
]

ELEMENT_LENGTHS = [
    ("button", "/action_id", 255),
    ("button", "/text/text", 75),
    ("button", "/value", 2000),
    ("button", "/accessibility_label", 75),
    ("button", "/agent_prompt", 4000),
    ("button", "/confirm/title/text", 100),
    ("button", "/confirm/text/text", 300),
    ("button", "/confirm/confirm/text", 30),
    ("button", "/confirm/deny/text", 30),
    ("workflow_button", "/text/text", 75),
    ("checkboxes", "/options/1/text/text", 75),
    ("checkboxes", "/options/1/value", 150),
    ("radio_buttons", "/options/0/description/text", 75),
    ("overflow", "/options/0/text/text", 75),
    ("static_select", "/options/0/text/text", 75),
    ("static_select", "/options/0/value", 150),
    ("static_select", "/placeholder/text", 150),
    ("multi_static_select", "/option_groups/0/label/text", 75),
    ("plain_text_input", "/initial_value", 3000),
    ("plain_text_input", "/placeholder/text", 150),
    ("feedback_buttons", "/positive_button/text/text", 75),
    ("feedback_buttons", "/negative_button/value", 2000),
    ("icon_button", "/value", 2000),
]


@pytest.mark.parametrize(("name", "pointer", "most"), BLOCK_LENGTHS)
def test_length_in_a_block(name: str, pointer: str, most: int) -> None:
    block = examples.BLOCKS[name]
    assert problems_of(bent(block, pointer, "é" * most)) == []
    (problem,) = problems_of(bent(block, pointer, "é" * (most + 1)))
    assert_too_long(problem, f"/blocks/0{pointer}", most)


@pytest.mark.parametrize(("name", "pointer", "most"), ELEMENT_LENGTHS)
def test_length_in_an_element(name: str, pointer: str, most: int) -> None:
    element = examples.ELEMENTS[name]
    right = bent(element, pointer, "🙂" * most)
    assert problems_of(examples.block_around(right), right) == []
    wrong = bent(element, pointer, "🙂" * (most + 1))
    block = examples.block_around(wrong)
    (problem,) = problems_of(block, wrong)
    assert_too_long(problem, elements_at(block) + pointer, most)


def assert_too_long(problem: Problem, pointer: str, most: int) -> None:
    assert problem.message == f"must be less than {most + 1} characters [json-pointer:{pointer}]"
    assert problem.to_json() == {
        "code": "failed_constraint",
        "message": f"must be less than {most + 1} characters",
        "field": pointer.rsplit("/", 1)[1],
        "pointer": pointer,
        "constraint": {"type": "max_length", "expected": most, "got": most + 1},
    }


URLS = [
    ("button", "/url"),
    ("overflow", "/options/1/url"),
    ("workflow_button", "/workflow/trigger/url"),
    ("image", "/image_url"),
]


@pytest.mark.parametrize(("name", "pointer"), URLS)
def test_url(name: str, pointer: str) -> None:
    def problems(url: str) -> list[Problem]:
        element = bent(examples.ELEMENTS[name], pointer, url)
        return problems_of(examples.block_around(element), element)

    start = "https://example.com/"
    assert problems(start + "x" * (3000 - len(start))) == []
    (long,) = problems(start + "x" * (3001 - len(start)))
    assert long.reason == "must be less than 3001 characters"
    assert long.pointer.endswith(pointer)
    assert [p.reason for p in problems("example.com")] == ["input must be a valid: uri"]


EMPTY_TEXTS = [
    ("section", "/text/text"),
    ("section", "/fields/1/text"),
    ("header", "/text/text"),
    ("context", "/elements/1/text"),
    ("input", "/label/text"),
    ("markdown", "/text"),
    ("image", "/alt_text"),
    ("rich_text", "/elements/0/elements/0/text"),
    ("table", "/rows/0/0/text"),
    ("data_visualization", "/title"),
]


@pytest.mark.parametrize(("name", "pointer"), EMPTY_TEXTS)
def test_empty_text_is_refused(name: str, pointer: str) -> None:
    (problem,) = problems_of(bent(examples.BLOCKS[name], pointer, ""))
    assert problem.message == f"must be more than 0 characters [json-pointer:/blocks/0{pointer}]"


BLOCK_COUNTS = [
    ("section", "/fields", 1, 10),
    ("context", "/elements", 1, 10),
    ("actions", "/elements", 1, 25),
    ("context_actions", "/elements", 1, 5),
    ("card", "/actions", 1, 3),
    ("carousel", "/elements", 1, 10),
    ("container", "/child_blocks", 1, 10),
    ("table", "/rows", 1, 100),
    ("table", "/rows/0", 1, 20),
    ("table", "/column_settings", 0, 20),
    ("data_table", "/rows", 2, 201),
    ("data_visualization", "/chart/series", 1, 12),
]


@pytest.mark.parametrize(("name", "pointer", "fewest", "most"), BLOCK_COUNTS)
def test_count_in_a_block(name: str, pointer: str, fewest: int, most: int) -> None:
    block = examples.BLOCKS[name]
    at = f"/blocks/0{pointer}"
    assert problems_of(with_items(block, pointer, most)) == []
    (problem,) = problems_of(with_items(block, pointer, most + 1))
    assert problem.message == f"no more than {most} items allowed [json-pointer:{at}]"
    if fewest:
        assert problems_of(with_items(block, pointer, fewest)) == []
        (problem,) = problems_of(with_items(block, pointer, fewest - 1))
        assert problem.message == f"must provide at least {fewest} items [json-pointer:{at}]"


ELEMENT_COUNTS = [
    ("checkboxes", "/options", 10),
    ("radio_buttons", "/options", 10),
    ("overflow", "/options", 5),
    ("static_select", "/options", 100),
    ("multi_static_select", "/option_groups", 100),
    ("multi_static_select", "/option_groups/0/options", 100),
]


@pytest.mark.parametrize(("name", "pointer", "most"), ELEMENT_COUNTS)
def test_count_in_an_element(name: str, pointer: str, most: int) -> None:
    element = {
        key: value
        for key, value in examples.ELEMENTS[name].items()
        if not key.startswith("initial_")
    }
    for count, reason in (
        (most, None),
        (most + 1, f"no more than {most} items allowed"),
        (0, "must provide at least 1 items"),
    ):
        changed = with_items(element, pointer, count)
        block = examples.block_around(changed)
        problems = problems_of(block, changed)
        assert [p.reason for p in problems] == ([reason] if reason else [])
        assert pointers(problems) == ([elements_at(block) + pointer] if reason else [])


def with_items(example: Json, pointer: str, count: int) -> Json:
    items: Any = example
    for token in pointer.strip("/").split("/"):
        items = items[int(token) if token.isdecimal() else token]
    return bent(example, pointer, renamed_copies(items[0], count))


NUMBERS = [
    ("plain_text_input", "/max_length", 1, 3000),
    ("plain_text_input", "/min_length", 0, 3000),
    ("file_input", "/max_files", 1, 10),
    ("rich_text_input", "/max_lines", 1, 100),
    ("multi_static_select", "/max_selected_items", 1, None),
    ("datetimepicker", "/initial_date_time", 1_000_000_000, 9_999_999_999),
]


@pytest.mark.parametrize(("name", "pointer", "low", "high"), NUMBERS)
def test_number_in_an_element(name: str, pointer: str, low: int, high: int | None) -> None:
    def problems(value: object) -> list[Problem]:
        element = bent(without(examples.ELEMENTS[name], "min_lines"), pointer, value)
        return problems_of(examples.block_around(element), element)

    assert problems(low) == []
    (problem,) = problems(low - 1)
    assert problem.reason == f"must be greater than {low - 1}"
    assert problem.pointer.endswith(pointer)
    if high is not None:
        assert problems(high) == []
        (problem,) = problems(high + 1)
        assert problem.reason == f"must be less than {high + 1}"
    for wrong in (True, "5", 5.0, None):
        assert [p.code for p in problems(wrong)] == ["invalid_type"]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_blocks_per_surface(surface: Any) -> None:
    most = {"message": 50, "modal": 100, "home": 100}[surface]
    divider = {"type": "divider"}
    assert validate_blocks([divider] * most, surface) == []
    (problem,) = validate_blocks([divider] * (most + 1), surface)
    assert problem.message == f"no more than {most} items allowed [json-pointer:/blocks]"


def test_ten_thousand_characters_in_a_table() -> None:
    for name in ("table", "data_table"):
        block = deepcopy(examples.BLOCKS[name])
        block["rows"] = [[{"type": "raw_text", "text": "x" * 5000}] for _ in range(2)]
        assert problems_of(block) == []
        block["rows"][1][0]["text"] += "x"
        (problem,) = problems_of(block)
        assert problem.message == (
            "must be less than 10001 characters [json-pointer:/blocks/0/rows]"
        )


def test_markdown_blocks_share_their_limit() -> None:
    halves = [{"type": "markdown", "text": "x" * 6000} for _ in range(2)]
    assert validate_blocks(halves, "message") == []
    halves[1]["text"] += "x"
    assert pointers(validate_blocks(halves, "message")) == ["/blocks"]


VIEW_LENGTHS = [
    ("/title/text", 24),
    ("/submit/text", 24),
    ("/close/text", 24),
    ("/callback_id", 255),
    ("/external_id", 255),
    ("/private_metadata", 3000),
]


@pytest.mark.parametrize(("pointer", "most"), VIEW_LENGTHS)
def test_length_in_a_view(pointer: str, most: int) -> None:
    view = examples.VIEWS["modal"]
    assert validate_view(bent(view, pointer, "x" * most)) == []
    (problem,) = validate_view(bent(view, pointer, "x" * (most + 1)))
    assert_too_long(problem, f"/view{pointer}", most)


def test_size_of_a_view() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}
    view = {**examples.VIEWS["home"], "blocks": [section] * 80}
    assert validate_view(view) == []
    # 2,900 letters of three bytes each: Slack's limit is one of bytes, not of characters.
    wide = bent(view, "/blocks", [bent(section, "/text/text", "€" * 2900)] * 80)
    (problem,) = validate_view(wide)
    assert (problem.code, problem.pointer) == ("view_too_large", "/view")


def test_a_hundred_attachments() -> None:
    attachments = [{"fallback": "x", "color": "#36a64f"}] * 100
    assert validate_attachments(attachments) == []
    (problem,) = validate_attachments([*attachments, attachments[0]])
    assert problem.message == "no more than 100 items allowed [json-pointer:/attachments]"


def test_segments_of_a_pie() -> None:
    full = with_items(examples.PIE, "/chart/segments", 12)
    assert problems_of(bent(full, "/chart/segments/3/label", "x" * 20)) == []
    (problem,) = problems_of(bent(full, "/chart/segments/3/label", "x" * 21))
    assert_too_long(problem, "/blocks/0/chart/segments/3/label", 20)
    for count in (0, 13):
        (problem,) = problems_of(with_items(examples.PIE, "/chart/segments", count))
        assert problem.pointer == "/blocks/0/chart/segments"


def test_categories_and_points_of_a_chart() -> None:
    def chart(count: int, width: int) -> Json:
        labels = [str(number).rjust(width, "x") for number in range(count)]
        data = [{"label": label, "value": 1} for label in labels]
        block = bent(examples.BLOCKS["data_visualization"], "/chart/axis_config/categories", labels)
        return bent(block, "/chart/series", [{"name": "All", "data": data}])

    assert problems_of(chart(20, 20)) == []
    assert pointers(problems_of(chart(21, 20))) == [
        "/blocks/0/chart/series/0/data",
        "/blocks/0/chart/axis_config/categories",
    ]
    assert pointers(problems_of(chart(1, 21))) == [
        "/blocks/0/chart/series/0/data/0/label",
        "/blocks/0/chart/axis_config/categories/0",
    ]


def test_columns_and_pages_of_a_data_table() -> None:
    def table(columns: int, page_size: int) -> Json:
        row = [{"type": "raw_text", "text": "x"}] * columns
        return {"type": "data_table", "caption": "x", "rows": [row] * 2, "page_size": page_size}

    assert problems_of(table(20, 100)) == []
    assert problems_of(table(1, 1)) == []
    assert pointers(problems_of(table(21, 1))) == ["/blocks/0/rows/0", "/blocks/0/rows/1"]
    assert pointers(problems_of(table(1, 101))) == ["/blocks/0/page_size"]
    assert pointers(problems_of(table(1, 0))) == ["/blocks/0/page_size"]
