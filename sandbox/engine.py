"""Everything that runs around one world: limits, faults, the log, and the ways to the app."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.calls import CallLog
from sandbox.faults import Faults
from sandbox.grants import ResponseUrls, Triggers
from sandbox.limits import Limiter
from sandbox.neighbours import Neighbours
from sandbox.outbound.delivery import Delivery
from sandbox.outbound.events import Events
from sandbox.outbound.sockets import Sockets
from sandbox.world import World

Result = TypeVar("Result")


@dataclass
class Options:
    """How strictly and how fast the sandbox plays Slack."""

    rate_limits: float | None = 1.0
    """Factor on Slack's rate limits; None switches them off."""
    retry_scale: float = 1.0
    """Factor on the waits between event retries (at once, 1 minute, 5 minutes)."""
    ack_timeout: float = 3.0
    """Seconds an app has to acknowledge."""
    seed: int = 0
    """Seed of the faults' chances."""


class Engine:
    """A running workspace. ``base_url`` is set once the server knows its address."""

    def __init__(
        self,
        world: World,
        options: Options | None = None,
        neighbours: Neighbours | None = None,
    ) -> None:
        self.world = world
        self.neighbours = neighbours or Neighbours()
        self.neighbours.engines.append(self)
        self.options = options or Options()
        self.base_url = ""
        self.limiter = Limiter(world.clock.monotonic, self.options.rate_limits)
        self.faults = Faults(self.options.seed)
        self.log = CallLog(world.clock.now)
        self.triggers = Triggers(world)
        self.response_urls = ResponseUrls(world)
        self.oauth_codes: dict[str, dict[str, Any]] = {}
        self.sockets = Sockets(self.faults)
        self.delivery = Delivery(
            world, self.sockets, self.faults, self.log, self.options.ack_timeout
        )
        self.events = Events(world, self.delivery, self.spawn, self.options.retry_scale)
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Let something go on in the background until it ends or the engine closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until nothing goes on in the background. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self._tasks:
                await asyncio.wait(tuple(self._tasks))

    async def close(self) -> None:
        """End what goes on in the background and all connections."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        await self.delivery.close()
