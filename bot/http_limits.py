"""Limits on strangers' HTTP connections, so that they never cost Slack's."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS: Final = 500
"""Well below the usual limit of 1,024 open files per process."""
ROOM: Final = MOST_CONNECTIONS // 10
"""How many connections are ended at once to make room."""
REQUEST_SECONDS: Final = 10.0
"""How long a connection may stay without a request, from its start or its last answer."""


class BoundedProtocol(H11Protocol):
    """Ends connections that send no request, the oldest first if there are too many.

    uvicorn ends only connections that are idle after an answer. Its `limit_concurrency` refuses
    everybody while strangers hold connections open.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Start waiting for a request, and make room for this connection."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self._waiting = self.loop.call_later(REQUEST_SECONDS, self._give_up)
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._waiting.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Start waiting for the next request."""
        self.since = self.loop.time()
        self._waiting.cancel()
        self._waiting = self.loop.call_later(REQUEST_SECONDS, self._give_up)
        super().on_response_complete()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def is_awaited(self) -> bool:
        """True if it has sent no complete request, as connections that strangers hold open."""
        return not self._is_answering or bool(self.cycle.more_body)

    def _give_up(self) -> None:
        if not self._is_answering:
            self.transport.abort()

    def _make_room(self) -> None:
        others: list[Any] = [
            each
            for each in self.connections
            if each is not self and not each.transport.is_closing()
        ]
        if len(others) < MOST_CONNECTIONS:
            return
        awaited = [each for each in others if each.is_awaited]
        # Slack reuses connections, so those that never brought a request go first.
        awaited.sort(key=lambda each: (each.cycle is not None, each.since))
        for oldest in awaited[:ROOM]:
            oldest.transport.abort()
