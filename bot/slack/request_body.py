"""Reads the bodies of requests that are not verified yet."""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request

from bot.replays import RequestRefusedError
from bot.slack.requests import LARGEST_BODY

BODY_SECONDS: Final = 5.0
"""Slack sends a body at once, and waits three seconds for the answer."""
MOST_BYTES: Final = 16 * 1024 * 1024
"""Limit for all bodies in flight; the largest is dropped first, because Slack's are small."""


class Bodies:
    """Reads bodies within limits on size, time and total memory."""

    def __init__(self) -> None:
        self._reading: dict[asyncio.Timeout, int] = {}
        self._bytes = 0

    async def read(self, request: Request) -> bytes:
        """Return a request's body; raise RefusedError if it is too large or too slow."""
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS) as limit:
                try:
                    async for piece in request.stream():
                        body += piece
                        if len(body) > LARGEST_BODY:
                            raise RequestRefusedError(400, "body too large")
                        self._account(limit, len(body))
                finally:
                    self._forget(limit)
        except ClientDisconnect:
            raise RequestRefusedError(400, "the body never came whole") from None
        except TimeoutError:
            raise RequestRefusedError(408, "the body came too slowly") from None
        return bytes(body)

    def _account(self, limit: asyncio.Timeout, size: int) -> None:
        self._bytes += size - self._reading.get(limit, 0)
        self._reading[limit] = size
        if self._bytes > MOST_BYTES:
            largest = max(self._reading, key=self._reading.__getitem__)
            self._forget(largest)
            # Moves its deadline into the past.
            largest.reschedule(0)

    def _forget(self, limit: asyncio.Timeout) -> None:
        self._bytes -= self._reading.pop(limit, 0)
