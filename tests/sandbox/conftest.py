"""A small workspace, Slack's own client, and a Bolt app over HTTP and over Socket Mode."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import load_workspace
from tests.sandbox.apps import Heard, over_http, over_socket


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A small workspace without rate limits and with fast retries."""
    async with Sandbox(load_workspace(), Options(rate_limits=None, retry_scale=0.0005)) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """Slack's own client, as the bot."""
    return AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def heard() -> Heard:
    """What the app receives."""
    return Heard()


@pytest.fixture(params=["http", "socket"])
async def bolt(
    request: pytest.FixtureRequest, sandbox: Sandbox, heard: Heard
) -> AsyncIterator[AsyncApp]:
    """The Bolt app, once over HTTP and once over Socket Mode."""
    run = over_http if request.param == "http" else over_socket
    async with run(sandbox, heard) as app:
        yield app
