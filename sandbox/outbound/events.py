"""Turns changes of the world into events and delivers them with Slack's retries.

Source: https://docs.slack.dev/apis/events-api
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from sandbox.ids import new_id, new_secret
from sandbox.limits import EVENTS, Limiter
from sandbox.outbound.delivery import RETRY_REASONS, UNREACHABLE, Delivery, Parcel, Reply
from sandbox.render import channel_json, message_json, user_json, view_json
from sandbox.state import App, Change, Channel, Json, Message, User
from sandbox.world import World

RETRY_DELAYS = (0.0, 60.0, 300.0)
CHANNEL_TYPES = {
    "public_channel": ("channel", "message.channels"),
    "private_channel": ("group", "message.groups"),
    "im": ("im", "message.im"),
    "mpim": ("mpim", "message.mpim"),
}
PROFILE_FIELDS = {"status_text", "status_emoji", "status_expiration"}

Spawn = Callable[[Coroutine[Any, Any, Reply]], asyncio.Task[Reply]]


class RetryOptions(Protocol):
    """What the events need of the options."""

    retry_scale: float


class Events:
    """The Events API side of one workspace."""

    def __init__(
        self,
        world: World,
        delivery: Delivery,
        limiter: Limiter,
        spawn: Spawn,
        options: RetryOptions,
    ) -> None:
        self._world = world
        self._delivery = delivery
        self._limiter = limiter
        self._spawn = spawn
        self._options = options
        self._collecting: list[asyncio.Task[Reply]] | None = None
        self._limited_minutes: set[tuple[str, int]] = set()
        self._translate: dict[str, Callable[[Change], None]] = {
            "message_posted": self._message_posted,
            "message_changed": self._message_changed,
            "message_deleted": self._message_deleted,
            "user_joined": self._user_joined,
            "user_changed": self._user_changed,
            "member_joined": self._membership,
            "member_left": self._membership,
            "reaction_added": self._reaction,
            "reaction_removed": self._reaction,
            "channel_created": self._channel_created,
            "app_uninstalled": self._app_uninstalled,
        }
        world.subscribe(self._on_change)

    def _on_change(self, change: Change) -> None:
        if translate := self._translate.get(change.kind):
            translate(change)

    def publish(
        self, app: App, event: Json, subscription: str | None = None, about: User | None = None
    ) -> None:
        """Deliver an event in the background, if the app subscribed to it.

        ``about`` is the person whose workspace the event names at the top.
        """
        name = subscription or event["type"]
        if not app.installed or not app.hears(name):
            return
        event.setdefault("event_ts", self._world.stamps.next())
        self._start(app, event, name, about)

    def _start(self, app: App, event: Json, name: str, about: User | None = None) -> None:
        task = self._spawn(self.deliver(app, event, name, about))
        if self._collecting is not None:
            self._collecting.append(task)

    @contextmanager
    def collected(self) -> Iterator[list[asyncio.Task[Reply]]]:
        """Collect the deliveries that start inside, so that their replies can be awaited."""
        tasks: list[asyncio.Task[Reply]] = []
        self._collecting = tasks
        try:
            yield tasks
        finally:
            self._collecting = None

    async def deliver(self, app: App, event: Json, name: str, about: User | None = None) -> Reply:
        """Deliver an event and return the first reply; retries go on in the background."""
        if self._limiter.retry_after(EVENTS, app.id, self._world.team.id, "events"):
            await self._tell_limited(app)
            return Reply(None, None, error="app_rate_limited")
        parcel = Parcel(app, "events_api", f"event:{name}", self.envelope(app, event, about))
        if self._delivery.duplicates(parcel.name):
            await self._delivery.send(parcel)
        reply = await self._delivery.send(parcel)
        if not reply.ok and not reply.no_retry:
            self._spawn(self._retry(parcel, reply))
        return reply

    async def _retry(self, parcel: Parcel, reply: Reply) -> Reply:
        for number, delay in enumerate(RETRY_DELAYS, start=1):
            reason = RETRY_REASONS[reply.error or UNREACHABLE]
            await self._world.clock.sleep(delay * self._options.retry_scale)
            reply = await self._delivery.send(
                replace(parcel, retry_num=number, retry_reason=reason)
            )
            if reply.ok or reply.no_retry:
                break
        return reply

    async def _tell_limited(self, app: App) -> None:
        minute = self._world.epoch() // 60 * 60
        if (app.id, minute) in self._limited_minutes:
            return
        self._limited_minutes.add((app.id, minute))
        payload = {
            "token": app.verification_token,
            "type": "app_rate_limited",
            "team_id": self._world.team.id,
            "minute_rate_limited": minute,
            "api_app_id": app.id,
        }
        await self._delivery.send(Parcel(app, "events_api", "event:app_rate_limited", payload))

    def envelope(self, app: App, event: Json, about: User | None = None) -> Json:
        """Wrap an event as the app receives it.

        The workspace at the top is where it comes from: in shared channels and on Enterprise Grid
        another one than that of the installation, which ``authorizations`` names.
        https://docs.slack.dev/apis/events-api#authorizations
        """
        team = self._world.team.id
        organisation = self._world.team.enterprise_id or None
        source = (about.source or about.team_id) if about else team
        return {
            "token": app.verification_token,
            "team_id": None if source == "null" else source,
            "context_team_id": team,
            "context_enterprise_id": organisation,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": self._world.epoch(),
            "authorizations": [
                {
                    "enterprise_id": organisation,
                    "team_id": team,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{new_secret()}",
        }

    def _listeners(self, channel: Channel) -> list[App]:
        return [a for a in self._world.apps.values() if a.bot_user_id in channel.members]

    def _message_event(self, channel: Channel, event: Json) -> None:
        channel_type, subscription = CHANNEL_TYPES[channel.kind]
        for app in self._listeners(channel):
            placed = {
                "type": "message",
                "channel": channel.id,
                "channel_type": channel_type,
                "event_ts": event["ts"],
                **event,
            }
            self.publish(app, placed, subscription)

    def _message_posted(self, change: Change) -> None:
        channel, message = posted(change)
        if message.is_ephemeral:
            return
        self._message_event(channel, message_json(self._world, message))
        for app in self._listeners(channel):
            if f"<@{app.bot_user_id}>" in message.text and not channel.is_direct:
                mention = message_json(self._world, message) | {"channel": channel.id}
                self.publish(app, mention | {"type": "app_mention", "event_ts": message.ts})

    def _message_changed(self, change: Change) -> None:
        channel, message = posted(change)
        if message.is_ephemeral or change.previous is None:
            return
        event = {
            "subtype": "message_changed",
            "hidden": True,
            "message": message_json(self._world, message),
            "previous_message": message_json(self._world, change.previous),
            "ts": self._world.stamps.next(),
        }
        self._message_event(channel, event)

    def _message_deleted(self, change: Change) -> None:
        channel, message = posted(change)
        if message.is_ephemeral:
            return
        event = {
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "previous_message": message_json(self._world, message),
            "ts": self._world.stamps.next(),
        }
        self._message_event(channel, event)

    def _user_event(self, change: Change, event_type: str) -> None:
        user = self._world.users[change.user_id or ""]
        for app in self._world.apps.values():
            with_email = "users:read.email" in app.scopes
            shown = user_json(self._world, user, with_email=with_email)
            event = {"type": event_type, "user": shown, "cache_ts": user.updated}
            self.publish(app, event, about=user)

    def _user_joined(self, change: Change) -> None:
        self._user_event(change, "team_join")

    def _user_changed(self, change: Change) -> None:
        self._user_event(change, "user_change")
        changed = set(change.detail.split(","))
        named = "user_status_changed" if changed & PROFILE_FIELDS else "user_profile_changed"
        for app in self._world.apps.values():
            if app.events is not None and named in app.events:
                self._user_event(change, named)
                return

    def _membership(self, change: Change) -> None:
        channel = change.channel
        if channel is None or channel.is_direct:
            return
        event_type = f"{change.kind}_channel"
        for app in self._world.apps.values():
            if change.user_id != app.bot_user_id and app.bot_user_id not in channel.members:
                continue
            event: Json = {
                "type": event_type,
                "user": change.user_id,
                "channel": channel.id,
                "channel_type": "C" if channel.kind == "public_channel" else "G",
                "team": self._world.team.id,
            }
            if change.detail:
                event["inviter"] = change.detail
            self.publish(app, event)

    def _reaction(self, change: Change) -> None:
        channel, message = posted(change)
        for app in self._listeners(channel):
            event = {
                "type": change.kind,
                "user": change.user_id,
                "reaction": change.detail,
                "item_user": message.user,
                "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            }
            self.publish(app, event)

    def _channel_created(self, change: Change) -> None:
        channel = change.channel
        if channel is None or channel.kind != "public_channel":
            return
        for app in self._world.apps.values():
            shown = channel_json(self._world, channel, app.bot_user_id)
            self.publish(app, {"type": "channel_created", "channel": shown})

    def _app_uninstalled(self, change: Change) -> None:
        if change.app is None:
            return
        for event in (
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [change.app.bot_user_id]}},
            {"type": "app_uninstalled"},
        ):
            if change.app.hears(str(event["type"])):
                event["event_ts"] = self._world.stamps.next()
                self._start(change.app, event, str(event["type"]))

    def home_opened(self, app: App, user_id: str, channel: Channel, tab: str) -> Json:
        """Return the event that tells of somebody opening the app's Home."""
        event: Json = {
            "type": "app_home_opened",
            "user": user_id,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self._world.stamps.next(),
        }
        view = self._world.homes.get((user_id, app.id))
        if view is not None and tab == "home":
            event["view"] = view_json(self._world, view)
        return event


def posted(change: Change) -> tuple[Channel, Message]:
    """Return the conversation and message of a change that is about one."""
    if change.channel is None or change.message is None:
        raise ValueError(f"{change.kind} without a message")
    return change.channel, change.message
