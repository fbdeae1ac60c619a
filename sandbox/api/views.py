"""views.*: modals and the Home tab."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.api.validation import checked_view
from sandbox.limits import Tier
from sandbox.render import view_json
from sandbox.state import Json, View
from sandbox.surfaces import ViewRefused, open_modal, publish_home, push_modal, update_view
from sandbox.triggers import TriggerError


@method("views.open", tier=Tier.FOUR)
def views_open(call: Call) -> Json:
    """Open a modal in answer to somebody's action."""
    return show_modal(call, push=False)


@method("views.push", tier=Tier.FOUR)
def views_push(call: Call) -> Json:
    """Lay a modal over the one that is open."""
    return show_modal(call, push=True)


def show_modal(call: Call, *, push: bool) -> Json:
    """Show a modal by a trigger. Raises ApiError; a refused view leaves the trigger usable."""
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger_id:
        raise ApiError("invalid_arguments", response_metadata={"messages": [NO_TRIGGER]})
    content = checked_view(call)
    if content["type"] != "modal":
        raise ApiError("invalid_arguments", response_metadata={"messages": [NOT_A_MODAL]})
    try:
        trigger = call.engine.triggers.check(trigger_id, call.app.id)
        show = push_modal if push else open_modal
        view = show(call.world, call.app, trigger.user_id, content)
    except (TriggerError, ViewRefused) as error:
        raise ApiError(str(error)) from error
    trigger.used = True
    return {"view": view_json(call.world, view)}


NO_TRIGGER = "[ERROR] missing required field: trigger_id"
NOT_A_MODAL = '[ERROR] must be one of "modal" [json-pointer:/view/type]'


@method("views.update", tier=Tier.FOUR)
def views_update(call: Call) -> Json:
    """Change a modal that is open, or a published Home tab."""
    view = named_view(call)
    check_hash(call, view)
    content = checked_view(call)
    if content["type"] != view.type:
        raise ApiError("invalid_arguments", response_metadata={"messages": [OTHER_TYPE]})
    try:
        update_view(call.world, view, content)
    except ViewRefused as error:
        raise ApiError(str(error)) from error
    return {"view": view_json(call.world, view)}


OTHER_TYPE = "[ERROR] must be the type that the view has [json-pointer:/view/type]"


def named_view(call: Call) -> View:
    """Return the view that a call names by id or external id. Raises ApiError."""
    if view_id := call.text("view_id"):
        view = call.world.views.get(view_id)
    elif external_id := call.text("external_id"):
        views = call.world.views.values()
        view = next((v for v in views if v.external_id == external_id), None)
    else:
        raise ApiError(
            "invalid_arguments",
            response_metadata={"messages": ["[ERROR] either view_id or external_id is needed"]},
        )
    if view is None or view.app_id != call.app.id:
        raise ApiError("not_found")
    return view


@method("views.publish", tier=Tier.FOUR)
def views_publish(call: Call) -> Json:
    """Publish somebody's Home tab."""
    user = call.user("user_id")
    content = checked_view(call)
    if content["type"] != "home":
        raise ApiError(
            "invalid_arguments",
            response_metadata={
                "messages": ['[ERROR] must be one of "home" [json-pointer:/view/type]']
            },
        )
    if published := call.world.homes.get((user.id, call.app.id)):
        check_hash(call, published)
    view = publish_home(call.world, call.app, user.id, content)
    return {"view": view_json(call.world, view)}


def check_hash(call: Call, view: View) -> None:
    """Raise hash_conflict if the app knew an older state of the view."""
    if call.text("hash") and call.text("hash") != view.hash:
        raise ApiError("hash_conflict")
