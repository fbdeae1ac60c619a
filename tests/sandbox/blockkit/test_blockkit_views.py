"""Views and attachments as a whole."""

import pytest

from sandbox.blockkit import examples, validate_attachments, validate_view
from sandbox.blockkit.example_elements import mrkdwn, plain
from tests.sandbox.blockkit.payload import bent, pointers, without

BLOCKS = examples.BLOCKS
CHART = BLOCKS["data_visualization"]
MODAL = examples.VIEWS["modal"]
HOME = examples.VIEWS["home"]

BAD_VIEWS: list[tuple[object, str]] = [
    (without(MODAL, "title"), "missing required field: title [json-pointer:/view]"),
    (without(MODAL, "blocks"), "missing required field: blocks [json-pointer:/view]"),
    (without(MODAL, "type"), "missing required field: type [json-pointer:/view]"),
    (
        without(MODAL, "submit"),
        "must define `submit` to use `input` block [json-pointer:/view/blocks/1]",
    ),
    ({**MODAL, "type": "sheet"}, "unsupported type: sheet [json-pointer:/view/type]"),
    ({**MODAL, "type": ["modal"]}, "must provide a string [json-pointer:/view/type]"),
    ({**MODAL, "hash": "1"}, "invalid additional property: hash [json-pointer:/view]"),
    (
        bent(MODAL, "/title", mrkdwn("x")),
        "unsupported type: mrkdwn [json-pointer:/view/title/type]",
    ),
    ({**MODAL, "blocks": []}, "must provide at least 1 items [json-pointer:/view/blocks]"),
    ({**HOME, "title": plain("x")}, "invalid additional property: title [json-pointer:/view]"),
    (
        {**HOME, "blocks": [CHART]},
        "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]",
    ),
    ([], "must provide an object [json-pointer:/view]"),
]


@pytest.mark.parametrize(("view", "message"), BAD_VIEWS)
def test_a_view_that_slack_refuses(view: object, message: str) -> None:
    assert [problem.message for problem in validate_view(view)] == [message]


def test_a_home_tab_takes_inputs_without_submit() -> None:
    assert validate_view({**HOME, "blocks": [BLOCKS["input"]]}) == []


def test_attachments() -> None:
    right = {"color": "#36a64f", "blocks": [BLOCKS["section"], BLOCKS["actions"]]}
    assert validate_attachments([right, {"text": "x", "fields": [{"title": "a"}]}]) == []
    assert validate_attachments([]) == []
    wrong = {"blocks": [BLOCKS["header"], BLOCKS["header"], {"type": "x"}]}
    assert pointers(validate_attachments([right, wrong])) == [
        "/attachments/1/blocks/2/type",
        "/attachments/1/blocks/1/block_id",
    ]
    assert pointers(validate_attachments([{"color": "red"}, {"text": "x", "size": 1}])) == [
        "/attachments/0",
        "/attachments/1",
    ]
    assert pointers(validate_attachments({"text": "x"})) == ["/attachments"]
