"""Submitting and closing modals, and searching the options of an external select."""

from typing import Any

from sandbox.acting.lookup import open_view, person
from sandbox.acting.pressing import view_before
from sandbox.api.errors import ApiError
from sandbox.api.validation import check_view
from sandbox.elements import RULES, InputError, complaint, elements_in, find_element, typed_state
from sandbox.engine import Engine
from sandbox.outbound.delivery import Reply
from sandbox.outbound.payloads import block_suggestion, view_closed, view_submission
from sandbox.outcome import TROUBLE, CannotError, Outcome, outcome_of
from sandbox.render import view_json
from sandbox.state import Json, View
from sandbox.views import ViewRefused, push_modal, update_view


async def submit(
    engine: Engine, user: str, view_id: str, values: Json | None = None, *, force: bool = False
) -> Outcome:
    """Fill in a modal and submit it.

    ``values`` are plain values by action_id, or by block_id and then action_id. What Slack's
    client would hold back (an empty required field, a text too short) is answered as
    ``invalid_input`` without reaching the app, unless ``force``. Raises CannotError.
    """
    acting = person(engine, user)
    view = open_view(engine, acting, view_id)
    if view.type != "modal" or not view.content.get("submit"):
        raise CannotError("no_submit", "this view has nothing to submit")
    fill_in(engine, view, values or {})
    complaints = {} if force else complaints_about(view)
    if complaints:
        shown = view_json(engine.world, view)
        return Outcome(
            error="invalid_input",
            shown=next(iter(complaints.values())),
            errors=complaints,
            view=shown,
        )
    payload = view_submission(engine, acting, view)
    reply = await engine.delivery.interact(payload)
    outcome = respond(engine, view, reply)
    outcome.view = view_before(engine, acting)
    return outcome


def fill_in(engine: Engine, view: View, values: Json) -> None:
    """Put plain values into the state of a view. Raises CannotError."""
    for name, value in values.items():
        if isinstance(value, dict) and value and set(value) <= set(view.values.get(name, {})):
            for action_id, plain in value.items():
                fill_in_one(engine, view, action_id, name, plain)
        else:
            fill_in_one(engine, view, name, None, value)


def fill_in_one(
    engine: Engine, view: View, action_id: str, block_id: str | None, value: Any
) -> None:
    """Put one value into the state of a view."""
    found = find_element(view.blocks, action_id, block_id)
    if found is None or found[1]["type"] not in RULES:
        known = [element.get("action_id") for _, element in elements_in(view.blocks)]
        raise CannotError("unknown_field", f"there is no field {action_id}, only {known}")
    block, element = found
    try:
        state = typed_state(element, value, engine.world)
    except InputError as error:
        raise CannotError("invalid_value", f"{action_id}: {error}") from error
    view.values[block["block_id"]][action_id] = state


def complaints_about(view: View) -> dict[str, str]:
    """Return what Slack's client would say before it submits, by block id."""
    found = {}
    for block in view.blocks:
        if block["type"] != "input" or block["element"]["type"] not in RULES:
            continue
        state = view.values[block["block_id"]][block["element"]["action_id"]]
        if said := complaint(block, state):
            found[block["block_id"]] = said
    return found


def respond(engine: Engine, view: View, reply: Reply) -> Outcome:
    """Do what the app answered to a submission: close by default, or its response_action."""
    if not reply.ok:
        return outcome_of(reply)
    body = reply.body
    if not body:
        engine.world.close_view(view)
        return Outcome(reply)
    action = body.get("response_action") if isinstance(body, dict) else None
    try:
        if action == "errors":
            return show_errors(view, reply)
        if action == "clear":
            engine.world.close_all_views(view.user_id)
        elif action == "update":
            update_view(engine.world, view, given_view(engine, body))
        elif action == "push":
            push_modal(engine.world, view.user_id, given_view(engine, body))
        else:
            return Outcome(reply, "bad_response", TROUBLE, note=f"no response_action in {body!r}")
    except (ApiError, ViewRefused) as error:
        details = error.more if isinstance(error, ApiError) else ""
        return Outcome(reply, "bad_response", TROUBLE, note=f"{error} {details}".strip())
    return Outcome(reply)


def given_view(engine: Engine, body: Json) -> Json:
    """Return the view of a response. Raises ApiError."""
    content = check_view(engine.world.app(), body.get("view"))
    if content["type"] != "modal":
        raise ApiError("invalid_arguments")
    return content


def show_errors(view: View, reply: Reply) -> Outcome:
    """Show the app's errors beneath its fields; Slack takes them for input blocks only."""
    errors = reply.body.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        note = f"errors must name input blocks, which are {sorted(inputs)}; got {errors!r}"
        return Outcome(reply, "bad_response", TROUBLE, note=note)
    return Outcome(reply, "rejected", next(iter(errors.values())), errors=errors)


async def close(engine: Engine, user: str, view_id: str, *, everything: bool = False) -> Outcome:
    """Close the uppermost modal, or with ``everything`` the whole stack. Raises CannotError."""
    acting = person(engine, user)
    view = open_view(engine, acting, view_id)
    if view.type != "modal":
        raise CannotError("not_a_modal", "a Home tab can't be closed")
    everything = everything or bool(view.content.get("clear_on_close"))
    stack = engine.world.stack(acting.id)
    closing = list(reversed(stack)) if everything else [view]
    payloads = [
        view_closed(engine, acting, one, is_cleared=everything)
        for one in closing
        if one.content.get("notify_on_close")
    ]
    engine.world.close_view(closing[-1])
    outcome = Outcome(note="the app did not ask to be told")
    for payload in payloads:
        reply = await engine.delivery.interact(payload)
        outcome = outcome_of(reply)
    outcome.view = view_before(engine, acting)
    return outcome


async def suggest(engine: Engine, user: str, view_id: str, action_id: str, value: str) -> Outcome:
    """Type into a select with outside options; the app's options are in the reply."""
    acting = person(engine, user)
    view = open_view(engine, acting, view_id)
    found = find_element(view.blocks, action_id)
    if found is None or "external" not in found[1]["type"]:
        raise CannotError("element_not_found", f"{action_id} has no outside options")
    typed = {"action_id": action_id, "block_id": found[0]["block_id"], "value": value}
    payload = block_suggestion(engine, acting, view, typed)
    return outcome_of(await engine.delivery.interact(payload))
