"""Serves Slack until the process is told to stop, then finishes the requests under way."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from starlette.applications import Starlette

from bot.http_limits import BoundedProtocol
from bot.settings import Settings

logger = logging.getLogger("attune")

GRACE_SECONDS: Final = 6
"""How long requests under way may still take. Slack waits three seconds for each."""
LARGEST_HEAD: Final = 16 * 1024
BACKLOG: Final = 128
"""Connections accepted at once; more would open before any of them can be ended."""
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def freeze_startup_objects() -> None:
    """Exempt all objects that exist now from later garbage collections.

    A full collection looks at each object and stops all threads: with all modules loaded it takes
    150 ms and more, and every press waits that long. Modules stay loaded anyway.
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()


@contextmanager
def calling_at_stop(call: Callable[[], None]) -> Iterator[None]:
    """Call `call` when the process is told to stop, instead of ending it at once."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has no such handlers.
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, call)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """A server that does not raise the signal again after stopping, which would end the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with calling_at_stop(self._stop):
            yield

    def _stop(self) -> None:
        self.should_exit = True


def http_config(web: Starlette, **where: Any) -> uvicorn.Config:
    """Configure uvicorn with limits on what strangers may hold."""
    return uvicorn.Config(
        web,
        http=BoundedProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **where,
    )


async def listen_by_http(web: Starlette, settings: Settings) -> None:
    """Serve until told to stop, then finish the requests under way."""
    logger.info("listening on http://%s:%s", settings.host, settings.port)
    await _Server(http_config(web, host=settings.host, port=settings.port)).serve()


async def listen_by_socket(app: AsyncApp, app_token: str) -> None:
    """Listen in Socket Mode until told to stop, then finish the requests under way."""
    listener = _SocketListener(app, app_token)
    stopping = asyncio.Event()
    with calling_at_stop(stopping.set):
        await listener.connect_async()  # type: ignore[no-untyped-call] # Bolt's own
        logger.info("listening in Socket Mode")
        await stopping.wait()
        await listener.finish()
        await listener.close_async()  # type: ignore[no-untyped-call] # Bolt's own


class _SocketListener(AsyncSocketModeHandler):
    """Counts the requests under way, which Bolt's handler does not."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token)
        self._under_way = 0

    async def handle(self, client: Any, req: Any) -> None:
        """Answer one request."""
        self._under_way += 1
        try:
            await super().handle(client, req)
        finally:
            self._under_way -= 1

    async def finish(self) -> None:
        """Wait until every received request is answered."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                is_busy = True
                while is_busy:
                    # The last received message becomes a request under way meanwhile.
                    await asyncio.sleep(0.05)
                    is_busy = self._under_way > 0 or not self.client.message_queue.empty()
