"""Finding who acts, and on what. Everything here raises CannotError."""

from sandbox.engine import Engine
from sandbox.outcome import CannotError
from sandbox.state import App, Channel, Message, User, View


def person(engine: Engine, reference: str) -> User:
    """Return somebody who is able to act."""
    user = engine.world.find_user(reference)
    if user is None:
        raise CannotError("user_not_found", f"there is no user {reference}")
    if user.deleted:
        raise CannotError("user_deactivated", f"{reference} is deactivated")
    return user


def writable(engine: Engine, channel: Channel) -> None:
    """Raise CannotError where the app takes no messages: there is no field to write in."""
    app = read_only_app(engine, channel)
    if app is not None:
        raise CannotError("read_only", f"Sending messages to {app.name} has been turned off.")


def read_only_app(engine: Engine, channel: Channel) -> App | None:
    """Return the app whose Messages tab this is, if people can't write there."""
    if channel.kind != "im":
        return None
    app = engine.world.app()
    return app if app.messages_read_only and app.bot_user_id in channel.members else None


def conversation(engine: Engine, user: User, reference: str) -> Channel:
    """Return a conversation that somebody is in; ``dm`` is the one with the app."""
    if reference == "dm":
        return engine.world.direct_channel([engine.world.app().bot_user_id, user.id])[0]
    channel = engine.world.find_channel(reference)
    if channel is None or user.id not in channel.members:
        raise CannotError("channel_not_found", f"{user.name} is not in {reference}")
    return channel


def visible_message(engine: Engine, user: User, channel: Channel, ts: str) -> Message:
    """Return a message that somebody sees."""
    message = engine.world.message(channel, ts)
    if message is None or message.visible_to not in {None, user.id}:
        raise CannotError("message_not_found", f"{user.name} sees no message {ts}")
    return message


def require_installed(engine: Engine) -> None:
    """Raise CannotError if the app is not installed."""
    if not engine.world.app().installed:
        raise CannotError("app_not_found", "the app is not installed here")


def open_view(engine: Engine, user: User, view_id: str) -> View:
    """Return the view in front of somebody: their Home tab or the uppermost modal."""
    require_installed(engine)
    view = engine.world.views.get(view_id)
    if view is None or view.user_id != user.id:
        raise CannotError("view_not_found", f"{user.name} has no view {view_id} open")
    stack = engine.world.stack(user.id)
    if view.type == "modal" and (not stack or stack[-1] is not view):
        raise CannotError("view_not_on_top", "another modal lies over this one")
    return view
