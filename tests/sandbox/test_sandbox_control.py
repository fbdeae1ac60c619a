"""The control API over HTTP, as a script in another process calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.acting import __all__ as acts
from sandbox.server import Sandbox
from sandbox.state import Json

Call = Callable[..., Awaitable[Json]]


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[Call]:
    async with aiohttp.ClientSession(f"{sandbox.url}/control/") as session:

        async def call(name: str, http_method: str = "POST", /, **body: Any) -> Json:
            async with session.request(http_method, name, json=body) as response:
                answer: Json = await response.json()
                assert response.status == (400 if "detail" in answer else 200)
                return answer

        yield call


async def test_a_person_runs_a_command_and_sends_its_form(
    sandbox: Sandbox, bolt: AsyncApp, control: Call
) -> None:
    opened = await control("command", user="ada", command="/pulse", text="new", channel="dm")
    assert opened["ok"]
    assert opened["ack"]["status"] == 200
    view = opened["view"]["id"]
    assert (await control("views", "GET", user="ada"))["view"]["id"] == view

    refused = await control("submit", user="ada", view_id=view, values={})
    assert refused["error"] == "invalid_input"
    done = await control("submit", user="ada", view_id=view, values={"name": {"name": "Autumn"}})
    assert done["ok"]
    assert (await control("views", "GET", user="ada"))["modals"] == []


async def test_what_was_written_and_called_is_seen(
    sandbox: Sandbox, bolt: AsyncApp, control: Call
) -> None:
    await control("message", user="ben", channel="dm", text="hello")
    seen = await control("messages", "GET", user="ben")
    assert "hello" in [message["text"] for message in seen["messages"]]
    calls = (await control("calls", "GET", direction="to_app"))["calls"]
    assert "event:message.im" in [call["method"] for call in calls]
    later = await control("calls", "GET", since=calls[-1]["number"], direction="to_app")
    assert later["calls"] == []


async def test_a_script_moves_the_clock_and_makes_things_go_wrong(
    sandbox: Sandbox, bolt: AsyncApp, control: Call
) -> None:
    before = sandbox.world.clock.now()
    await control("clock", advance=3600)
    assert (sandbox.world.clock.now() - before).total_seconds() >= 3600
    await control("limits", scale=None)
    assert sandbox.engine.limiter.scale is None
    await control("faults", kind="5xx", method="views.open", times=1)
    assert (await control("faults", clear=True))["faults"] == []


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("command", {"user": "nobody", "command": "/pulse"}, "user_not_found"),
        ("command", {"nonsense": 1}, "invalid_arguments"),
        ("clock", {"advance": -1}, "invalid_arguments"),
        ("clock", {"at": "yesterday"}, "invalid_arguments"),
        ("faults", {"kind": "earthquake"}, "invalid_arguments"),
    ],
)
async def test_what_can_not_be_done_says_why(
    sandbox: Sandbox, control: Call, name: str, body: Json, code: str
) -> None:
    assert (await control(name, **body))["error"] == code


async def test_people_bring_the_app_into_a_channel(sandbox: Sandbox, control: Call) -> None:
    channel = sandbox.world.add_channel("quiet", "public_channel", "U0ADA")
    ada = sandbox.world.find_user("ada")
    assert ada
    channel.members[ada.id] = None
    bot = sandbox.app.bot_user_id
    assert (await control("invite", user="ada", channel="quiet", invited=bot))["ok"]
    assert bot in channel.members
    again = await control("invite", user="ada", channel="quiet", invited=bot)
    assert again["error"] == "already_in_channel"
    assert "invite" in acts
