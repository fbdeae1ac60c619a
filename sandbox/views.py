"""Modals and Home tabs: opening, stacking, changing."""

from sandbox.elements import state_of
from sandbox.ids import new_id, new_secret
from sandbox.state import Json, View
from sandbox.world import World

MAX_STACK = 3


class ViewRefused(Exception):  # noqa: N818 - reads as what happened; the text is Slack's code
    """The view can't be shown; the text is Slack's error code."""


def new_hash(world: World) -> str:
    """Return the mark of one state of a view."""
    return f"{world.epoch()}.{new_secret()[:8]}"


def new_view(world: World, user_id: str, content: Json, below: View | None = None) -> View:
    """Make a view and let it be found by its id."""
    view_id = new_id("V")
    view = View(
        view_id,
        content["type"],
        user_id,
        content,
        new_hash(world),
        state_of(content["blocks"]),
        below.root_view_id if below else view_id,
        below.id if below else None,
    )
    world.views[view_id] = view
    return view


def open_modal(world: World, user_id: str, content: Json) -> View:
    """Show a modal as the only one."""
    world.close_all_views(user_id)
    view = new_view(world, user_id, content)
    world.stack(user_id).append(view)
    world.tell("view_opened", user_id=user_id, view=view)
    return view


def push_modal(world: World, user_id: str, content: Json) -> View:
    """Show a modal above the open ones. Raises ViewRefused with push_limit_reached."""
    stack = world.stack(user_id)
    if len(stack) >= MAX_STACK:
        raise ViewRefused("push_limit_reached")
    view = new_view(world, user_id, content, stack[-1] if stack else None)
    stack.append(view)
    world.tell("view_opened", user_id=user_id, view=view)
    return view


def publish_home(world: World, user_id: str, content: Json) -> View:
    """Show or change somebody's Home tab."""
    view = world.homes.get(user_id)
    if view is not None:
        return update_view(world, view, content)
    view = world.homes[user_id] = new_view(world, user_id, content)
    world.tell("view_opened", user_id=user_id, view=view)
    return view


def update_view(world: World, view: View, content: Json) -> View:
    """Change what a view shows; values stay where block and action ids stay."""
    view.content = content
    view.values = state_of(content["blocks"], view.values)
    view.hash = new_hash(world)
    world.tell("view_updated", user_id=view.user_id, view=view)
    return view
