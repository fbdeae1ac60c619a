"""What properties, elements and blocks owe each other."""

from typing import Any

import pytest

from sandbox.blockkit import examples, validate_blocks
from sandbox.blockkit.example_elements import mrkdwn, plain
from tests.sandbox.blockkit.payload import bent, elements_at, pointers, problems_of, without

Json = dict[str, Any]

BLOCKS = examples.BLOCKS
ELEMENTS = examples.ELEMENTS
CHART = BLOCKS["data_visualization"]
POINT = {"label": "Oct", "value": 1}

BAD_BLOCKS: list[tuple[str, Json, str, str]] = [
    (
        "neither text nor fields",
        {"type": "section"},
        "/blocks/0",
        "must define at least one of `text`, `fields`",
    ),
    (
        "mrkdwn in a header",
        {"type": "header", "text": mrkdwn("x")},
        "/blocks/0/text/type",
        "unsupported type: mrkdwn",
    ),
    (
        "emoji on mrkdwn",
        {"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
        "/blocks/0/text",
        "invalid additional property: emoji",
    ),
    (
        "verbatim on plain text",
        {"type": "section", "text": {"type": "plain_text", "text": "x", "verbatim": True}},
        "/blocks/0/text",
        "invalid additional property: verbatim",
    ),
    (
        "bare string as text",
        {"type": "section", "text": "x"},
        "/blocks/0/text",
        "must provide an object",
    ),
    (
        "an input element in actions",
        {"type": "actions", "elements": [ELEMENTS["plain_text_input"]]},
        "/blocks/0/elements/0/type",
        "unsupported type: plain_text_input",
    ),
    (
        "a button in an input block",
        {"type": "input", "label": plain("x"), "element": ELEMENTS["button"]},
        "/blocks/0/element/type",
        "unsupported type: button",
    ),
    (
        "a date and time picker as accessory",
        {"type": "section", "text": plain("x"), "accessory": ELEMENTS["datetimepicker"]},
        "/blocks/0/accessory/type",
        "unsupported type: datetimepicker",
    ),
    (
        "a button in a context",
        {"type": "context", "elements": [ELEMENTS["button"]]},
        "/blocks/0/elements/0/type",
        "unsupported type: button",
    ),
    (
        "the same action_id twice in a block",
        {"type": "actions", "elements": [ELEMENTS["button"]] * 2},
        "/blocks/0/elements/1/action_id",
        "`action_id` close already exists for another of the elements",
    ),
    (
        "an image from two sources",
        {**BLOCKS["image"], "image_url": "https://example.com/x.png"},
        "/blocks/0",
        "must define either `image_url` or `slack_file`",
    ),
    (
        "a Slack file by both its names",
        bent(BLOCKS["image"], "/slack_file/url", "https://files.slack.com/x"),
        "/blocks/0/slack_file",
        "must define either `id` or `url`",
    ),
    ("a card of nothing", {"type": "card", "subtitle": plain("x")}, "/blocks/0", ""),
    (
        "a card with both icons",
        {**BLOCKS["card"], "slack_icon": {"type": "icon", "name": "bot"}},
        "/blocks/0",
        "must not define both `icon` and `slack_icon`",
    ),
    (
        "a container in a container",
        bent(BLOCKS["container"], "/child_blocks/0", without(BLOCKS["container"], "block_id")),
        "/blocks/0/child_blocks/0/type",
        "unsupported type: container",
    ),
    (
        "collapsed but not collapsible",
        bent(BLOCKS["container"], "/is_collapsible", value=False),
        "/blocks/0/default_collapsed",
        "",
    ),
    (
        "a divider in a collapsible header",
        bent(BLOCKS["container"], "/has_header_divider", value=True),
        "/blocks/0/has_header_divider",
        "",
    ),
    ("an unknown level", bent(BLOCKS["header"], "/level", 5), "/blocks/0/level", ""),
    (
        "an unknown icon width",
        bent(BLOCKS["container"], "/width", "huge"),
        "/blocks/0/width",
        "must be a valid enum value",
    ),
    (
        "rows of different lengths",
        bent(BLOCKS["data_table"], "/rows/1", BLOCKS["data_table"]["rows"][1][:1]),
        "/blocks/0/rows/1",
        "every row must have 2 cells",
    ),
    (
        "rich text in the header row",
        bent(BLOCKS["data_table"], "/rows/0", BLOCKS["data_table"]["rows"][2]),
        "/blocks/0/rows/0/0/type",
        "unsupported type: rich_text",
    ),
    (
        "a row header beyond the last column",
        bent(BLOCKS["data_table"], "/row_header_column_index", 2),
        "/blocks/0/row_header_column_index",
        "must be less than 2",
    ),
    (
        "two series of one name",
        bent(CHART, "/chart/series/1/name", "All"),
        "/blocks/0/chart/series/1/name",
        "",
    ),
    (
        "a series without one category",
        bent(CHART, "/chart/series/1/data", [POINT]),
        "/blocks/0/chart/series/1/data",
        "labels must match `axis_config.categories` exactly",
    ),
    (
        "a category twice",
        bent(CHART, "/chart/axis_config/categories", ["Oct", "Oct"]),
        "/blocks/0/chart/axis_config/categories",
        "Input contains duplicate items",
    ),
    (
        "an unknown chart",
        bent(CHART, "/chart/type", "scatter"),
        "/blocks/0/chart/type",
        "unsupported type: scatter",
    ),
    (
        "an empty slice",
        bent(examples.PIE, "/chart/segments/1/value", 0),
        "/blocks/0/chart/segments/1/value",
        "must be greater than 0",
    ),
    (
        "a slice of no number",
        bent(examples.PIE, "/chart/segments/1/value", float("nan")),
        "/blocks/0/chart/segments/1/value",
        "must provide a number",
    ),
    (
        "a list inside a list",
        bent(BLOCKS["rich_text"], "/elements/1/elements/0/type", "rich_text_list"),
        "/blocks/0/elements/1/elements/0/type",
        "unsupported type: rich_text_list",
    ),
    (
        "a person in preformatted text",
        bent(
            BLOCKS["rich_text"],
            "/elements/4/elements/0",
            {"type": "user", "user_id": "U0000001"},
        ),
        "/blocks/0/elements/4/elements/0/type",
        "unsupported type: user",
    ),
    (
        "an unknown style of text",
        bent(BLOCKS["rich_text"], "/elements/0/elements/0/style", {"blink": True}),
        "/blocks/0/elements/0/elements/0/style",
        "invalid additional property: blink",
    ),
    (
        "indent beyond eight",
        bent(BLOCKS["rich_text"], "/elements/1/indent", 9),
        "/blocks/0/elements/1/indent",
        "must be less than 9",
    ),
    (
        "a task of unknown status",
        bent(BLOCKS["plan"], "/tasks/0/status", "done"),
        "/blocks/0/tasks/0/status",
        "must be a valid enum value",
    ),
]


@pytest.mark.parametrize(
    ("block", "pointer", "reason"),
    [case[1:] for case in BAD_BLOCKS],
    ids=[c[0] for c in BAD_BLOCKS],
)
def test_a_block_that_slack_refuses(block: Json, pointer: str, reason: str) -> None:
    (problem,) = problems_of(block)
    assert problem.pointer == pointer
    assert reason in problem.reason


OTHER_OPTION = {"text": plain("Never"), "value": "never"}

BAD_ELEMENTS: list[tuple[str, Json, str]] = [
    ("style", bent(ELEMENTS["button"], "/style", "default"), "/style"),
    (
        "confirm",
        bent(ELEMENTS["button"], "/confirm", without(ELEMENTS["button"]["confirm"], "deny")),
        "/confirm",
    ),
    (
        "initial option",
        bent(ELEMENTS["static_select"], "/initial_option", OTHER_OPTION),
        "/initial_option",
    ),
    (
        "initial option in a group",
        bent(ELEMENTS["multi_static_select"], "/initial_options/0", OTHER_OPTION),
        "/initial_options/0",
    ),
    (
        "initial choice",
        bent(ELEMENTS["checkboxes"], "/initial_options/0", OTHER_OPTION),
        "/initial_options/0",
    ),
    ("no options at all", {"type": "static_select", "action_id": "cadence"}, ""),
    (
        "options and groups",
        bent(
            ELEMENTS["static_select"],
            "/option_groups",
            ELEMENTS["multi_static_select"]["option_groups"],
        ),
        "",
    ),
    (
        "mrkdwn in a menu",
        bent(ELEMENTS["static_select"], "/options/0/text", mrkdwn("x")),
        "/options/0/text/type",
    ),
    (
        "link in a menu",
        bent(ELEMENTS["static_select"], "/options/0/url", "https://a.b"),
        "/options/0",
    ),
    ("typed option", bent(ELEMENTS["static_select"], "/options/0/type", "option"), "/options/0"),
    ("empty value", bent(ELEMENTS["static_select"], "/options/0/value", ""), "/options/0/value"),
    (
        "day of no month",
        bent(ELEMENTS["datepicker"], "/initial_date", "2026-02-30"),
        "/initial_date",
    ),
    ("day in words", bent(ELEMENTS["datepicker"], "/initial_date", "1 May"), "/initial_date"),
    ("hour 24", bent(ELEMENTS["timepicker"], "/initial_time", "24:00"), "/initial_time"),
    (
        "timestamp in milliseconds",
        bent(ELEMENTS["datetimepicker"], "/initial_date_time", 1796122800000),
        "/initial_date_time",
    ),
    (
        "lengths the wrong way round",
        bent(ELEMENTS["plain_text_input"], "/max_length", 1) | {"min_length": 2},
        "/min_length",
    ),
    ("words as number", bent(ELEMENTS["number_input"], "/min_value", "one"), "/min_value"),
    ("number as number", bent(ELEMENTS["number_input"], "/min_value", 1), "/min_value"),
    (
        "above the maximum",
        bent(ELEMENTS["number_input"], "/initial_value", "10.5"),
        "/initial_value",
    ),
    (
        "decimals where none are allowed",
        bent(ELEMENTS["number_input"], "/is_decimal_allowed", value=False),
        "/min_value",
    ),
    ("empty filter", bent(ELEMENTS["conversations_select"], "/filter", {}), "/filter"),
    (
        "empty include",
        bent(ELEMENTS["conversations_select"], "/filter/include", []),
        "/filter/include",
    ),
    (
        "the same kind twice",
        bent(ELEMENTS["conversations_select"], "/filter/include", ["im", "im"]),
        "/filter/include",
    ),
    (
        "unknown dispatch",
        bent(
            ELEMENTS["plain_text_input"],
            "/dispatch_action_config/trigger_actions_on/0",
            "on_blur",
        ),
        "/dispatch_action_config/trigger_actions_on/0",
    ),
    ("image of a local file", bent(ELEMENTS["image"], "/image_url", "file:///x.png"), "/image_url"),
    ("unknown icon", bent(ELEMENTS["icon_button"], "/icon", "cat"), "/icon"),
]


@pytest.mark.parametrize(
    ("element", "where"), [case[1:] for case in BAD_ELEMENTS], ids=[c[0] for c in BAD_ELEMENTS]
)
def test_an_element_that_slack_refuses(element: Json, where: str) -> None:
    block = examples.block_around(element)
    assert pointers(problems_of(block, element)) == [elements_at(block) + where]


def test_block_ids_are_unique_also_inside_containers() -> None:
    blocks = [bent(BLOCKS["divider"], "/block_id", "child"), BLOCKS["container"]]
    (problem,) = validate_blocks(blocks, "message")
    assert problem.pointer == "/blocks/1/child_blocks/0/block_id"
    assert problem.reason == "`block_id` child already exists for another block"


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    blocks = [{"type": "actions", "elements": [ELEMENTS["button"]]}] * 2
    assert validate_blocks(blocks, "message") == []


def test_two_charts_and_one_table_a_message() -> None:
    chart = without(CHART, "block_id")
    table = without(BLOCKS["table"], "block_id")
    assert validate_blocks([chart, chart, table], "message") == []
    problems = validate_blocks([chart, table, chart, chart, table], "message")
    assert {p.message for p in problems} == {
        "no more than 2 `data_visualization` blocks allowed [json-pointer:/blocks/3]",
        "no more than 1 `table` blocks allowed [json-pointer:/blocks/4]",
    }


def test_one_element_has_the_focus() -> None:
    inputs = [examples.block_around(ELEMENTS["plain_text_input"])] * 2
    (problem,) = validate_blocks(inputs, "modal")
    assert problem.pointer == "/blocks/1/element/focus_on_load"


def test_not_blocks_at_all() -> None:
    assert [p.message for p in validate_blocks("[]", "message")] == [
        "must provide an array [json-pointer:/blocks]"
    ]
    assert [p.message for p in validate_blocks(["x"], "message")] == [
        "must provide an object [json-pointer:/blocks/0]"
    ]
    assert [p.message for p in validate_blocks([{"text": "x"}], "message")] == [
        "missing required field: type [json-pointer:/blocks/0]"
    ]
    assert validate_blocks([], "message") == []
    assert pointers(validate_blocks([], "modal")) == ["/blocks"]
