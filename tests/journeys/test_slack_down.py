"""What people read when Slack, and not the database, is what does not answer."""

import logging
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.error_handler import (
    DISCONNECTED,
    NOT_REACHED,
    SLACK_BUSY,
    SLACK_BUSY_TO,
    SLACK_SILENT_TO,
)
from bot.people.blocks import CHANGE_HR_TEAM
from sandbox.demo.company import people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, open_stage, text_of

MAYA = people()[0].id
NOBODY = "http://127.0.0.1:1/api/"
AGAIN = "`/pulse new`"


def said(outcome: Outcome) -> str:
    assert outcome.ok, outcome.shown
    assert outcome.message
    return text_of(outcome.message)


def errors(caplog: pytest.LogCaptureFixture) -> str:
    records = [each for each in caplog.records if each.name == "bot.error_handler"]
    return "\n".join(record.getMessage() for record in records)


async def test_an_unreachable_slack_is_not_an_unreachable_database(
    any_stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    any_stage.app.client.base_url = NOBODY
    with caplog.at_level(logging.INFO):
        assert said(await any_stage.pulse(MAYA, "new")) == SLACK_SILENT_TO.format(command=AGAIN)
    assert "Slack does not answer: ClientConnectorError" in errors(caplog)
    assert "database" not in errors(caplog)


async def test_a_slack_that_keeps_silent_is_not_a_silent_database(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.sandbox.engine.faults.add(kind="delay", method="views.open", seconds=5)
    stage.runtime.http._timeout = ClientTimeout(total=0.2)
    with caplog.at_level(logging.INFO):
        assert said(await stage.pulse(MAYA, "new")) == SLACK_SILENT_TO.format(command=AGAIN)
    assert "database" not in errors(caplog)


@pytest.mark.parametrize("fault", ["429", "5xx"])
async def test_a_busy_slack_is_called_busy(stage: Stage, fault: str) -> None:
    await stage.pulse(MAYA, "admins")
    stage.sandbox.engine.faults.add(kind=fault, method="views.*")
    assert said(await stage.pulse(MAYA, "new")) == SLACK_BUSY_TO.format(command=AGAIN)
    pressed = await stage.sandbox.press(
        MAYA,
        CHANGE_HR_TEAM,
        channel="dm",
        message_ts=stage.sandbox.messages("dm", MAYA)[-2]["ts"],
    )
    assert pressed.ok
    await stage.settled()
    assert text_of(stage.last(MAYA)) == SLACK_BUSY


async def test_a_revoked_token_is_named_to_the_person_and_in_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.sandbox.app.bot_token = "xoxb-another"
    with caplog.at_level(logging.INFO):
        assert said(await stage.pulse(MAYA, "new")) == DISCONNECTED
    assert "Slack refused the token: invalid_auth" in errors(caplog)


async def test_with_all_connections_taken_people_are_told_to_try_again(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_stage(database_url, pool_seconds=0.1) as stage, AsyncExitStack() as holding:
        engine: AsyncEngine = stage.runtime.sessions.kw["bind"]
        for _ in range(engine.pool.size()):  # type: ignore[attr-defined] # a pool that queues
            await holding.enter_async_context(engine.connect())
        assert said(await stage.pulse(MAYA, "list")) == NOT_REACHED.format(command="`/pulse list`")
    assert "unexpected failure" not in errors(caplog)
