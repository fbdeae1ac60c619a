"""Losing a connection on purpose, and the HTTP protocol class that makes it possible."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "sandbox.transport"


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
