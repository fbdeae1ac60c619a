"""Jobs take turns with Slack: one rate limit stops a workspace, and no other."""

import ast
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from models import CoffeeGroup, Workspace
from sandbox.server import Sandbox
from scheduler.mentoring import introduce_coffees
from scheduler.paced_client import PacedClient, SlackBusyError, paced_client
from scheduler.people import sync_people
from scheduler.pulse import open_waves
from scheduler.sweeps import run_workspaces_side_by_side
from tests.conftest import NOW, ROOT
from tests.factories import WORKSPACE
from tests.scheduler.conftest import CHANNEL, PEOPLE, Mail
from tests.scheduler.test_jobs import due_survey, store

Job = Callable[[Runtime, datetime], Awaitable[int]]


async def groups(runtime: Runtime) -> None:
    await store(
        runtime,
        *(
            CoffeeGroup(
                workspace_id=WORKSPACE,
                round_id="round",
                people=[PEOPLE[number], PEOPLE[number + 1]],
                made_at=NOW,
            )
            for number in range(12)
        ),
    )


async def surveys_of_a_channel(runtime: Runtime) -> None:
    for number in range(3):
        name = f"Survey {number}"
        await store(runtime, due_survey(audience="channel", audience_ref=CHANNEL, name=name))


async def nothing(_runtime: Runtime) -> None:
    """A workspace is to be synced from its start."""


@pytest.mark.parametrize(
    ("prepare", "job", "method"),
    [
        (groups, introduce_coffees, "conversations.open"),
        (surveys_of_a_channel, open_waves, "conversations.members"),
        (nothing, sync_people, "users.list"),
    ],
)
async def test_a_rate_limit_stops_a_job_for_its_workspace_until_retry_after(
    runtime: Runtime,
    mail: Mail,
    sandbox: Sandbox,
    prepare: Callable[[Runtime], Awaitable[None]],
    job: Job,
    method: str,
) -> None:
    if job is not sync_people:
        await sync_people(runtime, NOW)
    await prepare(runtime)
    sandbox.engine.faults.add(kind="429", method=method, seconds=30)
    before = len(sandbox.engine.log.find(method))
    assert await job(runtime, NOW) == 0
    assert await job(runtime, NOW) == 0
    assert len(sandbox.engine.log.find(method)) == before + 1
    assert not await mail.rows(), "nobody is told that Slack is busy"

    sandbox.engine.faults.clear()
    for pacer in runtime.pacing._pacers.values():
        pacer._paused_until = 0.0
        pacer.rate = 1000.0
    assert await job(runtime, NOW) > 0


async def test_one_workspace_that_is_limited_stops_no_other(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    other = Workspace(
        id="T0OTHER",
        name="Other",
        bot_user_id="U0OTHER",
        bot_token=sandbox.app.bot_token,
        installed_at=NOW,
        tz="UTC",
        min_group_size=5,
    )
    await store(runtime, other)
    runtime.pacing.lookups(WORKSPACE).limited(30, 10.0**9)
    opened: list[str] = []

    async def open_one(unit: tuple[str, int]) -> int:
        client = await paced_client(runtime, unit[0])
        assert client
        await client.conversations_open(users=[PEOPLE[unit[1]]])
        opened.append(unit[0])
        return 1

    units = [(id_, number) for number in range(3) for id_ in (WORKSPACE, "T0OTHER")]
    assert await run_workspaces_side_by_side(runtime, "opening", units, open_one) == 3
    assert set(opened) == {"T0OTHER"}


async def test_a_refused_token_is_left_alone_for_longer_each_time(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    client = PacedClient(runtime, WORKSPACE, "xoxb-revoked")
    pacer = runtime.pacing.lookups(WORKSPACE)
    for calls in range(1, 4):
        with pytest.raises(Exception, match="invalid_auth"):
            await client.conversations_open(users=[PEOPLE[0]])
        with pytest.raises(SlackBusyError):
            await client.conversations_open(users=[PEOPLE[0]])
        assert len(sandbox.engine.log.find("conversations.open")) == calls
        pacer._closed_until = 0.0
    assert pacer.closings == 3


async def test_a_new_survey_of_a_limited_workspace_opens_when_slack_allows_it(
    runtime: Runtime, sandbox: Sandbox
) -> None:
    await sync_people(runtime, NOW)
    await surveys_of_a_channel(runtime)
    sandbox.engine.faults.add(kind="429", method="conversations.members", seconds=1, times=1)
    assert await open_waves(runtime, NOW) == 0
    assert await open_waves(runtime, NOW + timedelta(seconds=1)) == 3


def test_no_job_has_a_client_that_takes_no_turns() -> None:
    """The sender paces its calls by itself: each also waits for its channel.

    Few calls keep installations working, and they belong to no workspace.
    """
    made = {
        path.name
        for path in (ROOT / "scheduler").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _name(node.func) in ("make_client", "AsyncWebClient")
    }
    assert made == {"sender.py", "installations.py"}


def _name(node: Any) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))
