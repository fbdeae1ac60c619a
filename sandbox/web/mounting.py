"""Puts the page onto a sandbox's server.

NiceGUI is one application per process. Each sandbox mounts it and adds itself to the requests, so
that several can run in one process, one after the other or at once in one loop.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any

from nicegui import ui
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.engine import Engine
from sandbox.render import MIME_TYPES
from sandbox.web.elements import FILES
from sandbox.web.extras import Extras
from sandbox.web.live import Web
from sandbox.web.page import show_page


def mount(app: Starlette, engine: Engine, extras: Extras | None = None) -> Web:
    """Add the page at ``/`` to an application that serves ``engine``; before it starts.

    Existing routes come first. Returns what the pages share.
    """
    web = Web(engine, extras)
    app.router.routes.append(Route(f"{FILES}/{{file_id}}", file_endpoint(engine)))
    app.router.routes.append(Mount("/", WithWeb(carrier(), web)))
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(outer_app: Any) -> AsyncIterator[Any]:
        try:
            async with running_nicegui(), outer(outer_app) as state:
                yield state
        finally:
            web.close()

    app.router.lifespan_context = lifespan
    return web


class WithWeb:
    """Tells each request which sandbox it is for."""

    def __init__(self, inner: ASGIApp, web: Web) -> None:
        self._inner = inner
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or connection."""
        scope["sandbox_web"] = self._web
        await self._inner(scope, receive, send)


@cache
def carrier() -> Starlette:
    """Return the application that carries NiceGUI; there is one for the process."""
    carrying: Any = Starlette()
    ui.page("/", title="Sandbox", response_timeout=30)(show_page)
    ui.run_with(
        carrying,
        dark=None,
        language="en-GB",
        tailwind=False,
        show_welcome_message=False,
        title="Sandbox",
        favicon="💬",
        reconnect_timeout=30,
    )
    result: Starlette = carrying
    return result


class _Running:
    """How many sandboxes use NiceGUI now, and what ends it after the last."""

    count = 0
    stack = AsyncExitStack()


@asynccontextmanager
async def running_nicegui() -> AsyncIterator[None]:
    """Start NiceGUI with the first sandbox and stop it with the last."""
    if _Running.count == 0:
        _Running.stack = AsyncExitStack()
        carrying = carrier()
        await _Running.stack.enter_async_context(carrying.router.lifespan_context(carrying))
    _Running.count += 1
    try:
        yield
    finally:
        _Running.count -= 1
        if _Running.count == 0:
            await _Running.stack.aclose()


def file_endpoint(engine: Engine) -> Any:
    """Return the endpoint that gives the page the workspace's files."""

    async def endpoint(request: Request) -> Response:
        file = engine.world.files.get(request.path_params["file_id"])
        if file is None or file.content is None:
            return PlainTextResponse("not found", 404)
        kind = MIME_TYPES.get(file.name.rpartition(".")[2].lower(), "application/octet-stream")
        # An uploaded SVG or page must not run anything when it is opened on its own.
        safe = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return Response(file.content, media_type=kind, headers=safe)

    return endpoint
