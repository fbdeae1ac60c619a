"""A token that Slack refuses: tried ever more seldom, one line for the operator, one for HR."""

from datetime import datetime, timedelta

import pytest

from bot.people import audit, roles
from bot.people.messages import reconnected
from bot.people.roles import Role
from bot.runtime import Runtime
from bot.slack.pacing import Calls
from models import Workspace
from sandbox.server import Sandbox
from scheduler.people import sync_people
from scheduler.sender import send_deliveries
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.scheduler.conftest import PEOPLE, Mail

HR = PEOPLE[0]
SPAN = {"since": NOW.isoformat(), "until": NOW.isoformat()}


class Hands:
    """The clock of a process, and jobs at its moment."""

    def __init__(self, runtime: Runtime, sandbox: Sandbox) -> None:
        self.runtime = runtime
        self.sandbox = sandbox
        self.now = NOW
        runtime.installations._clock = lambda: self.now

    async def at(self, now: datetime) -> int:
        """Do what is due; return how many calls Slack got meanwhile."""
        self.now = now
        before = len(self.sandbox.engine.log.find())
        # Pauses of the pace pass in real time; the test moves only the clock.
        for calls in Calls:
            self.runtime.pacing.of(WORKSPACE, calls)._closed_until = 0.0
        await sync_people(self.runtime, now)
        self.runtime.pacing.posts(WORKSPACE)._closed_until = 0.0
        await send_deliveries(self.runtime, now)
        return len(self.sandbox.engine.log.find()) - before


@pytest.fixture
async def hands(runtime: Runtime, sandbox: Sandbox) -> Hands:
    await sync_people(runtime, NOW)
    async with runtime.sessions.begin() as session:
        await roles.grant(session, audit.Attune(WORKSPACE), HR, Role.ADMIN, NOW)
    return Hands(runtime, sandbox)


async def test_a_refused_token_is_tried_ever_more_seldom_and_healing_is_told(
    hands: Hands, mail: Mail, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    await mail.put(PEOPLE[1], kind="notice", detail={"about": "reconnected", **SPAN})
    token = sandbox.app.bot_token
    sandbox.app.bot_token = "xoxb-another"

    tries = [minute for minute in range(180) if await hands.at(NOW + timedelta(minutes=minute))]

    assert tries == [0, 1, 2, 4, 8, 16, 32, 64, 124]
    told = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    (line,) = told
    assert line.startswith(f"Slack refuses the token of {WORKSPACE} (invalid_auth)")
    assert mail.arrived() == []

    sandbox.app.bot_token = token
    for minute in range(184, 190):
        await hands.at(NOW + timedelta(minutes=minute))

    texts = mail.arrived()
    assert len(texts) == 2
    assert reconnected(SPAN).text in texts
    rows = await mail.rows()
    assert {row.recipient for row in rows.values()} == {HR, PEOPLE[1]}
    async with hands.runtime.sessions.begin() as session:
        row = await session.get_one(Workspace, WORKSPACE)
    assert (row.token_refused_at, row.token_retry_at) == (None, None)
