"""Every block and element has an example, and it is accepted exactly where Slack takes it."""

import time
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.blockkit import examples, validate_attachments, validate_blocks, validate_view
from sandbox.blockkit.blocks import BLOCKS
from sandbox.blockkit.elements import ELEMENTS
from sandbox.blockkit.schema import Surface
from tests.sandbox.blockkit.payload import bent, pointers, without

SURFACES: tuple[Surface, ...] = get_args(Surface)


def test_every_block_and_element_has_an_example() -> None:
    assert set(examples.BLOCKS) == set(BLOCKS)
    assert set(examples.ELEMENTS) == set(ELEMENTS)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_accepted_where_slack_takes_it_and_nowhere_else(
    name: str, surface: Surface
) -> None:
    problems = validate_blocks([examples.BLOCKS[name]], surface)
    if surface in BLOCKS[name].surfaces:
        assert problems == []
    else:
        (problem,) = problems
        assert problem.message == f"unsupported type: {name} [json-pointer:/blocks/0/type]"
        assert name not in (problem.constraint or {})["expected"]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_is_accepted_where_slack_takes_it_and_nowhere_else(
    name: str, surface: Surface
) -> None:
    block = examples.block_around(examples.ELEMENTS[name])
    allowed = ELEMENTS[name].surfaces & BLOCKS[block["type"]].surfaces
    assert (validate_blocks([block], surface) == []) == (surface in allowed)


SURFACES_BY_SLACK = {
    "data_visualization": {"message"},
    "markdown": {"message"},
    "alert": {"modal"},
    "table": {"message", "home"},
    "data_table": {"message", "home"},
    "section": {"message", "modal", "home"},
}


@pytest.mark.parametrize("name", SURFACES_BY_SLACK)
def test_surfaces_are_those_of_slack(name: str) -> None:
    accepted = {s for s in SURFACES if validate_blocks([examples.BLOCKS[name]], s) == []}
    assert accepted == SURFACES_BY_SLACK[name]


ELEMENT_SURFACES_BY_SLACK = {
    "datetimepicker": {"message", "modal"},
    "email_text_input": {"modal"},
    "url_text_input": {"modal"},
    "number_input": {"modal"},
    "file_input": {"modal"},
    "rich_text_input": {"modal", "home"},
    "plain_text_input": {"message", "modal", "home"},
    "static_select": {"message", "modal", "home"},
    "button": {"message", "modal", "home"},
    "workflow_button": {"message"},
}


@pytest.mark.parametrize("name", ELEMENT_SURFACES_BY_SLACK)
def test_surfaces_of_elements_are_those_of_slack(name: str) -> None:
    block = examples.block_around(examples.ELEMENTS[name])
    accepted = {s for s in SURFACES if validate_blocks([block], s) == []}
    assert accepted == ELEMENT_SURFACES_BY_SLACK[name]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_says_which_required_property_is_missing(name: str) -> None:
    block = examples.BLOCKS[name]
    (surface, *_) = BLOCKS[name].surfaces
    for required in BLOCKS[name].required:
        problems = validate_blocks([without(block, required)], surface)
        assert [(p.code, p.field, p.pointer) for p in problems] == [
            ("missing_field", required, "/blocks/0")
        ]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_has_no_other_properties(name: str) -> None:
    block = {**examples.BLOCKS[name], "colour": "red"}
    (surface, *_) = BLOCKS[name].surfaces
    (problem,) = validate_blocks([block], surface)
    assert problem.reason == "invalid additional property: colour"
    assert problem.pointer == "/blocks/0"
    assert problem.field == "colour"


@pytest.mark.parametrize("name", BLOCKS)
def test_no_property_of_a_block_may_be_null(name: str) -> None:
    block = examples.BLOCKS[name]
    (surface, *_) = BLOCKS[name].surfaces
    for key in block:
        expected = f"/blocks/0/{key}"
        assert expected in pointers(validate_blocks([{**block, key: None}], surface))


@pytest.mark.parametrize("name", ELEMENTS)
def test_an_element_has_its_required_properties_and_no_other(name: str) -> None:
    element = examples.ELEMENTS[name]
    block = examples.block_around(element)
    surfaces = ELEMENTS[name].surfaces & BLOCKS[block["type"]].surfaces
    (surface, *_) = surfaces
    assert validate_blocks([examples.block_around({**element, "x": 1})], surface)
    for required in set(ELEMENTS[name].required) - {"type"}:
        (problem,) = validate_blocks([examples.block_around(without(element, required))], surface)
        assert problem.reason == f"missing required field: {required}"


@pytest.mark.parametrize("name", examples.VIEWS)
def test_views_are_accepted(name: str) -> None:
    assert validate_view(examples.VIEWS[name]) == []


def test_a_pie_and_rich_text_are_accepted() -> None:
    assert validate_blocks([examples.PIE, examples.RICH_TEXT], "message") == []


def test_fifty_rich_blocks_take_a_few_milliseconds() -> None:
    blocks = [bent(examples.BLOCKS["section"], "/block_id", f"b{n}") for n in range(50)]
    fastest = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        assert validate_blocks(blocks, "message") == []
        fastest = min(fastest, time.perf_counter() - start)
    assert fastest < 0.005


def test_deep_nesting_does_not_raise() -> None:
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    assert validate_blocks([{"type": "header", "text": deep}], "message")
    assert validate_blocks([{"type": "table", "rows": [[{"type": deep}]]}], "home")
    assert validate_attachments([{"color": deep}])
    (problem,) = validate_view({"type": "home", "blocks": deep})
    assert problem.code == "view_too_large"


KEYS = sorted(
    {"type", "blocks", "child_blocks", "elements", "focus_on_load"}
    | {key for table in (*BLOCKS.values(), *ELEMENTS.values()) for key in table.required}
    | {key for table in (*BLOCKS.values(), *ELEMENTS.values()) for key in table.optional}
)
TYPES = sorted({*BLOCKS, *ELEMENTS, "modal", "home", "plain_text", "mrkdwn", "raw_text", "pie"})

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(TYPES)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(value=JSON, surface=st.sampled_from(SURFACES))
def test_no_json_makes_the_validator_raise(value: object, surface: Surface) -> None:
    for problem in (
        *validate_blocks(value, surface),
        *validate_view(value),
        *validate_attachments(value),
    ):
        assert problem.pointer.startswith(("/blocks", "/view", "/attachments"))
        assert problem.to_json()["message"]


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(BLOCKS)),
    data=st.data(),
    value=JSON,
    surface=st.sampled_from(SURFACES),
)
def test_no_example_with_one_odd_value_makes_the_validator_raise(
    name: str, data: st.DataObject, value: object, surface: Surface
) -> None:
    block: object = examples.BLOCKS[name]
    pointer = ""
    while isinstance(block, dict | list) and block:
        keys = list(block) if isinstance(block, dict) else list(range(len(block)))
        key = data.draw(st.sampled_from(keys))
        pointer += f"/{key}"
        block = block[key] if not data.draw(st.booleans()) else None
    odd = bent(examples.BLOCKS[name], pointer, value)
    for problem in validate_blocks([odd, odd], surface):
        assert problem.message.endswith(f"[json-pointer:{problem.pointer}]")
