"""HTTP connections of strangers: few, short, and never at the cost of Slack's."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS: Final = 500
"""Well below the 1,024 files that a process may usually have open."""
ROOM: Final = MOST_CONNECTIONS // 10
"""How many make room at once for those that come."""
REQUEST_SECONDS: Final = 10.0
"""How long a connection may take from its beginning, or its last answer, to the next request."""


class BoundedProtocol(H11Protocol):
    """Ends a connection whose request does not come, and the oldest such where there are too many.

    uvicorn ends only connections that send nothing after an answer, and its `limit_concurrency`
    refuses everybody alike while strangers hold connections open.
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
        """Whether it has sent no whole request: such are the connections that strangers hold."""
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
        # Slack keeps a connection for its next request: those that never brought one go first.
        awaited.sort(key=lambda each: (each.cycle is not None, each.since))
        for oldest in awaited[:ROOM]:
            oldest.transport.abort()
