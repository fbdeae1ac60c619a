"""Stages for tests that drive the real bot through the sandbox."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.stage import Stage, open_stage


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """The demo company over HTTP, on both databases."""
    async with open_stage(database_url) as stage:
        yield stage


@pytest.fixture(params=["http", "socket"])
async def any_stage(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Stage]:
    """The demo company over HTTP and over Socket Mode, on both databases."""
    async with open_stage(database_url, request.param) as stage:
        yield stage
