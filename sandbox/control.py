"""The control API: act as a person, look at the workspace, make things go wrong."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.acting import ACTS
from sandbox.acting.lookup import conversation, person
from sandbox.api.dispatch import json_object
from sandbox.api.errors import ApiError
from sandbox.arguments import bound, fits, number
from sandbox.engine import Engine
from sandbox.faults import FaultError
from sandbox.looking import messages_seen, views_of, world_json
from sandbox.outbound.sockets import REASONS
from sandbox.outcome import CannotError
from sandbox.responses import SlackJson
from sandbox.state import Json

Handler = Callable[[Request], Awaitable[Response]]

LARGEST = 1e9
LONGEST = 1e9
"""Seconds that the clock moves at once: about 30 years."""


class Control:
    """The endpoints under ``/control/``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[Route]:
        """Return all routes: one for each act, and those to look and to adjust."""
        acts = [Route(f"/{name}", self._act(name), methods=["POST"]) for name in ACTS]
        adjust = {
            "faults": self._set_faults,
            "clock": self._set_clock,
            "limits": self._set_limits,
            "disconnect": self._disconnect,
        }
        look = {
            "state": self._state,
            "messages": self._messages,
            "views": self._views,
            "calls": self._calls,
            "faults": self._faults,
        }
        return [
            *acts,
            *(Route(f"/{name}", posted(do), methods=["POST"]) for name, do in adjust.items()),
            *(Route(f"/{name}", looked(see), methods=["GET"]) for name, see in look.items()),
        ]

    def _act(self, name: str) -> Handler:
        act = ACTS[name]

        async def endpoint(body: Json) -> Json:
            arguments = bound(act, self._engine, body)
            return (await act(*arguments.args, **arguments.kwargs)).to_json()

        return posted(endpoint)

    async def _set_faults(self, body: Json) -> Json:
        """Add faults: one, or a list under ``faults``; ``clear`` and ``seed`` come first."""
        faults = self._engine.faults
        if body.pop("clear", False):
            faults.clear()
        if "seed" in body:
            seed = number(body.pop("seed"), "seed", least=0, most=LARGEST)
            faults.seed(int(seed))
        described = body.pop("faults", None) or ([body] if body else [])
        if not fits(described, list[Json]):
            raise CannotError("invalid_arguments", "faults must be a list")
        try:
            for one in described:
                faults.add(**one)
        except (FaultError, TypeError) as error:
            raise CannotError("invalid_arguments", str(error)) from error
        return {"ok": True, "faults": faults.to_json()}

    async def _set_clock(self, body: Json) -> Json:
        """Move the clock by ``advance`` seconds or to the moment ``at``."""
        clock = self._engine.world.clock
        try:
            if "at" in body:
                now = clock.move_to(datetime.fromisoformat(str(body["at"])))
            else:
                seconds = number(body.get("advance", 0), "advance", least=0, most=LONGEST)
                now = clock.advance(seconds)
        except (OverflowError, ValueError) as error:
            raise CannotError("invalid_arguments", str(error)) from error
        return {"ok": True, "now": now.isoformat()}

    async def _set_limits(self, body: Json) -> Json:
        """Set the factor on Slack's rate limits; null switches them off."""
        scale = body.get("scale")
        if scale is not None:
            scale = number(scale, "scale", least=0.001, most=LARGEST)
        self._engine.limiter.scale = scale
        self._engine.limiter.reset()
        return {"ok": True, "scale": self._engine.limiter.scale}

    async def _disconnect(self, body: Json) -> Json:
        """Send disconnect over Socket Mode, or close without a word (``abrupt``)."""
        reason = str(body.get("reason", "refresh_requested"))
        if reason not in {*REASONS, "abrupt"}:
            raise CannotError("invalid_arguments", f"reason is one of {REASONS} or abrupt")
        app_id = body.get("app_id") or self._engine.world.app().id
        if not isinstance(app_id, str):
            raise CannotError("invalid_arguments", "app_id must be a text")
        return {"ok": True, "told": await self._engine.sockets.disconnect(app_id, reason)}

    def _state(self, _request: Request) -> Json:
        return {"ok": True, **world_json(self._engine)}

    def _messages(self, request: Request) -> Json:
        query = request.query_params
        world = self._engine.world
        if "user" in query:
            user = person(self._engine, query["user"])
            channel = conversation(self._engine, user, query.get("channel", "dm"))
            seen = messages_seen(world, channel, user.id)
        else:
            found = world.find_channel(query.get("channel", ""))
            if found is None:
                raise CannotError("channel_not_found")
            channel, seen = found, messages_seen(world, found, None)
        return {"ok": True, "channel": channel.id, "messages": seen}

    def _views(self, request: Request) -> Json:
        user = person(self._engine, request.query_params.get("user", ""))
        return {"ok": True, **views_of(self._engine, user.id)}

    def _calls(self, request: Request) -> Json:
        """Show the latest ``limit`` exchanges (1,000), by method, direction or number."""
        query = request.query_params
        try:
            since, limit = int(query.get("since", 0)), int(query.get("limit", 1000))
        except ValueError as error:
            raise CannotError("invalid_arguments", "since and limit are numbers") from error
        records = self._engine.log.find(query.get("method"), query.get("direction"), since)
        latest = records[-limit:] if limit > 0 else []
        return {"ok": True, "calls": [record.to_json() for record in latest]}

    def _faults(self, _request: Request) -> Json:
        return {"ok": True, "faults": self._engine.faults.to_json()}


def posted(do: Callable[[Json], Awaitable[Json]]) -> Handler:
    """Make an endpoint of something that takes a JSON body; what can't be done answers 400."""

    async def endpoint(request: Request) -> Response:
        try:
            return SlackJson(await do(json_object(await request.body())))
        except CannotError as error:
            return refused(error)
        except ApiError as error:
            return SlackJson(error.to_json(), 400)

    return endpoint


def looked(see: Callable[[Request], Any]) -> Handler:
    """Make an endpoint of something that only looks."""

    async def endpoint(request: Request) -> Response:
        try:
            return SlackJson(see(request))
        except CannotError as error:
            return refused(error)

    return endpoint


def refused(error: CannotError) -> Response:
    """Return the answer to something that a person can't do."""
    return SlackJson({"ok": False, "error": error.code, "detail": str(error)}, 400)
