"""A scheduler without Slack, for tests of whole weeks."""

from collections.abc import AsyncIterator

import pytest

from bot.runtime import Runtime, open_runtime
from bot.settings import load_settings
from tests.conftest import NOW


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    """A scheduler's Runtime that has no need of Slack."""
    settings = load_settings(
        _env_file=None,
        slack_bot_token="xoxb-none",
        slack_signing_secret="0" * 32,
        database_url=database_url,
    )
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        yield opened
