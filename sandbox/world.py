"""The world: everything in one workspace, with its lookups and the ways to change it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.clock import Clock
from sandbox.ids import TimeStamps, new_id
from sandbox.state import (
    App,
    Change,
    Channel,
    ChannelKind,
    Execution,
    File,
    Json,
    Message,
    Team,
    User,
    UserGroup,
    View,
)

SLACKBOT = "USLACKBOT"


class World:
    """One workspace. Every change goes through a method here and is told to the subscribers."""

    def __init__(self, team: Team, clock: Clock | None = None) -> None:
        self.team = team
        self.clock = clock or Clock()
        self.stamps = TimeStamps(self.clock)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        self.executions: dict[str, Execution] = {}
        self.views: dict[str, View] = {}
        self.modals: dict[str, list[View]] = {}
        """Open modals, lowest first, by user id."""
        self.homes: dict[str, View] = {}
        """Published Home tabs, by user id."""
        self.message_values: dict[tuple[str, str, str], Json] = {}
        """State values of messages, by (user id, channel id, ts)."""
        self._app: App | None = None
        self._direct: dict[frozenset[str], Channel] = {}
        self._subscribers: list[Callable[[Change], None]] = []
        self.clock.heard_by.append(lambda: self.tell("clock_moved"))

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back on every change; returns the function that ends it."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def tell(self, kind: str, **what: Any) -> None:
        """Tell the subscribers of a change."""
        change = Change(kind, **what)
        for callback in tuple(self._subscribers):
            callback(change)

    def epoch(self) -> int:
        """Return the workspace's time in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def find_user(self, reference: str) -> User | None:
        """Find a person by id, name, ``@name`` or e-mail."""
        if user := self.users.get(reference):
            return user
        name = reference.removeprefix("@")
        return next((u for u in self.users.values() if name in {u.name, u.email} and name), None)

    def find_channel(self, reference: str) -> Channel | None:
        """Find a conversation by id, name or ``#name``."""
        if channel := self.channels.get(reference):
            return channel
        name = reference.removeprefix("#")
        return next(
            (c for c in self.channels.values() if c.name == name and not c.is_direct and name), None
        )

    def app(self) -> App:
        """Return the workspace's app."""
        if self._app is None:
            raise LookupError("the workspace has no app")
        return self._app

    def add_app(self, app: App, bot: User) -> None:
        """Set the app and add its bot."""
        self._app = app
        self.add_user(bot)

    def app_with_token(self, token: str) -> App | None:
        """Return the app if this is one of its bot tokens or its app-level token."""
        app = self.app()
        of_step = any(each.token == token for each in self.executions.values())
        return app if of_step or app.owns(token) else None

    def add_user(self, user: User) -> None:
        """Add a person without telling the app."""
        user.updated = user.updated or self.epoch()
        self.users[user.id] = user

    def join_team(self, user: User) -> None:
        """Add a person and tell the app."""
        self.add_user(user)
        self.tell("user_joined", user_id=user.id)

    def change_user(self, user: User, **fields: Any) -> None:
        """Change a person's fields and tell the app."""
        for name, value in fields.items():
            setattr(user, name, value)
        if "dnd" in fields:
            self.tell("quiet_changed", user_id=user.id)
            return
        user.updated = self.epoch()
        self.tell("user_changed", user_id=user.id, detail=",".join(fields))

    def add_channel(
        self, name: str, kind: ChannelKind, creator: str, channel_id: str | None = None
    ) -> Channel:
        """Create a conversation."""
        prefix = {"im": "D", "mpim": "G"}.get(kind, "C")
        channel = Channel(channel_id or new_id(prefix), name, kind, self.epoch(), creator)
        self.channels[channel.id] = channel
        self.tell("channel_created", user_id=creator, channel=channel)
        return channel

    def direct_channel(self, members: list[str]) -> tuple[Channel, bool]:
        """Return the DM or group DM of these people, and whether it had to be opened."""
        key = frozenset(members)
        if channel := self._direct.get(key):
            return channel, False
        kind: ChannelKind = "im" if len(key) <= 2 else "mpim"
        names = "--".join(self.users[member].name for member in members)
        name = "" if kind == "im" else f"mpdm-{names}-1"
        channel = self.add_channel(name, kind, members[0])
        channel.members = dict.fromkeys(members)
        self._direct[key] = channel
        return channel, True

    def join_channel(self, channel: Channel, user_id: str) -> bool:
        """Add a member to a conversation; False if they already were one."""
        if user_id in channel.members:
            return False
        channel.members[user_id] = None
        self.tell("member_joined", user_id=user_id, channel=channel)
        return True

    def leave_channel(self, channel: Channel, user_id: str) -> bool:
        """Remove a member from a conversation; False if they were none."""
        if user_id not in channel.members:
            return False
        del channel.members[user_id]
        self.tell("member_left", user_id=user_id, channel=channel)
        return True

    def new_message(
        self, channel: Channel, text: str, blocks: list[Json] | None = None, **more: Any
    ) -> Message:
        """Return a message of the app, not posted yet."""
        app, ts = self.app(), self.stamps.next()
        more |= {"bot_id": app.bot_id, "app_id": app.id}
        return Message(ts, channel.id, app.bot_user_id, text, blocks or [], **more)

    def post(self, channel: Channel, message: Message) -> Message:
        """Add a message, ephemeral or not."""
        if message.is_ephemeral:
            channel.ephemerals[message.ts] = message
        else:
            channel.messages[message.ts] = message
        self.tell("message_posted", user_id=message.user, channel=channel, message=message)
        return message

    def message(self, channel: Channel, ts: str) -> Message | None:
        """Find a message, ephemeral or not."""
        return channel.messages.get(ts) or channel.ephemerals.get(ts)

    def update_message(self, channel: Channel, message: Message, **fields: Any) -> Message:
        """Change a message in place and tell what it was before."""
        previous = replace(message)
        for name, value in fields.items():
            setattr(message, name, value)
        self.tell(
            "message_changed",
            user_id=message.user,
            channel=channel,
            message=message,
            previous=previous,
        )
        return message

    def delete_message(self, channel: Channel, message: Message) -> None:
        """Remove a message."""
        channel.messages.pop(message.ts, None)
        channel.ephemerals.pop(message.ts, None)
        self.tell("message_deleted", user_id=message.user, channel=channel, message=message)

    def stack(self, user_id: str) -> list[View]:
        """Return the modals that somebody has open, lowest first."""
        return self.modals.setdefault(user_id, [])

    def close_view(self, view: View) -> None:
        """Close a modal and everything above it."""
        stack = self.stack(view.user_id)
        if view not in stack:
            return
        for above in stack[stack.index(view) :]:
            self.views.pop(above.id, None)
        del stack[stack.index(view) :]
        self.tell("view_closed", user_id=view.user_id, view=view)

    def close_all_views(self, user_id: str) -> None:
        """Close the whole stack of modals."""
        stack = self.stack(user_id)
        if stack:
            self.close_view(stack[0])

    def file_named(self, upload_key: str) -> File | None:
        """Find the file that an upload address belongs to."""
        return next((f for f in self.files.values() if f.upload_key == upload_key), None)
