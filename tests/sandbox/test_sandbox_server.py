"""The server itself: quick to start, quick enough, alone on its port, and from the command line."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.state import Message
from sandbox.workspace import build_world, load_workspace
from tests.sandbox.apps import QUESTION, Heard, over_http

ROOT = Path(__file__).parents[2]


async def test_starts_within_50_ms() -> None:
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        async with Sandbox(load_workspace()) as sandbox:
            taken.append(time.perf_counter() - started)
            assert sandbox.api_url.endswith("/api/")
    assert min(taken) < 0.05


async def test_two_at_once_know_nothing_of_each_other() -> None:
    world = {"users": [{"name": "ada"}]}
    async with Sandbox(build_world(world)) as one, Sandbox(build_world(world)) as other:
        assert one.url != other.url
        await one.join("ben")
        assert other.world.find_user("ben") is None


async def test_a_stopped_server_answers_no_more() -> None:
    sandbox = Sandbox(build_world())
    await sandbox.start()
    await sandbox.stop()
    await sandbox.stop()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{sandbox.url}/control/state")


async def test_a_kept_connection_answers_without_delay() -> None:
    async with Sandbox(build_world()) as sandbox, aiohttp.ClientSession() as session:
        taken = []
        for _ in range(10):
            started = time.perf_counter()
            async with session.get(f"{sandbox.api_url}api.test") as response:
                await response.json()
            taken.append(time.perf_counter() - started)
    assert sorted(taken)[5] < 0.03


async def test_five_thousand_messages() -> None:
    world = build_world({"users": [{"name": "ada"}]})
    async with Sandbox(world, Options(rate_limits=None)) as sandbox:
        sandbox.app.events = set()
        ada = world.find_user("ada")
        assert ada is not None
        channel, _ = world.direct_channel([sandbox.app.bot_user_id, ada.id])
        for number in range(5000):
            world.post(channel, Message(world.stamps.next(), channel.id, ada.id, str(number)))
        client = AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url)
        started = time.perf_counter()
        history = await client.conversations_history(channel=channel.id, limit=200)
        assert history["messages"][0]["text"] == "4999"
        for message in history["messages"][:50]:
            ts = message["ts"]
            await client.conversations_history(
                channel=channel.id, latest=ts, oldest=ts, inclusive=True, limit=1
            )
        assert time.perf_counter() - started < 5


async def test_many_presses_at_once(heard: Heard) -> None:
    async with Sandbox(load_workspace(), Options(rate_limits=None)) as sandbox:
        client = AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url)
        async with over_http(sandbox, heard):
            ben = sandbox.world.find_user("ben")
            assert ben is not None
            posted = await client.chat_postMessage(channel=ben.id, text="?", blocks=QUESTION)
            presses = [
                sandbox.press("ben", "answer_1", channel="dm", message_ts=posted["ts"])
                for _ in range(200)
            ]
            outcomes = await asyncio.gather(*presses)
    # Bolt has no listener for this button and says so with 404.
    assert {outcome.error for outcome in outcomes} == {"http_service_error"}
    assert len(heard.of_type("block_actions")) == 200


async def test_bolt_app_with_outside_options(
    sandbox: Sandbox, bolt: AsyncApp, client: AsyncWebClient
) -> None:
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    picker = {
        "type": "input",
        "block_id": "pick",
        "label": {"type": "plain_text", "text": "Pick"},
        "element": {"type": "external_select", "action_id": "pick"},
    }
    view = {
        "type": "modal",
        "callback_id": "survey",
        "title": {"type": "plain_text", "text": "Pick"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [picker],
    }
    trigger_id = sandbox.engine.triggers.issue(sandbox.app.id, ben.id)
    opened = await client.views_open(trigger_id=trigger_id, view=view)
    suggested = await sandbox.suggest("ben", opened["view"]["id"], "pick", "design")
    assert suggested.reply is not None
    (option,) = suggested.reply.body["options"]
    assert option["text"]["text"] == "Design"
    done = await sandbox.submit("ben", opened["view"]["id"], {"pick": option})
    assert done.ok


async def test_from_the_command_line() -> None:
    arguments = ["-m", "sandbox", "--port", "0", "--app-url", "http://127.0.0.1:3000"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONWARNINGS": "error"},
    )
    assert process.stdout is not None
    lines = {}
    for _ in range(5):
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        name, _, value = line.partition("=")
        lines[name] = value
    client = AsyncWebClient(lines["SLACK_BOT_TOKEN"], base_url=lines["SLACK_API_URL"])
    assert (await client.auth_test())["team"] == "Small Works"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_missing_workspace_is_said_in_one_line() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--workspace", "/nowhere.yaml"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, error = await process.communicate()
    assert process.returncode == 2
    assert error.decode().count("\n") == 1
    assert "/nowhere.yaml" in error.decode()
