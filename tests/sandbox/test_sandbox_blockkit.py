"""Block Kit as Slack validates it: limits, relations, surfaces, and where the problem is."""

import json
from copy import deepcopy
from typing import Any

import pytest
from slack_sdk.models.blocks import Block, BlockElement

from sandbox.blockkit import Problem, validate_blocks, validate_view
from sandbox.blockkit.blocks import BLOCKS as BLOCK_TABLES
from sandbox.blockkit.elements import ELEMENTS as ELEMENT_TABLES
from sandbox.blockkit.schema import Surface
from tests.sandbox.samples import (
    BLOCKS,
    CARD,
    ELEMENTS,
    GROWTH,
    IMAGE,
    PIE,
    block_around,
    mrkdwn,
    plain,
)

Json = dict[str, Any]
CHART = BLOCKS["data_visualization"]
TABLE = BLOCKS["data_table"]
MODAL: Json = {
    "type": "modal",
    "title": plain("Survey"),
    "submit": plain("Send"),
    "blocks": [BLOCKS["section"], BLOCKS["input"]],
}
HOME: Json = {"type": "home", "blocks": [BLOCKS["section"]]}
WITHOUT_SDK_CLASS = {"data_visualization", "data_table", "card", "carousel", "header"}
"""slack_sdk 3.47 has no class for these, or drops some of their properties."""


def bent(sample: Json, pointer: str, value: object) -> Json:
    """Return a copy of a sample with the value put at the pointer."""
    copy: Json = json.loads(json.dumps(sample))  # nothing is shared, as in a request
    *path, last = [int(key) if key.isdecimal() else key for key in pointer.strip("/").split("/")]
    target: Any = copy
    for key in path:
        target = target[key]
    target[last] = value
    return copy


def without(sample: Json, name: str) -> Json:
    return {key: value for key, value in sample.items() if key != name}


def problems_of(block: Json) -> list[Problem]:
    """Validate one block on a surface that takes it, modals first: they take most elements."""
    surfaces: tuple[Surface, ...] = ("modal", "message", "home")
    kinds = BLOCK_TABLES[block["type"]].surfaces
    return validate_blocks([block], next(one for one in surfaces if one in kinds))


def test_every_kind_has_a_sample_that_is_accepted() -> None:
    assert set(BLOCKS) == set(BLOCK_TABLES)
    assert {*ELEMENTS, "image"} == set(ELEMENT_TABLES)
    samples = [*BLOCKS.values(), PIE, *map(block_around, ELEMENTS.values())]
    assert [problems_of(block) for block in samples] == [[]] * len(samples)


def test_what_slacks_own_models_write_is_accepted() -> None:
    for name, sample in BLOCKS.items():
        if name not in WITHOUT_SDK_CLASS:
            block = Block.parse(dict(sample))
            assert block is not None
            assert problems_of(block.to_dict()) == []
    for sample in ELEMENTS.values():
        element = BlockElement.parse(dict(sample))
        assert element is not None
        assert problems_of(block_around(element.to_dict())) == []


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
    ("card", "/title/text", 150),
    ("card", "/body/text", 200),
    ("data_visualization", "/title", 50),
    ("data_visualization", "/chart/series/0/name", 20),
    ("data_visualization", "/chart/axis_config/x_label", 50),
]
ELEMENT_LENGTHS = [
    ("button", "/action_id", 255),
    ("button", "/text/text", 75),
    ("button", "/value", 2000),
    ("button", "/confirm/title/text", 100),
    ("button", "/confirm/text/text", 300),
    ("button", "/confirm/confirm/text", 30),
    ("checkboxes", "/options/0/text/text", 75),
    ("checkboxes", "/options/0/value", 150),
    ("overflow", "/options/0/text/text", 75),
    ("multi_static_select", "/option_groups/0/label/text", 75),
    ("plain_text_input", "/placeholder/text", 150),
]


@pytest.mark.parametrize(
    ("block", "pointer", "most"),
    [
        *((BLOCKS[name], pointer, most) for name, pointer, most in BLOCK_LENGTHS),
        *(
            (block_around(ELEMENTS[name]), f"{place}{pointer}", most)
            for name, pointer, most in ELEMENT_LENGTHS
            for place in ("/elements/0" if name in {"button", "overflow"} else "/element",)
        ),
    ],
)
def test_lengths(block: Json, pointer: str, most: int) -> None:
    def too_long(length: int) -> list[str]:
        found = problems_of(bent(block, pointer, "🙂" * length))
        return [p.message for p in found if "exactly match" not in p.reason]

    assert too_long(most) == []
    said = f"must be less than {most + 1} characters [json-pointer:/blocks/0{pointer}]"
    assert too_long(most + 1) == [said]


@pytest.mark.parametrize(
    ("block", "pointer", "most"),
    [
        (BLOCKS["section"], "/fields", 10),
        (BLOCKS["context"], "/elements", 10),
        (BLOCKS["actions"], "/elements", 25),
        (CARD, "/actions", 3),
        (BLOCKS["carousel"], "/elements", 10),
        (PIE, "/chart/segments", 12),
        (CHART, "/chart/series", 12),
        (TABLE, "/rows", 201),
        (block_around(ELEMENTS["static_select"]), "/element/options", 100),
        (block_around(ELEMENTS["checkboxes"]), "/element/options", 10),
        (block_around(ELEMENTS["radio_buttons"]), "/element/options", 10),
        (block_around(ELEMENTS["overflow"]), "/elements/0/options", 5),
    ],
)
def test_counts(block: Json, pointer: str, most: int) -> None:
    def reasons(count: int) -> list[str]:
        target: Any = block
        for key in pointer.strip("/").split("/"):
            target = target[int(key) if key.isdecimal() else key]
        items = [deepcopy(target[0]) for _ in range(count)]
        for number, item in enumerate(items):
            if isinstance(item, dict):
                keys = {"action_id", "name"} & set(item)
                item.update({key: f"{key}{number}" for key in keys})
        return [p.reason for p in problems_of(bent(block, pointer, items))]

    assert all("exactly match" in reason for reason in reasons(most))
    assert f"no more than {most} items allowed" in reasons(most + 1)
    assert any(reason.startswith("must provide at least") for reason in reasons(0))


OTHER = {"text": plain("Never"), "value": "never"}
SELECT = without(ELEMENTS["static_select"], "initial_option")
CHECKBOXES = ELEMENTS["checkboxes"]
NUMBER = ELEMENTS["number_input"]
TEXT_INPUT: Json = {"type": "plain_text_input"}
RICH_TEXT = BLOCKS["rich_text"]
BLINK = {"blink": True}
SHORT = CHART["chart"]["series"][1]["data"][:1]
BAD: list[tuple[Json, str]] = [
    ({"type": "section"}, ""),
    ({"type": "section", "text": mrkdwn("")}, "/text/text"),
    ({"type": "section", "text": {**mrkdwn("x"), "emoji": True}}, "/text"),
    ({"type": "section", "text": {**plain("x"), "verbatim": True}}, "/text"),
    ({"type": "section", "text": "x"}, "/text"),
    ({"type": "header", "text": mrkdwn("x")}, "/text/type"),
    (bent(BLOCKS["header"], "/level", 5), "/level"),
    ({"type": "actions", "elements": [ELEMENTS["plain_text_input"]]}, "/elements/0/type"),
    ({"type": "actions", "elements": [ELEMENTS["button"]] * 2}, "/elements/1/action_id"),
    ({"type": "input", "label": plain("x"), "element": ELEMENTS["button"]}, "/element/type"),
    ({"type": "context", "elements": [ELEMENTS["button"]]}, "/elements/0/type"),
    ({**BLOCKS["image"], "image_url": "https://example.com/x.png"}, ""),
    (bent(BLOCKS["image"], "/slack_file/url", "https://files.slack.com/x"), "/slack_file"),
    ({"type": "card", "subtitle": plain("x")}, ""),
    (bent(TABLE, "/rows/1", TABLE["rows"][1][:1]), "/rows/1"),
    (bent(TABLE, "/row_header_column_index", 2), "/row_header_column_index"),
    (bent(TABLE, "/rows/1/0/text", "x" * 10_001), "/rows"),
    (bent(TABLE, "/rows/0/0", BLOCKS["rich_text"]), "/rows/0/0/type"),
    (bent(CHART, "/chart/series/1/name", "All"), "/chart/series/1/name"),
    (
        bent(CHART, "/chart/series/1/data", CHART["chart"]["series"][1]["data"][:1]),
        "/chart/series/1/data",
    ),
    (bent(CHART, "/chart/axis_config/categories", ["Oct", "Oct"]), "/chart/axis_config/categories"),
    (bent(CHART, "/chart/type", "scatter"), "/chart/type"),
    (bent(PIE, "/chart/segments/1/value", 0), "/chart/segments/1/value"),
    (bent(PIE, "/chart/segments/1/value", float("nan")), "/chart/segments/1/value"),
    (
        bent(BLOCKS["rich_text"], "/elements/0/elements/0/style", {"blink": True}),
        "/elements/0/elements/0/style",
    ),
    (block_around({**ELEMENTS["button"], "style": "default"}), "/elements/0/style"),
    (block_around({**ELEMENTS["button"], "url": "example.com"}), "/elements/0/url"),
    (block_around({**SELECT, "initial_option": OTHER}), "/element/initial_option"),
    (block_around(without(SELECT, "options")), "/element"),
    (block_around(bent(SELECT, "/options/0/text", mrkdwn("x"))), "/element/options/0/text/type"),
    (block_around(bent(SELECT, "/options/0/value", "")), "/element/options/0/value"),
    (
        block_around(bent(ELEMENTS["checkboxes"], "/initial_options/0", OTHER)),
        "/element/initial_options/0",
    ),
    (block_around({"type": "datepicker", "initial_date": "2026-02-30"}), "/element/initial_date"),
    (block_around({"type": "timepicker", "initial_time": "24:00"}), "/element/initial_time"),
    (
        block_around({"type": "plain_text_input", "min_length": 2, "max_length": 1}),
        "/element/min_length",
    ),
    (block_around({**NUMBER, "initial_value": "11"}), "/element/initial_value"),
    (block_around({**NUMBER, "is_decimal_allowed": False}), "/element/min_value"),
    (block_around({"type": "conversations_select", "filter": {}}), "/element/filter"),
    (
        {"type": "context", "elements": [{**IMAGE, "image_url": "file:///x"}]},
        "/elements/0/image_url",
    ),
]


@pytest.mark.parametrize(("block", "pointer"), BAD)
def test_what_slack_refuses(block: Json, pointer: str) -> None:
    assert [problem.pointer for problem in problems_of(block)] == [f"/blocks/0{pointer}"]


@pytest.mark.parametrize(
    ("blocks", "surface", "message"),
    [
        ("[]", "message", "must provide an array [json-pointer:/blocks]"),
        (["x"], "message", "must provide an object [json-pointer:/blocks/0]"),
        ([{"text": "x"}], "message", "missing required field: type [json-pointer:/blocks/0]"),
        ([{"type": "plan"}], "message", "unsupported type: plan [json-pointer:/blocks/0/type]"),
        ([CHART], "modal", "unsupported type: data_visualization [json-pointer:/blocks/0/type]"),
        ([BLOCKS["alert"]], "message", "unsupported type: alert [json-pointer:/blocks/0/type]"),
        ([], "modal", "must provide at least 1 items [json-pointer:/blocks]"),
        ([{"type": "divider"}] * 51, "message", "no more than 50 items allowed"),
        ([{"type": "divider"}] * 101, "home", "no more than 100 items allowed"),
        ([PIE, PIE, PIE], "message", "no more than 2 `data_visualization` blocks allowed"),
        ([BLOCKS["section"]] * 2, "message", "already exists for another block"),
        ([BLOCKS["input"]] * 2, "modal", "only one element can have `focus_on_load`"),
    ],
)
def test_blocks_together(blocks: Any, surface: Surface, message: str) -> None:
    (problem,) = validate_blocks(blocks, surface)
    assert message in problem.message


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (without(MODAL, "title"), "missing required field: title [json-pointer:/view]"),
        (without(MODAL, "submit"), "must define `submit` to use `input` block"),
        ({**MODAL, "title": plain("x" * 25)}, "[json-pointer:/view/title/text]"),
        ({**MODAL, "type": "sheet"}, "unsupported type: sheet [json-pointer:/view/type]"),
        ({**MODAL, "hash": "1"}, "invalid additional property: hash [json-pointer:/view]"),
        ({**MODAL, "private_metadata": "x" * 3001}, "[json-pointer:/view/private_metadata]"),
        ({**MODAL, "private_metadata": "x" * 250_000}, "must be less than 250001 bytes"),
        ({**HOME, "title": plain("x")}, "invalid additional property: title"),
        ([], "must provide an object [json-pointer:/view]"),
    ],
)
def test_views_that_slack_refuses(view: object, message: str) -> None:
    (problem,) = validate_view(view)
    assert message in problem.message


def test_views_that_slack_accepts() -> None:
    inputs = {**HOME, "blocks": [BLOCKS["input"], block_around(ELEMENTS["users_select"])]}
    assert validate_view(MODAL) == validate_view(HOME) == validate_view(inputs) == []
    assert validate_blocks([block_around({**SELECT, "initial_option": GROWTH})], "message") == []
