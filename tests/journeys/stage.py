"""A whole Attune on a stage: sandbox, bot and database, over real HTTP or Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import uvicorn
from slack_bolt.app.async_app import AsyncApp
from sqlalchemy import delete
from starlette.applications import Starlette

from bot.app import create_app
from bot.listening import SocketListener, http_config
from bot.people.importing import import_people
from bot.people.pure.import_file import read_csv
from bot.runtime import Runtime, check_and_register, open_runtime
from bot.server import EVENTS_PATH, create_server
from bot.settings import load_settings
from bot.workflow_steps.definitions import STEPS
from models import Delivery
from sandbox.clock import Clock as SandboxClock
from sandbox.demo.company import TEAM_ID, directory_csv, workspace
from sandbox.engine import Options
from sandbox.outcome import Outcome
from sandbox.server import Sandbox, listening_socket
from sandbox.workspace import build_world, manifest_settings
from scheduler.people import sync_people
from scheduler.schedule import run_due
from tests.conftest import NOW, ROOT
from tests.unpaced import Unpaced

Transport = Literal["http", "socket"]
BERLIN = "Europe/Berlin"
MANIFEST = ROOT / "manifest.json"


@dataclass
class Stage:
    """What a test needs to act and to look. `now` is the bot's clock; move it with `at`."""

    sandbox: Sandbox
    app: AsyncApp
    runtime: Runtime
    url: str
    hands: dict[str, datetime] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment that bot and scheduler believe it is."""
        return self.hands["now"]

    async def at(self, now: datetime) -> None:
        """Move the clock, then do everything that is due."""
        self.hands["now"] = now
        await run_due(self.runtime, now)
        await self.settled()

    async def settled(self) -> None:
        """Wait for follow-up calls of the bot and deliveries of the sandbox."""
        await self.runtime.followups.finish()
        await self.sandbox.settled()

    async def pulse(self, user: str, text: str, channel: str = "dm") -> Outcome:
        """Run `/pulse …` as somebody."""
        return await self.sandbox.command(user, "/pulse", text, channel)

    async def compose(self, user: str) -> Outcome:
        """Run `/pulse new` as somebody, and begin with the empty form."""
        begun = await self.pulse(user, "new")
        assert begun.view, begun.shown
        return await self.sandbox.submit(user, begun.view["id"])

    def last(self, user: str) -> dict[str, Any]:
        """Return the newest message of somebody's conversation with Attune, as they see it."""
        return self.sandbox.messages("dm", user)[-1]

    async def press(self, user: str, action_id: str, **choice: Any) -> Outcome:
        """Press a button of the newest message in somebody's conversation with Attune."""
        message = self.last(user)
        outcome = await self.sandbox.press(
            user, action_id, channel="dm", message_ts=message["ts"], **choice
        )
        await self.settled()
        return outcome


def text_of(message: dict[str, Any]) -> str:
    """Join every text that a message, view or answer shows."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for name, value in node.items():
                if name != "metadata" and not isinstance(value, str):
                    walk(value)
        elif isinstance(node, list):
            for entry in node:
                walk(entry)

    walk(message)
    return "\n".join(found)


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every interactive element of a message or view, in order."""
    found: list[dict[str, Any]] = []
    for block in message["blocks"]:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return found


@asynccontextmanager
async def serving(asgi: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine; yield its address."""
    listener = listening_socket(0)
    server = uvicorn.Server(http_config(asgi))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.001)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def open_stage(
    database_url: str,
    transport: Transport = "http",
    options: Options | None = None,
    *,
    first_steps: bool = False,
    workflow_steps: bool = False,
    pool_seconds: float = 30.0,
    **app: Any,
) -> AsyncIterator[Stage]:
    """Open a stage with the demo company imported; `app` changes the sandbox's app.

    Everybody works in Berlin, so that nobody's hours hold up what a test waits for. Without
    `first_steps`, Maya has had that message long ago.
    """
    described = workspace()
    for user in described["users"]:
        user["tz"] = BERLIN
    described["app"] = {**manifest_settings(MANIFEST), "socket_mode": transport == "socket", **app}
    if workflow_steps:
        described["app"]["functions"] = STEPS
    hands = {"now": NOW}
    world = build_world(described, SandboxClock())
    # Slack waits three seconds; on a shared machine that would time the test.
    options = options or Options(rate_limits=None, retry_scale=0.001, ack_timeout=30.0)
    async with Sandbox(world, options) as sandbox:
        settings = load_settings(
            _env_file=None,
            slack_bot_token=sandbox.app.bot_token,
            slack_signing_secret=sandbox.app.signing_secret,
            slack_app_token=sandbox.app.app_token if transport == "socket" else None,
            slack_api_url=sandbox.api_url,
            database_url=database_url,
            attune_workflow_steps=workflow_steps,
        )
        opening = open_runtime(settings, clock=lambda: hands["now"], pool_seconds=pool_seconds)
        async with opening as opened:
            runtime = replace(opened, pacing=Unpaced())
            await check_and_register(runtime)
            bolt = create_app(runtime)
            async with serving(create_server(runtime, bolt)) as url:
                sandbox.connect(url + EVENTS_PATH)
                async with _socket_mode(runtime, bolt):
                    stage = Stage(sandbox, bolt, runtime, url, hands)
                    await sync_people(runtime, NOW)
                    await import_directory(runtime)
                    if not first_steps:
                        await _forget_messages(runtime)
                    yield stage
                    await stage.settled()


@asynccontextmanager
async def _socket_mode(runtime: Runtime, bolt: AsyncApp) -> AsyncIterator[None]:
    token = runtime.settings.slack_app_token
    if token is None:
        yield
        return
    handler = SocketListener(bolt, token.get_secret_value(), runtime.metrics)
    await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's own
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # Bolt's own


async def import_directory(runtime: Runtime, workspace_id: str = TEAM_ID) -> None:
    """Import HR's file into a workspace."""
    rows = read_csv(directory_csv())
    async with runtime.sessions.begin() as session:
        await import_people(session, workspace_id, rows, runtime.clock())


async def _forget_messages(runtime: Runtime) -> None:
    async with runtime.sessions.begin() as session:
        await session.execute(delete(Delivery))


def sqlite_url(folder: Path) -> str:
    """Name a database file in a test's own folder."""
    return f"sqlite:///{folder / 'attune.sqlite3'}"
