"""Which methods there are, what each of them needs, and what a call carries."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.api.errors import ApiError, invalid_arguments
from sandbox.engine import Engine
from sandbox.limits import Tier
from sandbox.state import App, Channel, Json, User
from sandbox.world import World

CallerKind = Literal["bot", "app", "none"]


@dataclass
class Call:
    """One call of a method: the caller, and the arguments as they came."""

    engine: Engine
    arguments: Json
    caller: App | None = None
    client: tuple[str, str] | None = None
    """Client id and secret of HTTP Basic authentication."""

    @property
    def world(self) -> World:
        """The world that the method reads and changes."""
        return self.engine.world

    @property
    def app(self) -> App:
        """The app that calls."""
        if self.caller is None:
            raise ApiError("not_authed")
        return self.caller

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str, error: str | None = None) -> str:
        """Return an argument that may not be empty."""
        if value := self.text(name):
            return value
        if error:
            raise ApiError(error)
        raise invalid_arguments(f"missing required field: {name}")

    def flag(self, name: str, default: bool = False) -> bool:
        """Return an argument as true or false."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """Return an argument as an integer."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from error

    def names(self, name: str) -> list[str]:
        """Return an argument given as a list or as values with commas."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def json(self, name: str, error: str) -> Any:
        """Return an argument that is JSON, as text (in a form) or already parsed."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as failure:
            raise ApiError(error) from failure

    def channel(self, name: str = "channel") -> Channel:
        """Return the conversation that an argument names and the app can see."""
        channel = self.world.channels.get(self.needed(name, "channel_not_found"))
        if channel is None:
            raise ApiError("channel_not_found")
        if channel.kind != "public_channel" and self.app.bot_user_id not in channel.members:
            raise ApiError("channel_not_found")
        return channel

    def user(self, name: str = "user", error: str = "user_not_found") -> User:
        """Return the person that an argument names."""
        user = self.world.users.get(self.text(name))
        if user is None:
            raise ApiError(error)
        return user

    def require_scope(self, scope: str) -> None:
        """Raise missing_scope unless the app has the scope."""
        if scope not in self.app.scopes:
            raise missing_scope(self.app, scope)

    def require_channel_scope(self, channel: Channel, right: str) -> None:
        """Raise missing_scope unless the app has the right for this kind of conversation."""
        self.require_scope(f"{SCOPE_OF_KIND[channel.kind]}:{right}")


SCOPE_OF_KIND = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}


def missing_scope(app: App, needed: str) -> ApiError:
    """Return the error that names the scope needed and those provided."""
    return ApiError("missing_scope", needed=needed, provided=",".join(sorted(app.scopes)))


@dataclass(frozen=True)
class Method:
    """A Web API method. Any one of ``scopes`` is enough."""

    name: str
    handle: Callable[[Call], Json]
    scopes: tuple[str, ...]
    tier: Tier
    caller: CallerKind
    for_organisation: bool = False
    """Whether an organisation's token may call it before a workspace granted access."""


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scope: str = "",
    tier: Tier = Tier.FOUR,
    caller: CallerKind = "bot",
    for_organisation: bool = False,
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Register a method.

    ``scope`` may name several with ``|``: any one of them is enough. ``caller`` says whose token
    it takes: the bot's, the app-level one, or none.
    """

    def register(handle: Callable[[Call], Json]) -> Callable[[Call], Json]:
        scopes = tuple(scope.split("|")) if scope else ()
        METHODS[name] = Method(name, handle, scopes, tier, caller, for_organisation)
        return handle

    return register


def any_channel(right: str) -> str:
    """Return the scopes of conversations.* methods; one of them is enough."""
    return "|".join(f"{kind}:{right}" for kind in SCOPE_OF_KIND.values())


def page(call: Call, items: list[Any], *, default: int = 100, most: int = 1000) -> Json:
    """Return one page of a list: ``items`` and ``next_cursor``, by limit and cursor."""
    limit = call.number("limit", default)
    if not 1 <= limit <= most:
        raise ApiError("invalid_limit")
    start = 0
    if cursor := call.text("cursor"):
        try:
            kind, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
            start = int(position)
        except (binascii.Error, ValueError) as error:
            raise ApiError("invalid_cursor") from error
        if kind != "next" or start > len(items):
            raise ApiError("invalid_cursor")
    end = start + limit
    more = end < len(items)
    return {
        "items": items[start:end],
        "next_cursor": base64.b64encode(f"next:{end}".encode()).decode() if more else "",
    }
