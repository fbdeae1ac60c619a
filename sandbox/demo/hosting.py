"""Runs the real bot and scheduler inside the demo's process, on the sandbox's clock.

They talk to the sandbox over HTTP with signed requests. Only two things differ from a deployment:
the clock, and a sending pace for a workspace without limits.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import uvicorn
from alembic import command
from alembic.config import Config
from starlette.applications import Starlette

from bot.app import create_app
from bot.people.importing import import_people
from bot.people.pure.import_file import read_csv
from bot.runtime import Runtime, check_and_register, make_runtime
from bot.server import EVENTS_PATH, create_server
from bot.settings import load_settings
from bot.slack.client import open_http
from bot.slack.pacing import Pacing
from models.database import make_sessions
from sandbox.demo.sqlite_inline import make_inline_engine
from sandbox.server import Sandbox, listening_socket
from scheduler.schedule import SCHEDULE, Entry, run_due

ROOT = Path(__file__).resolve().parents[2]
MESSAGES_PER_MINUTE = 60_000
"""As fast as the machine can: a week passes in seconds, and the sandbox sets no limits."""


@dataclass(frozen=True)
class Hosted:
    """The bot and its scheduler, serving one sandbox."""

    runtime: Runtime
    sandbox: Sandbox

    async def do_all_that_is_due(self, now: datetime, schedule: Sequence[Entry] = SCHEDULE) -> None:
        """Run jobs until nothing is left to do at `now`."""
        await run_due(self.runtime, now, schedule)
        await self.settled()

    async def settled(self) -> None:
        """Wait for the bot's follow-up calls and the sandbox's deliveries."""
        await self.runtime.followups.finish()
        await self.sandbox.settled()

    async def import_directory(self, csv: str) -> None:
        """Take over HR's file, as `python -m bot people import` does."""
        team, rows = self.sandbox.world.team.id, read_csv(csv)
        async with self.runtime.sessions.begin() as session:
            await import_people(session, team, rows, self.runtime.clock())


@asynccontextmanager
async def hosting(sandbox: Sandbox, database: Path) -> AsyncIterator[Hosted]:
    """Create the database file and serve a started sandbox until the end."""
    settings = load_settings(
        _env_file=None,
        slack_bot_token=sandbox.app.bot_token,
        slack_signing_secret=sandbox.app.signing_secret,
        slack_app_token=None,
        slack_client_id=None,
        slack_client_secret=None,
        slack_api_url=sandbox.api_url,
        database_url=f"sqlite:///{database}",
        attune_admins="",
    )
    await asyncio.to_thread(_migrate, settings.database_url)
    engine = make_inline_engine(database)
    async with open_http() as http:
        made = make_runtime(settings, make_sessions(engine), http, sandbox.world.clock.now)
        runtime = replace(made, pacing=Pacing(MESSAGES_PER_MINUTE))
        try:
            await check_and_register(runtime)
            async with _serving(create_server(runtime, create_app(runtime))) as bot_url:
                sandbox.connect(bot_url + EVENTS_PATH)
                try:
                    yield Hosted(runtime, sandbox)
                finally:
                    runtime.stopping.set()
                    await runtime.followups.finish()
        finally:
            await engine.dispose()


def _migrate(database_url: str) -> None:
    """Bring a database to the newest revision, as `alembic upgrade head` does."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.upgrade(config, "head")


@asynccontextmanager
async def _serving(asgi: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine; yield its address."""
    listener = listening_socket(0)
    config = uvicorn.Config(asgi, log_config=None, access_log=False, ws="none", lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # `serve` would also take Ctrl-C, which is the demo's.
    await server.startup(sockets=[listener])
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await server.shutdown(sockets=[listener])
