"""What an operator's monitoring asks of a process: is it alive, is it ready, how does it fare."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.listening import serve
from bot.readiness import Readiness
from bot.runtime import Runtime
from bot.settings import SettingsError

logger = logging.getLogger("attune")

PAGE_SECONDS: Final = 15.0
"""How long a page of metrics is served again: a finer clock would date what people do."""

Look = Callable[[], Awaitable[None]]
"""Sets gauges just before a page is made."""


def health_routes(runtime: Runtime) -> list[Route]:
    """Return `/healthz`, which answers while the process lives, and `/readyz`: 200 or 503."""
    readiness = Readiness(runtime.sessions)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        obstacle = await readiness.obstacle()
        return JSONResponse({"status": obstacle or "ok"}, 503 if obstacle else 200)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


class _Pages:
    """Makes pages of metrics, and serves each for a while."""

    def __init__(self, runtime: Runtime, look: Look | None) -> None:
        self._runtime, self._look = runtime, look
        self._connections = runtime.metrics.gauge(
            "attune_database_connections", "Connections to the database", ("state",)
        )
        self._page, self._made_at = b"", -PAGE_SECONDS
        self._making = asyncio.Lock()

    async def metrics(self, _request: Request) -> Response:
        async with self._making:
            if time.monotonic() >= self._made_at + PAGE_SECONDS:
                await self._make()
        return Response(self._page, media_type=CONTENT_TYPE_LATEST)

    async def _make(self) -> None:
        # Before the look, which needs a connection itself.
        engine: AsyncEngine = self._runtime.sessions.kw["bind"]
        if isinstance(engine.pool, QueuePool):
            self._connections.labels("in use").set(engine.pool.checkedout())
            self._connections.labels("idle").set(engine.pool.checkedin())
        if self._look:
            await self._look()
        self._page, self._made_at = self._runtime.metrics.page(), time.monotonic()


@asynccontextmanager
async def serving_metrics(
    runtime: Runtime, port: int, setting: str, look: Look | None = None
) -> AsyncIterator[None]:
    """Serve `/metrics`, `/healthz` and `/readyz` meanwhile, on a port of their own; 0 for none.

    Raises SettingsError that names the setting if the port cannot be had.
    """
    if not port:
        yield
        return
    host = runtime.settings.metrics_host
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"{setting} cannot be listened on ({error.strerror}): set it to a free TCP port of "
            "METRICS_HOST, or to 0 for none."
        ) from None
    routes = [*health_routes(runtime), Route("/metrics", _Pages(runtime, look).metrics)]
    over = asyncio.Event()
    counting = runtime.metrics.log_handler()
    logging.getLogger().addHandler(counting)
    server = asyncio.create_task(serve(Starlette(routes=routes), over, sockets=[listener]))
    logger.info("metrics on http://%s:%s/metrics", host, port)
    try:
        yield
    finally:
        over.set()
        await server
        logging.getLogger().removeHandler(counting)
