"""The two servers that bench_answers compares: Attune, and the least that Bolt can do.

`python -m tests.bench.answer_servers attune|floor DATABASE_URL PORT` serves one of them as
`python -m bot` does, without anything to install or to ask of Slack.
"""

import asyncio
import re
import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import create_app
from bot.listening import freeze_startup_objects, http_config
from bot.runtime import open_runtime
from bot.server import EVENTS_PATH, create_server
from bot.settings import Settings
from models.database import normalise_url

SECRET = "bench"
FLOOR_TABLE = "CREATE TABLE floor (person VARCHAR(32), answer VARCHAR(80))"
INSERT = text("INSERT INTO floor VALUES (:person, :answer)")


def floor_engine(url: str) -> AsyncEngine:
    """Open the database with SQLAlchemy's own settings; on SQLite with one connection and WAL.

    Without these two, writers of one file fail with "database is locked".
    """
    if url.startswith("postgres"):
        return create_async_engine(normalise_url(url))
    engine = create_async_engine(normalise_url(url), pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


async def serve_floor(url: str, port: int) -> None:
    """Serve a Bolt app as its documentation writes one: verify, insert a row, acknowledge."""

    async def authorize(team_id: str) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_user_id="U0BOT", bot_token="xoxb-bench"
        )

    app = AsyncApp(
        name="floor", signing_secret=SECRET, authorize=authorize, process_before_response=True
    )
    engine = floor_engine(url)

    @app.action(re.compile("^pulse:answer:"))
    async def answered(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        async with engine.begin() as connection:
            await connection.execute(
                INSERT, {"person": body["user"]["id"], "answer": action["value"]}
            )
        await ack()

    handler = AsyncSlackRequestHandler(app)

    async def slack(request: Request) -> Response:
        return await handler.handle(request)

    await serve(Starlette(routes=[Route(EVENTS_PATH, slack, methods=["POST"])]), port)
    await engine.dispose()


async def serve_attune(url: str, port: int) -> None:
    """Serve Attune."""
    settings = Settings(database_url=url, slack_signing_secret=SECRET, slack_bot_token="xoxb-bench")
    async with open_runtime(settings) as runtime:
        await serve(create_server(runtime, create_app(runtime)), port)


async def serve(server: Starlette, port: int) -> None:
    """Listen as the bot does."""
    freeze_startup_objects()
    await uvicorn.Server(http_config(server, port=port)).serve()


if __name__ == "__main__":
    kind, database_url, listen_on = sys.argv[1:]
    asyncio.run({"attune": serve_attune, "floor": serve_floor}[kind](database_url, int(listen_on)))
