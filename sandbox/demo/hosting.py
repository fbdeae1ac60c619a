"""Runs the real bot and scheduler inside the demo's process, on the sandbox's clock.

They talk to the sandbox over HTTP with signed requests, as everywhere. The clock that both are
given is all that differs from a deployment, besides a sending pace of a workspace without limits.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import uvicorn
from alembic import command
from alembic.config import Config
from starlette.applications import Starlette

from bot.app import create_app
from bot.clock import Clock
from bot.people.pure.import_file import read_csv
from bot.people.service import import_people
from bot.runtime import Runtime, check_and_register, make_runtime
from bot.server import EVENTS_PATH, create_server
from bot.settings import Settings, load_settings
from bot.slack.client import open_http
from bot.slack.pacing import Pacing
from models.database import make_sessions
from sandbox.demo.sqlite_inline import make_inline_engine
from sandbox.server import Sandbox, listening_socket
from scheduler.schedule import run_due

ROOT = Path(__file__).resolve().parents[2]
MESSAGES_PER_MINUTE = 60_000
"""As fast as the machine can: a week shall pass in seconds, and the sandbox sets no limits."""


@dataclass(frozen=True)
class Hosted:
    """The bot and its scheduler, serving one sandbox."""

    runtime: Runtime
    sandbox: Sandbox
    bot_url: str

    async def do_all_that_is_due(self, now: datetime) -> None:
        """Run all jobs until nothing is left to do at `now`."""
        await run_due(self.runtime, now)
        await self.settled()

    async def settled(self) -> None:
        """Wait for the bot's follow-up calls and the sandbox's deliveries."""
        await self.runtime.followups.finish()
        await self.sandbox.settled()

    async def import_directory(self, csv: str) -> None:
        """Take over HR's file, as `python -m bot people import` does."""
        async with self.runtime.sessions.begin() as session:
            await import_people(
                session, self.sandbox.world.team.id, read_csv(csv), self.runtime.clock()
            )


@asynccontextmanager
async def hosting(sandbox: Sandbox, database: Path) -> AsyncIterator[Hosted]:
    """Migrate the database file and serve a started sandbox until the end."""
    settings = settings_for(sandbox, f"sqlite:///{database}")
    await asyncio.to_thread(migrate, settings.database_url)
    async with open_demo_runtime(settings, sandbox.world.clock.now, database) as runtime:
        await check_and_register(runtime)
        async with serving(create_server(runtime, create_app(runtime))) as bot_url:
            sandbox.connect(bot_url + EVENTS_PATH)
            hosted = Hosted(runtime, sandbox, bot_url)
            try:
                yield hosted
            finally:
                runtime.stopping.set()
                await runtime.followups.finish()


@asynccontextmanager
async def open_demo_runtime(
    settings: Settings, clock: Clock, database: Path
) -> AsyncIterator[Runtime]:
    """Open what bot and scheduler work with, on the demo's clock and at the demo's pace."""
    engine = make_inline_engine(database)
    async with open_http() as http:
        runtime = make_runtime(settings, make_sessions(engine), http, clock)
        try:
            yield replace(runtime, pacing=Pacing(MESSAGES_PER_MINUTE))
        finally:
            await engine.dispose()


def settings_for(sandbox: Sandbox, database_url: str) -> Settings:
    """Return what a deployment would have in `.env`, whatever this machine's environment says."""
    return load_settings(
        _env_file=None,
        slack_bot_token=sandbox.app.bot_token,
        slack_signing_secret=sandbox.app.signing_secret,
        slack_app_token=None,
        slack_client_id=None,
        slack_client_secret=None,
        slack_api_url=sandbox.api_url,
        database_url=database_url,
        attune_admins="",
    )


def migrate(database_url: str) -> None:
    """Bring a database to the newest revision, as `alembic upgrade head` does."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.upgrade(config, "head")


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to the demo."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield


@asynccontextmanager
async def serving(asgi: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine; yield its address."""
    listener = listening_socket(0)
    config = uvicorn.Config(asgi, log_config=None, access_log=False, ws="none", lifespan="off")
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.001)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
