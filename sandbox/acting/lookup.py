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
    apps = engine.world.apps.values()
    return next(
        (a for a in apps if a.messages_read_only and a.bot_user_id in channel.members), None
    )


def conversation(engine: Engine, user: User, reference: str, app: App | None = None) -> Channel:
    """Return a conversation that somebody is in; ``dm`` is the one with the app."""
    if reference == "dm":
        bot = (app or engine.world.app()).bot_user_id
        return engine.world.direct_channel([bot, user.id])[0]
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


def app_of(engine: Engine, app_id: str | None) -> App:
    """Return an app that is installed, by default the only one."""
    app = engine.world.apps.get(app_id) if app_id else engine.world.app()
    if app is None or not app.installed:
        raise CannotError("app_not_found", "that app is not installed here")
    return app


def open_view(engine: Engine, user: User, view_id: str) -> View:
    """Return the view in front of somebody: their Home tab or the uppermost modal."""
    view = engine.world.views.get(view_id)
    if view is None or view.user_id != user.id:
        raise CannotError("view_not_found", f"{user.name} has no view {view_id} open")
    stack = engine.world.stack(user.id, view.app_id)
    if view.type == "modal" and (not stack or stack[-1] is not view):
        raise CannotError("view_not_on_top", "another modal lies over this one")
    return view
