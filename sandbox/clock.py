"""The workspace's clock, which a demo or a test may move forward."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Tells the time of the workspace.

    Two readings: ``now`` (what time stamps show; may come from the caller) and ``monotonic``
    (what runs out: rate windows, triggers, response URLs). Moving the clock moves both.
    """

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._shift = timedelta(0)
        self._moved = asyncio.Event()
        self.heard_by: list[Callable[[], None]] = []
        """Called after each move of the clock."""

    def now(self) -> datetime:
        """Return the workspace's time, aware, in UTC."""
        return self._now() + self._shift

    def monotonic(self) -> float:
        """Return seconds that only grow, moved together with the clock."""
        return time.monotonic() + self._shift.total_seconds()

    def advance(self, seconds: float) -> datetime:
        """Move forward and return the new time. Raises ValueError for a move backwards."""
        if seconds < 0:
            raise ValueError("the clock moves forward only: time stamps must stay in order")
        self._shift += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()
        for hear in tuple(self.heard_by):
            hear()
        return self.now()

    def move_to(self, at: datetime) -> datetime:
        """Move forward to a moment. Raises ValueError when it lies in the past or has no zone."""
        if at.tzinfo is None:
            raise ValueError("give the moment with its zone, for example 2026-12-01T09:00Z")
        return self.advance((at - self.now()).total_seconds())

    async def sleep(self, seconds: float) -> None:
        """Wait until that much of the workspace's time has passed."""
        deadline = self.monotonic() + seconds
        while (left := deadline - self.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._moved.wait(), left)
            except TimeoutError:
                return
