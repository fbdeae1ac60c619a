"""What people fill in becomes Slack's state values, for every element that holds one."""

from typing import Any

import pytest

from sandbox.elements import InputError, complaint, initial_state, state_of, typed_state
from sandbox.state import Json
from sandbox.workspace import load_workspace
from sandbox.world import World
from tests.sandbox.apps import input_block, options

RED, GREEN, BLUE = options("Red", "Green", "Blue")
COLOURS = {"options": [RED, GREEN, BLUE]}


@pytest.fixture(scope="module")
def world() -> World:
    return load_workspace()


@pytest.mark.parametrize(
    ("element", "plain", "key", "value"),
    [
        ({"type": "plain_text_input"}, "<b> & 😀", "value", "<b> & 😀"),
        ({"type": "plain_text_input"}, "", "value", None),
        ({"type": "number_input", "is_decimal_allowed": False}, 7, "value", "7"),
        ({"type": "static_select", **COLOURS}, "red", "selected_option", RED),
        ({"type": "static_select", **COLOURS}, "Red", "selected_option", RED),
        ({"type": "radio_buttons", **COLOURS}, GREEN, "selected_option", GREEN),
        ({"type": "checkboxes", **COLOURS}, ["red", "blue"], "selected_options", [RED, BLUE]),
        ({"type": "multi_static_select", **COLOURS}, ["red"], "selected_options", [RED]),
        ({"type": "multi_external_select"}, [RED], "selected_options", [RED]),
        ({"type": "external_select"}, RED, "selected_option", RED),
        ({"type": "datepicker"}, "2026-12-01", "selected_date", "2026-12-01"),
        ({"type": "timepicker"}, "09:30", "selected_time", "09:30"),
    ],
)
def test_plain_values(world: World, element: Json, plain: Any, key: str, value: Any) -> None:
    assert typed_state(element, plain, world) == {"type": element["type"], key: value}


@pytest.mark.parametrize(
    ("element", "plain"),
    [
        ({"type": "static_select", **COLOURS}, "pink"),
        ({"type": "users_select"}, "nobody"),
        ({"type": "channels_select"}, "nowhere"),
        ({"type": "datepicker"}, "tomorrow"),
        ({"type": "timepicker"}, "25:00"),
        ({"type": "multi_static_select", "max_selected_items": 1, **COLOURS}, ["red", "blue"]),
    ],
)
def test_values_that_nobody_could_choose(world: World, element: Json, plain: Any) -> None:
    with pytest.raises(InputError):
        typed_state(element, plain, world)


def test_buttons_hold_no_state() -> None:
    button = {"type": "button", "action_id": "b", "text": {"type": "plain_text", "text": "B"}}
    picker = {"type": "datepicker", "action_id": "d"}
    blocks: list[Json] = [
        {"type": "actions", "block_id": "a", "elements": [button, picker]},
        {"type": "section", "block_id": "s", "accessory": button},
    ]
    assert state_of(blocks) == {"a": {"d": {"type": "datepicker", "selected_date": None}}}


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3 characters"),
        ({"type": "plain_text_input"}, "x" * 3001, "at most 3000 characters"),
        ({"type": "number_input", "min_value": "5"}, "4", "at least 5"),
        ({"type": "number_input", "max_value": "5"}, "6", "at most 5"),
        ({"type": "number_input"}, "1.5", "whole number"),
        ({"type": "number_input"}, "many", "enter a number"),
        ({"type": "checkboxes", **COLOURS}, [], "required"),
        ({"type": "plain_text_input"}, None, "required"),
    ],
)
def test_what_the_client_says(world: World, element: Json, value: Any, said: str) -> None:
    block = input_block("b", element)
    complained = complaint(block, typed_state(element, value, world))
    assert complained is not None
    assert said in complained
    assert complaint(input_block("b", element, optional=True), initial_state(element)) is None
