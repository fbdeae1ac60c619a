"""Trigger ids and response URLs, which an interaction grants for a while.

A trigger opens a view once, within three seconds. A response URL answers five times within half an
hour: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from dataclasses import dataclass
from typing import Any

from sandbox.ids import new_secret
from sandbox.world import World

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5
KEPT = 50_000
"""This many are remembered: enough to tell an expired one from an invented one."""


class TriggerError(Exception):
    """The trigger can't be used; the text is Slack's error code."""


@dataclass
class Trigger:
    """A person's action that lets the app open a view."""

    user_id: str
    issued: float
    used: bool = False


@dataclass
class ResponseUrl:
    """A way to answer in a conversation; ``message_ts`` is the message that was pressed."""

    user_id: str
    channel_id: str
    message_ts: str | None
    issued: float
    used: int = 0
    posted_ts: str | None = None
    """The latest message that was posted through it."""


class Triggers:
    """All triggers given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        """Return a fresh trigger id."""
        trigger_id = f"{self._world.epoch()}.{new_secret()}"
        self._triggers[trigger_id] = Trigger(user_id, self._world.clock.monotonic())
        forget_oldest(self._triggers)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """Return the trigger if it may be used. Raises TriggerError with Slack's code."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise TriggerError("invalid_trigger_id")
        if trigger.used:
            raise TriggerError("exchanged_trigger_id")
        if self._world.clock.monotonic() - trigger.issued > TRIGGER_SECONDS:
            raise TriggerError("expired_trigger_id")
        return trigger


class ResponseUrls:
    """All response URLs given out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, kind: str, user_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """Return the path of a fresh response URL; ``kind`` is actions or commands."""
        secret = new_secret()
        issued = self._world.clock.monotonic()
        self._urls[secret] = ResponseUrl(user_id, channel_id, message_ts, issued)
        forget_oldest(self._urls)
        return f"/{kind}/{self._world.team.id}/1/{secret}"

    def find(self, secret: str) -> tuple[ResponseUrl | None, str | None]:
        """Return the response URL, or None and Slack's code for why it can't be used."""
        url = self._urls.get(secret)
        if url is None:
            return None, "invalid_url"
        if self._world.clock.monotonic() - url.issued > RESPONSE_URL_SECONDS:
            return None, "expired_url"
        if url.used >= RESPONSE_URL_USES:
            return None, "used_url"
        return url, None


def forget_oldest(granted: dict[str, Any]) -> None:
    """Keep the number of grants within bounds."""
    if len(granted) > KEPT:
        del granted[next(iter(granted))]
