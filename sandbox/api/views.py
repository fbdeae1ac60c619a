"""views.*: modals and the Home tab."""

from sandbox.api.errors import ApiError, invalid_arguments
from sandbox.api.registry import Call, method
from sandbox.api.validation import checked_view
from sandbox.grants import TriggerError
from sandbox.limits import Tier
from sandbox.render import view_json
from sandbox.state import Json, View
from sandbox.views import ViewRefused, open_modal, publish_home, push_modal, update_view


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
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise invalid_arguments(NO_TRIGGER)
    content = checked_view(call)
    if content["type"] != "modal":
        raise invalid_arguments(NOT_A_MODAL)
    try:
        trigger = call.engine.triggers.check(trigger_id)
        show = push_modal if push else open_modal
        view = show(call.world, trigger.user_id, content)
    except (TriggerError, ViewRefused) as error:
        raise ApiError(str(error)) from error
    trigger.used = True
    return {"view": view_json(call.world, view)}


NO_TRIGGER = "missing required field: trigger_id"
NOT_A_MODAL = 'must be one of "modal" [json-pointer:/view/type]'


@method("views.update", tier=Tier.FOUR)
def views_update(call: Call) -> Json:
    """Change a modal that is open, or a published Home tab."""
    view = named_view(call)
    check_hash(call, view)
    content = checked_view(call)
    if content["type"] != view.type:
        raise invalid_arguments(OTHER_TYPE)
    update_view(call.world, view, content)
    return {"view": view_json(call.world, view)}


OTHER_TYPE = "must be the type that the view has [json-pointer:/view/type]"


def named_view(call: Call) -> View:
    """Return the view that a call names by id. Raises ApiError."""
    view = call.world.views.get(call.needed("view_id"))
    if view is None:
        raise ApiError("not_found")
    return view


@method("views.publish", tier=Tier.FOUR)
def views_publish(call: Call) -> Json:
    """Publish somebody's Home tab."""
    user = call.user("user_id")
    content = checked_view(call)
    if content["type"] != "home":
        raise invalid_arguments('must be one of "home" [json-pointer:/view/type]')
    if published := call.world.homes.get(user.id):
        check_hash(call, published)
    view = publish_home(call.world, user.id, content)
    return {"view": view_json(call.world, view)}


def check_hash(call: Call, view: View) -> None:
    """Raise hash_conflict if the app knew an older state of the view."""
    if call.text("hash") and call.text("hash") != view.hash:
        raise ApiError("hash_conflict")
