"""HTTP answers: JSON as Slack writes it, faults instead of answers, and lost connections."""

import asyncio
import json
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.faults import Faults

TRANSPORT = "sandbox.transport"


class SlackJson(JSONResponse):
    """JSON in plain ASCII, so that even half a surrogate pair from a client can be answered.

    It says what time it is, as Slack's answers do.
    """

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Set the headers."""
        super().init_headers({"Date": formatdate(usegmt=True), **(headers or {})})

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return json.dumps(content, separators=(",", ":")).encode("ascii")


def rate_limited(seconds: float) -> Response:
    """Return Slack's 429."""
    headers = {"Retry-After": str(max(1, round(seconds)))}
    return SlackJson({"ok": False, "error": "ratelimited"}, 429, headers=headers)


async def fault_instead(request: Request, faults: Faults, name: str) -> Response | None:
    """Let a fault happen instead of the call ``name``, if one does."""
    if delay := faults.strike(name, "delay"):
        await asyncio.sleep(delay.seconds)
    fault = faults.strike(name, "drop", "429", "5xx", "refuse")
    if fault is None:
        return None
    if fault.kind == "drop":
        return lose_connection(request)
    if fault.kind == "429":
        return rate_limited(fault.seconds)
    if fault.kind == "refuse":
        return SlackJson({"ok": False, "error": fault.error})
    return SlackJson({"ok": False, "error": "internal_error"}, fault.status)


class LosableConnection(H11Protocol):
    """Shows the application its own transport, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let every request of this connection know the transport."""
        super().connection_made(transport)
        application = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = transport
            await application(scope, receive, send)

        self.app = with_transport


class NoResponse(Response):
    """Cuts the connection instead of answering."""

    def __init__(self, transport: asyncio.Transport | None) -> None:
        super().__init__()
        self._transport = transport

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Cut the connection, then let the server see that nobody is there any more."""
        if self._transport is None:
            await super().__call__(scope, receive, send)
            return
        self._transport.abort()
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def lose_connection(request: Request) -> Response:
    """Return the answer that never arrives."""
    return NoResponse(request.scope.get(TRANSPORT))
