"""The server: a Starlette application around one engine, and its start inside a running loop."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute

from sandbox.acting import (
    change_user,
    close,
    command,
    deactivate,
    forward,
    home,
    invite,
    join,
    message,
    press,
    run_step,
    submit,
    suggest,
)
from sandbox.acting.lookup import conversation, person
from sandbox.acting.uploads import upload
from sandbox.api.dispatch import WebApi
from sandbox.connection import LosableConnection
from sandbox.control import control_routes
from sandbox.endpoints import Endpoints
from sandbox.engine import Engine, Options
from sandbox.guard import Guard
from sandbox.render import messages_seen, views_of
from sandbox.state import App, Json
from sandbox.world import World

STOP_SECONDS = 2.0


def create_app(engine: Engine) -> Starlette:
    """Return the ASGI application: ``/api/``, response URLs, sockets, uploads, control."""
    endpoints = Endpoints(engine.neighbours)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await engine.close()

    answers = [
        Route(f"/{kind}/{{team}}/{{number}}/{{secret}}", endpoints.response_url, methods=["POST"])
        for kind in ("actions", "commands")
    ]
    return Starlette(
        routes=[
            Route("/api/{method}", WebApi(engine.neighbours).endpoint, methods=["GET", "POST"]),
            *answers,
            *control_routes(engine),
            WebSocketRoute("/link/", engine.sockets.serve),
            Route("/upload/v1/{key}", endpoints.upload, methods=["POST"]),
            Route("/files-pri/{key}/download/{name}", endpoints.download),
            Route("/oauth/v2/authorize", endpoints.authorize),
        ],
        middleware=[Middleware(Guard)],
        lifespan=lifespan,
    )


class Sandbox:
    """A workspace server in the running loop, on a free port of 127.0.0.1.

    ``async with Sandbox(world) as sandbox:`` starts and stops it. ``api_url`` is the base URL for
    Slack clients. The acts of people are methods; see sandbox.acting for what they take. Each
    returns an Outcome and raises CannotError. ``beside`` is a running sandbox whose server plays
    this workspace, too, over HTTP; it stops first.
    """

    def __init__(
        self,
        world: World,
        options: Options | None = None,
        *,
        port: int = 0,
        beside: "Sandbox | None" = None,
    ) -> None:
        self.world = world
        self._beside = beside
        neighbours = beside.engine.neighbours if beside else None
        engine = Engine(world, options, neighbours)
        self.engine: Engine = engine
        self.asgi = create_app(engine)
        self._port = port
        self._server: uvicorn.Server | None = None
        self.change_user = partial(change_user, engine)
        self.close = partial(close, engine)
        self.command = partial(command, engine)
        self.deactivate = partial(deactivate, engine)
        self.forward = partial(forward, engine)
        self.home = partial(home, engine)
        self.invite = partial(invite, engine)
        self.join = partial(join, engine)
        self.message = partial(message, engine)
        self.press = partial(press, engine)
        self.run_step = partial(run_step, engine)
        self.submit = partial(submit, engine)
        self.suggest = partial(suggest, engine)
        self.upload = partial(upload, engine)
        self.settled = engine.settled

    @property
    def url(self) -> str:
        """Where the server answers, without a slash at the end."""
        return self.engine.base_url

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, as SLACK_API_URL takes it."""
        return f"{self.url}/api/"

    @property
    def app(self) -> App:
        """The workspace's first app, with its tokens and secrets."""
        return self.world.app()

    def connect(self, app_url: str) -> None:
        """Tell the sandbox where the app takes events, interactions and commands."""
        self.app.events_url = app_url

    async def grant_access(self) -> None:
        """Let this workspace take part in its organisation's installation, and tell the app."""
        self.app.installed = True
        self.world.tell("access_granted")
        await self.settled()

    def messages(self, channel: str = "dm", user: str | None = None) -> list[Json]:
        """Return the messages of a conversation; with ``user``, as that person sees them."""
        if user is not None:
            acting = person(self.engine, user)
            where = conversation(self.engine, acting, channel)
            return messages_seen(self.world, where, acting.id)
        found = self.world.find_channel(channel)
        return messages_seen(self.world, found, None) if found else []

    def views(self, user: str) -> Json:
        """Return what somebody has open: modals, view (uppermost) and home."""
        return views_of(self.world, person(self.engine, user).id)

    async def start(self) -> None:
        """Start serving. Raises OSError when the port is taken."""
        if self._beside:
            self.engine.base_url = self._beside.url
            return
        listener = listening_socket(self._port)
        self.engine.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = server_of(self.asgi)
        await self._server.startup(sockets=[listener])

    async def stop(self) -> None:
        """Stop serving and end everything that goes on in the background."""
        server = self._server
        if self._beside:
            self.engine.neighbours.engines.remove(self.engine)
            await self.engine.close()
        if server is None:
            return
        self._server = None
        await self.engine.close()
        for listening in server.servers:
            listening.close()
        for connection in tuple(server.server_state.connections):
            connection.shutdown()
        state = server.server_state
        deadline = asyncio.get_running_loop().time() + STOP_SECONDS
        while state.connections and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.001)
        for task in tuple(state.tasks):
            task.cancel()
        await server.lifespan.shutdown()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


def listening_socket(port: int) -> socket.socket:
    """Return a socket on 127.0.0.1; 0 takes any free port. Raises OSError when it is taken."""
    # With the protocol named, asyncio sets TCP_NODELAY; without, each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


def server_of(asgi: Starlette) -> uvicorn.Server:
    """Return a server that only waits to be started: no signals, no logs of its own."""
    config = uvicorn.Config(
        asgi,
        http=LosableConnection,
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        date_header=False,
        server_header=False,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    return server
