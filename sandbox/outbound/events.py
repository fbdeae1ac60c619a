"""Turns changes of the world into events and delivers them with Slack's retries.

Source: https://docs.slack.dev/apis/events-api
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sandbox.ids import new_id, new_secret
from sandbox.outbound.delivery import RETRY_REASONS, UNREACHABLE, Delivery, Parcel, Reply
from sandbox.outcome import Outcome, outcome_of
from sandbox.render import message_json, user_json, view_json
from sandbox.state import Change, Channel, Json, User
from sandbox.world import World

RETRY_DELAYS = (0.0, 60.0, 300.0)
CHANNEL_TYPES = {
    "public_channel": "channel",
    "private_channel": "group",
    "im": "im",
    "mpim": "mpim",
}
SUBSCRIPTIONS = {"public_channel": "message.channels", "private_channel": "message.groups"}

OF_ORGANISATIONS = frozenset(
    {"team_join", "user_change", "dnd_updated_user", "team_access_granted"}
    | {"app_uninstalled", "tokens_revoked"}
)

Spawn = Callable[[Coroutine[Any, Any, Reply]], asyncio.Task[Reply]]


class Events:
    """The Events API of one workspace."""

    def __init__(self, world: World, delivery: Delivery, spawn: Spawn, retry_scale: float) -> None:
        """``retry_scale`` is a factor on the waits between retries."""
        self._world = world
        self._delivery = delivery
        self._spawn = spawn
        self._retry_scale = retry_scale
        self._collecting: list[asyncio.Task[Reply]] | None = None
        self._translate: dict[str, Callable[[Change], None]] = {
            "message_posted": self._message,
            "message_changed": self._message_changed,
            "message_deleted": self._message_deleted,
            "user_joined": lambda change: self._user_event(change, "team_join"),
            "user_changed": lambda change: self._user_event(change, "user_change"),
            "quiet_changed": self._quiet_changed,
            "app_uninstalled": self._app_uninstalled,
            "access_granted": self._access_granted,
        }
        world.subscribe(self._on_change)

    def _on_change(self, change: Change) -> None:
        if translate := self._translate.get(change.kind):
            translate(change)

    def publish(
        self, event: Json, subscription: str | None = None, about: User | None = None
    ) -> None:
        """Deliver an event in the background, if the app subscribed to it.

        ``about`` is the person whose workspace the event names at the top.
        """
        app = self._world.app()
        name = subscription or event["type"]
        if not app.installed or not app.hears(name):
            return
        event.setdefault("event_ts", self._world.stamps.next())
        task = self._spawn(self.deliver(event, name, about))
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

    async def acknowledged(
        self, deliveries: list[asyncio.Task[Reply]], unheard: str | None = None
    ) -> Outcome:
        """Wait for the app to acknowledge events; ``unheard`` is the note if there are none."""
        outcome = Outcome(note=unheard)
        for reply in await asyncio.gather(*deliveries):
            outcome = outcome_of(reply)
        return outcome

    async def deliver(self, event: Json, name: str, about: User | None = None) -> Reply:
        """Deliver an event and return the first reply; retries go on in the background."""
        parcel = Parcel("events_api", f"event:{name}", self._envelope(event, about))
        if self._delivery.duplicates(parcel.name):
            await self._delivery.send(parcel)
        reply = await self._delivery.send(parcel)
        if not reply.ok and not reply.no_retry:
            self._spawn(self._retry(parcel, reply))
        return reply

    async def _retry(self, parcel: Parcel, reply: Reply) -> Reply:
        for number, delay in enumerate(RETRY_DELAYS, start=1):
            reason = RETRY_REASONS[reply.error or UNREACHABLE]
            await self._world.clock.sleep(delay * self._retry_scale)
            again = replace(parcel, retry_num=number, retry_reason=reason)
            reply = await self._delivery.send(again)
            if reply.ok or reply.no_retry:
                break
        return reply

    def _envelope(self, event: Json, about: User | None) -> Json:
        """Wrap an event as the app receives it.

        The workspace at the top is where it comes from: in shared channels and on Enterprise Grid
        another one than that of the installation, which ``authorizations`` names.
        https://docs.slack.dev/apis/events-api#authorizations
        """
        app, team = self._world.app(), self._world.team
        organisation = team.enterprise_id or None
        source = (about.source or about.team_id) if about else team.id
        # An organisation's installation hears of a person once, for all of its workspaces.
        is_for_all = app.is_org_wide and event["type"] in OF_ORGANISATIONS
        return {
            "token": app.verification_token,
            "team_id": None if source == "null" or is_for_all else source,
            "context_team_id": None if is_for_all else team.id,
            "context_enterprise_id": organisation,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": self._world.epoch(),
            "authorizations": [
                {
                    "enterprise_id": organisation,
                    "team_id": None if is_for_all else team.id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": app.is_org_wide,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{new_secret()}",
        }

    def _message(self, change: Change, **more: Any) -> None:
        """Tell of a message where the app is a member; ``more`` replaces the message's fields."""
        channel, message = change.channel, change.message
        if channel is None or message is None or message.is_ephemeral:
            return
        if self._world.app().bot_user_id not in channel.members:
            return
        channel_type = CHANNEL_TYPES[channel.kind]
        placed = {"type": "message", "channel": channel.id, "channel_type": channel_type}
        event = placed | (more or message_json(self._world, message))
        event["event_ts"] = event["ts"]
        self.publish(event, SUBSCRIPTIONS.get(channel.kind, f"message.{channel_type}"))

    def _message_changed(self, change: Change) -> None:
        if change.message is None or change.previous is None:
            return
        self._message(
            change,
            subtype="message_changed",
            hidden=True,
            message=message_json(self._world, change.message),
            previous_message=message_json(self._world, change.previous),
            ts=self._world.stamps.next(),
        )

    def _message_deleted(self, change: Change) -> None:
        if change.message is None:
            return
        self._message(
            change,
            subtype="message_deleted",
            hidden=True,
            deleted_ts=change.message.ts,
            previous_message=message_json(self._world, change.message),
            ts=self._world.stamps.next(),
        )

    def _user_event(self, change: Change, event_type: str) -> None:
        user = self._world.users[change.user_id or ""]
        with_email = "users:read.email" in self._world.app().scopes
        shown = user_json(self._world, user, with_email=with_email)
        self.publish({"type": event_type, "user": shown, "cache_ts": user.updated}, about=user)

    def _quiet_changed(self, change: Change) -> None:
        """Send dnd_updated_user: https://docs.slack.dev/reference/events/dnd_updated_user."""
        user = self._world.users[change.user_id or ""]
        status = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1} | user.dnd
        self.publish({"type": "dnd_updated_user", "user": user.id, "dnd_status": status})

    def _app_uninstalled(self, _change: Change) -> None:
        bot = self._world.app().bot_user_id
        self.publish({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}})
        self.publish({"type": "app_uninstalled"})

    def _access_granted(self, _change: Change) -> None:
        self.publish({"type": "team_access_granted", "team_ids": [self._world.team.id]})

    def home_opened(self, user: User, channel: Channel, tab: str) -> None:
        """Tell the app that somebody opened its Home."""
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel.id,
            "tab": tab,
        }
        view = self._world.homes.get(user.id)
        if view is not None and tab == "home":
            event["view"] = view_json(self._world, view)
        self.publish(event, about=user)
