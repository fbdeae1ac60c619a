"""Interactive elements: which there are, the state each holds, and how typed values become state.

Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sandbox.state import Json
from sandbox.world import World


class InputError(ValueError):
    """A value that a person could not give to this element; the text says why."""


@dataclass(frozen=True)
class StateRule:
    """Where an element keeps its value, where it starts from, and how typing fills it."""

    key: str
    initial: str
    convert: Callable[[Any, Json, World], Any]
    many: bool = False


def as_text(value: Any, _element: Json, _world: World) -> str | None:
    """Return typed text; an empty field is null."""
    return None if value is None or value == "" else str(value)


def options_of(element: Json) -> list[Json]:
    """Return all options of an element, grouped or not."""
    groups = element.get("option_groups") or []
    return [*element.get("options", []), *(o for group in groups for o in group["options"])]


def as_option(value: Any, element: Json, _world: World) -> Json | None:
    """Return the option with this value or label."""
    if value is None or value == "":
        return None
    wanted = value.get("value") if isinstance(value, dict) else str(value)
    for option in options_of(element):
        if wanted in {option.get("value"), option["text"]["text"]}:
            return option
    if "external" in element["type"]:
        text = {"type": "plain_text", "text": str(wanted), "emoji": True}
        return value if isinstance(value, dict) else {"text": text, "value": wanted}
    raise InputError(f"there is no option {wanted}")


def as_user(value: Any, _element: Json, world: World) -> str | None:
    """Return the id of a person named by id or name."""
    if not value:
        return None
    user = world.find_user(str(value))
    if user is None:
        raise InputError(f"there is no user {value}")
    return user.id


def as_channel(value: Any, _element: Json, world: World) -> str | None:
    """Return the id of a conversation named by id or name."""
    if not value:
        return None
    channel = world.find_channel(str(value))
    if channel is None:
        raise InputError(f"there is no conversation {value}")
    return channel.id


def as_date(value: Any, _element: Json, _world: World) -> str | None:
    """Return a date as YYYY-MM-DD."""
    return parsed(value, lambda text: date.fromisoformat(text).isoformat())


def as_time(value: Any, _element: Json, _world: World) -> str | None:
    """Return a time as HH:MM."""
    return parsed(value, lambda text: time.fromisoformat(text).strftime("%H:%M"))


def parsed(value: Any, parse: Callable[[str], str]) -> str | None:
    """Return a value in its form, or null. Raises InputError."""
    if not value:
        return None
    try:
        return parse(str(value))
    except ValueError as error:
        raise InputError(str(error)) from error


def as_file(value: Any, _element: Json, world: World) -> Json:
    """Return a file that somebody uploaded (`Sandbox.upload`)."""
    if not isinstance(value, dict) or value.get("id") not in world.files:
        raise InputError("there is no such file")
    return value


RULES: dict[str, StateRule] = {
    "file_input": StateRule("files", "initial_files", as_file, many=True),
    "plain_text_input": StateRule("value", "initial_value", as_text),
    "number_input": StateRule("value", "initial_value", as_text),
    "radio_buttons": StateRule("selected_option", "initial_option", as_option),
    "checkboxes": StateRule("selected_options", "initial_options", as_option, many=True),
    "datepicker": StateRule("selected_date", "initial_date", as_date),
    "timepicker": StateRule("selected_time", "initial_time", as_time),
}
for _select, _noun, _convert in (
    ("static_select", "option", as_option),
    ("external_select", "option", as_option),
    ("users_select", "user", as_user),
    ("channels_select", "channel", as_channel),
    ("conversations_select", "conversation", as_channel),
):
    RULES[_select] = StateRule(f"selected_{_noun}", f"initial_{_noun}", _convert)
    RULES[f"multi_{_select}"] = StateRule(
        f"selected_{_noun}s", f"initial_{_noun}s", _convert, many=True
    )
"""The elements that hold a value."""

STATELESS = {"button", "overflow"}


def interactive_elements(block: Json) -> list[Json]:
    """Return the elements of a block that a person can use."""
    cards = block.get("elements", []) if block["type"] == "carousel" else []
    inside = [*block.get("elements", []), *block.get("actions", [])]
    inside += [block.get("accessory"), block.get("element")]
    known = RULES.keys() | STATELESS
    own = [e for e in inside if isinstance(e, dict) and e.get("type") in known]
    return [*own, *(element for card in cards for element in interactive_elements(card))]


def elements_in(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Go through all interactive elements, each with its block."""
    for block in blocks:
        for element in interactive_elements(block):
            yield block, element


def find_element(
    blocks: list[Json], action_id: str, block_id: str | None = None
) -> tuple[Json, Json] | None:
    """Return block and element with an action id (and block id, if given)."""
    for block, element in elements_in(blocks):
        if element.get("action_id") == action_id and block_id in {None, block.get("block_id")}:
            return block, element
    return None


def initial_state(element: Json) -> Json:
    """Return the state of an element that nobody has touched."""
    rule = RULES[element["type"]]
    value = element.get(rule.initial)
    if value is None and rule.many:
        value = []
    return {"type": element["type"], rule.key: value}


def typed_state(element: Json, value: Any, world: World) -> Json:
    """Return the state of an element after somebody gave it a value. Raises InputError."""
    rule = RULES[element["type"]]
    if rule.many:
        values = value if isinstance(value, list) else [value] if value else []
        converted = [rule.convert(item, element, world) for item in values]
        most = element.get("max_selected_items")
        if most and len(converted) > most:
            raise InputError(f"choose {most} at most")
        return {"type": element["type"], rule.key: converted}
    return {"type": element["type"], rule.key: rule.convert(value, element, world)}


def state_of(blocks: list[Json], previous: Json | None = None) -> Json:
    """Return the state values of blocks: earlier ones where block and action id stayed the same."""
    values: Json = {}
    for block, element in elements_in(blocks):
        if element["type"] not in RULES:
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        kept = (previous or {}).get(block_id, {}).get(action_id)
        if kept is None or kept["type"] != element["type"]:
            kept = initial_state(element)
        values.setdefault(block_id, {})[action_id] = kept
    return values


REQUIRED = "Please complete this required field."


def complaint(block: Json, state: Json) -> str | None:
    """Return what Slack's client would say before it submits, or None."""
    element = block["element"]
    value = state[RULES[element["type"]].key]
    if not value:
        return None if block.get("optional") else REQUIRED
    if element["type"] == "plain_text_input":
        return text_complaint(element, value)
    return number_complaint(element, value) if element["type"] == "number_input" else None


def text_complaint(element: Json, value: str) -> str | None:
    """Check the length of a text."""
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def number_complaint(element: Json, value: str) -> str | None:
    """Check a number and its bounds."""
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter at most {element['max_value']}."
    return None
