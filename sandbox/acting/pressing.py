"""Pressing, choosing and typing in a message, a modal or the Home tab."""

from dataclasses import dataclass
from typing import Any

from sandbox.acting.lookup import (
    conversation,
    open_view,
    person,
    require_installed,
    visible_message,
)
from sandbox.elements import RULES, InputError, elements_in, state_of, typed_state
from sandbox.engine import Engine
from sandbox.outbound.payloads import message_action, view_action
from sandbox.outcome import CannotError, Outcome, outcome_of
from sandbox.render import message_json, view_json
from sandbox.state import Json, User, View


async def press(
    engine: Engine,
    user: str,
    action_id: str = "",
    *,
    channel: str | None = None,
    message_ts: str | None = None,
    view_id: str | None = None,
    block_id: str | None = None,
    value: Any = None,
    selected: Any = None,
    force: bool = False,
    action: Json | None = None,
) -> Outcome:
    """Use an element, by channel and message_ts or by view_id.

    ``value`` tells apart buttons of one action id, or is what is typed into an input;
    ``selected`` is what is chosen in a select. ``force`` sends the press even if the element is
    no longer there, as a client that shows an old message would; ``action`` is then its content.
    Raises CannotError.
    """
    acting = person(engine, user)
    wanted = Wanted(action_id, block_id, value, selected, action if force else None, force)
    if view_id is not None:
        return await press_in_view(engine, acting, open_view(engine, acting, view_id), wanted)
    if channel is None or message_ts is None:
        raise CannotError("invalid_arguments", "give channel and message_ts, or view_id")
    return await press_in_message(engine, acting, channel, message_ts, wanted)


@dataclass
class Wanted:
    """What somebody wants to press."""

    action_id: str
    block_id: str | None
    value: Any
    selected: Any
    action: Json | None
    force: bool

    def find(self, blocks: list[Json]) -> tuple[Json, Json]:
        """Return block and element, or what an old client still shows. Raises CannotError."""
        for block, element in elements_in(blocks):
            if self._is(block, element):
                return block, element
        if not self.force:
            raise CannotError("element_not_found", f"there is no {self.action_id} to press")
        block_id = self.block_id or (self.action or {}).get("block_id", "gone")
        return {"block_id": block_id}, {"type": "button", "action_id": self.action_id}

    def _is(self, block: Json, element: Json) -> bool:
        if element.get("action_id") != self.action_id:
            return False
        if self.block_id not in {None, block.get("block_id")}:
            return False
        is_button = element["type"] == "button"
        return not is_button or self.value in {None, element.get("value")}


async def press_in_message(
    engine: Engine, user: User, channel_name: str, ts: str, wanted: Wanted
) -> Outcome:
    """Press in a message."""
    world = engine.world
    channel = conversation(engine, user, channel_name)
    message = visible_message(engine, user, channel, ts)
    require_installed(engine)
    block, element = wanted.find(message.blocks)
    key = (user.id, channel.id, message.ts)
    state = state_of(message.blocks, world.message_values.get(key))
    action = chosen(engine, block, element, wanted, state)
    world.message_values[key] = state
    payload = message_action(engine, user, channel, message, action)
    reply = await engine.delivery.interact(payload)
    outcome = outcome_of(reply)
    left = world.message(channel, message.ts)
    outcome.message = message_json(world, left) if left else None
    outcome.view = view_before(engine, user)
    return outcome


async def press_in_view(engine: Engine, user: User, view: View, wanted: Wanted) -> Outcome:
    """Press in a modal or in the Home tab."""
    block, element = wanted.find(view.blocks)
    action = chosen(engine, block, element, wanted, view.values)
    if block.get("type") == "input" and not block.get("dispatch_action"):
        shown = view_json(engine.world, view)
        return Outcome(view=shown, note="filled in; nothing is sent before the submit")
    payload = view_action(engine, user, view, action)
    reply = await engine.delivery.interact(payload)
    outcome = outcome_of(reply)
    outcome.view = view_before(engine, user) or view_json(engine.world, view)
    return outcome


def view_before(engine: Engine, user: User) -> Json | None:
    """Return the uppermost modal that somebody has open."""
    stack = engine.world.stack(user.id)
    return view_json(engine.world, stack[-1]) if stack else None


def chosen(engine: Engine, block: Json, element: Json, wanted: Wanted, values: Json) -> Json:
    """Return the action of a payload, and note the choice among the state values."""
    action: Json = {
        "action_id": wanted.action_id,
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": engine.world.stamps.next(),
    }
    if wanted.action is not None:
        return action | wanted.action
    given = wanted.selected if wanted.selected is not None else wanted.value
    try:
        if element["type"] in RULES:
            state = typed_state(element, given, engine.world)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
            return action | state | fields_of(element, "placeholder")
        return action | pressed(element, given)
    except InputError as error:
        raise CannotError("invalid_value", str(error)) from error


def pressed(element: Json, given: Any) -> Json:
    """Return what a press of an element without state carries."""
    if element["type"] == "overflow":
        for option in element["options"]:
            if given in {option.get("value"), option["text"]["text"]}:
                return {"selected_option": option}
        raise InputError(f"there is no option {given}")
    return fields_of(element, "text", "value", "style", "url")


def fields_of(element: Json, *names: str) -> Json:
    """Return the named fields that an element has."""
    return {name: element[name] for name in names if name in element}
