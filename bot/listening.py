"""Serves Slack until the process is told to stop, then finishes the requests under way."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from starlette.applications import Starlette

from bot.http_limits import BoundedProtocol
from bot.journeys.handlers import leaves_no_trace
from bot.languages import SOURCE, speaking
from bot.logs import logging_request
from bot.metrics import Metrics
from bot.pulse.handlers import step_use_case
from bot.runtime import Runtime

logger = logging.getLogger("attune")

GRACE_SECONDS: Final = 6
"""How long requests under way may still take. Slack waits three seconds for each."""
STOP_SECONDS: Final = 9.5
"""How long a process lives after it was told to stop: platforms kill it after 10 to 30 seconds."""
UNFINISHED: Final = "ended before everything was finished; what is due is still due"
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


def call_at_stop(call: Callable[[], None], seconds: float = STOP_SECONDS) -> None:
    """Call `call` when the process is told to stop, until the event loop is closed.

    A process that still runs `seconds` later ends as it is, with status 0.
    """

    def stop() -> None:
        call()
        end = threading.Timer(seconds, _end_at_once)
        end.daemon = True
        end.start()

    with suppress(NotImplementedError):  # Windows has no such handlers.
        for number in STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop)


def _end_at_once() -> None:
    """End a process in which a calculation or a silent database would last longer.

    No transaction waits for a calculation, and a message whose fate is unknown is looked up at the
    next start, so nothing is lost.
    """
    logger.warning(UNFINISHED)
    for child in multiprocessing.active_children():
        child.terminate()
    logging.shutdown()
    os._exit(0)


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_config(web: Starlette, **where: Any) -> uvicorn.Config:
    """Configure uvicorn with limits on what strangers may hold."""
    return uvicorn.Config(
        web,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        log_config=None,
        access_log=False,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **where,
    )


async def serve(
    web: Starlette,
    stopping: asyncio.Event,
    sockets: list[socket.socket] | None = None,
    **where: Any,
) -> None:
    """Serve until `stopping` is set, then finish the requests under way."""
    server = _Server(http_config(web, **where))

    async def stop() -> None:
        await stopping.wait()
        server.should_exit = True

    waiting = asyncio.create_task(stop())
    try:
        await server.serve(sockets)
    finally:
        waiting.cancel()


async def listen_by_http(web: Starlette, runtime: Runtime) -> None:
    """Serve until told to stop, then finish the requests under way."""
    host, port = runtime.settings.host, runtime.settings.port
    logger.info("listening on http://%s:%s", host, port)
    await serve(web, runtime.stopping, host=host, port=port)


async def listen_by_socket(app: AsyncApp, app_token: str, runtime: Runtime) -> None:
    """Listen in Socket Mode until told to stop, then finish the requests under way."""
    listener = SocketListener(app, app_token, runtime.metrics)
    await listener.connect_async()  # type: ignore[no-untyped-call] # Bolt's own
    logger.info("listening in Socket Mode")
    await runtime.stopping.wait()
    await listener.finish()
    await listener.close_async()  # type: ignore[no-untyped-call] # Bolt's own


class SocketListener(AsyncSocketModeHandler):
    """Names, times and counts the requests under way, which Bolt's handler does not."""

    def __init__(self, app: AsyncApp, app_token: str, metrics: Metrics) -> None:
        super().__init__(app, app_token)
        self._metrics = metrics
        self._under_way = 0

    async def handle(self, client: Any, req: Any) -> None:
        """Answer one request."""
        started = time.perf_counter()
        self._under_way += 1
        try:
            with self._metrics.paused(when=leaves_no_trace(req.payload)):
                # A connection's requests may share a task, so each begins as it was before.
                with logging_request(), speaking(SOURCE):
                    await super().handle(client, req)
                is_answer = step_use_case(req.payload) is not None
                self._metrics.acknowledged(time.perf_counter() - started, is_answer=is_answer)
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
