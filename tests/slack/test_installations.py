"""Which token serves which workspace, and how long a token that was replaced is believed."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings, load_settings
from bot.slack.installations import CACHED_SECONDS, Installations
from bot.slack.oauth_states import STATE_LIFE, OAuthStates
from models import Workspace
from models.database import Sessions
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world
from tests.conftest import NOW
from tests.factories import workspace

OURS, OTHER = "T0OURS", "T0OTHER"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    world = build_world({"team": {"id": OURS, "name": "Ours"}})
    async with Sandbox(world, Options(rate_limits=None)) as running:
        yield running


@pytest.fixture
def settings(sandbox: Sandbox) -> Settings:
    return load_settings(
        _env_file=None, slack_bot_token=sandbox.app.bot_token, slack_signing_secret="x"
    )


class Process:
    """What one process knows of installations; its clocks can be moved."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self.now = NOW
        self.seconds = 0.0
        self.store = Installations(sessions, settings, lambda: self.now, lambda: self.seconds)

    async def token(self, workspace_id: str) -> str | None:
        found = await self.store.find(workspace_id)
        return found.token if found else None


def installation(token: str) -> Installation:
    return Installation(
        user_id="U0BOSS", team_id=OTHER, bot_token=token, bot_id="B0", bot_user_id="U0BOT"
    )


async def test_a_reinstallation_reaches_other_processes_within_a_minute(
    sessions: Sessions, settings: Settings
) -> None:
    first, second = Process(sessions, settings), Process(sessions, settings)
    await first.store.async_save(installation("xoxb-old"))
    assert await second.token(OTHER) == "xoxb-old"
    await first.store.remove(OTHER, NOW)
    await first.store.async_save(installation("xoxb-new"))
    assert await first.token(OTHER) == "xoxb-new"
    second.seconds += CACHED_SECONDS
    assert await second.token(OTHER) == "xoxb-new"
    await first.store.remove(OTHER, NOW)
    second.seconds += CACHED_SECONDS
    assert await second.token(OTHER) is None


async def test_the_environments_token_serves_its_own_workspace_only(
    sessions: Sessions, settings: Settings, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    async with sessions.begin() as session:
        session.add(workspace(id=OTHER))
    process = Process(sessions, settings)
    client = AsyncWebClient(sandbox.app.bot_token, sandbox.api_url)
    assert await process.store.record_own_workspace(client) == OURS
    assert await process.token(OURS) == sandbox.app.bot_token
    assert await process.token(OTHER) is None
    assert f"SLACK_BOT_TOKEN is not a token of {OTHER}" in caplog.text


@pytest.mark.parametrize(("later", "is_there"), [(-1, True), (0, False), (5, False)])
async def test_a_removal_of_before_the_reinstallation_changes_nothing(
    sessions: Sessions, settings: Settings, later: int, is_there: bool
) -> None:
    process = Process(sessions, settings)
    await process.store.async_save(installation("xoxb-old"))
    process.now += timedelta(days=1)
    await process.store.async_save(installation("xoxb-new"))
    await process.store.remove(OTHER, process.now + timedelta(seconds=later))
    assert (await process.token(OTHER) == "xoxb-new") is is_there
    async with sessions.begin() as session:
        row = await session.get_one(Workspace, OTHER)
    assert (row.uninstalled_at is None) is is_there


async def test_a_refusal_of_a_token_that_was_replaced_counts_for_nothing(
    sessions: Sessions, settings: Settings
) -> None:
    process = Process(sessions, settings)
    await process.store.async_save(installation("xoxb-new"))
    await process.store.record_refusal(OTHER, "xoxb-old", "token_revoked")
    assert await process.store.find_working(OTHER)
    await process.store.record_refusal(OTHER, "xoxb-new", "token_revoked")
    assert await process.store.find_working(OTHER) is None
    assert await process.token(OTHER) == "xoxb-new"


async def test_a_state_counts_for_ten_minutes_and_only_as_it_was_issued() -> None:
    now = NOW
    states = OAuthStates("secret", lambda: now)
    state = await states.async_issue()
    assert state != await states.async_issue()
    assert await states.async_consume(state)
    assert not await OAuthStates("another", lambda: NOW).async_consume(state)
    nonce, _, signature = state.split(".")
    late = int((NOW + timedelta(days=1)).timestamp())
    for forged in (f"{nonce}.{late}.{signature}", f"x{state}", state[:-1], "", ".", "é.1.é"):
        assert not await states.async_consume(forged)
    now = NOW + STATE_LIFE
    assert not await states.async_consume(state)
