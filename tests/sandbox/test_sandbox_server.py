"""The server itself: many at once, alone on its port, and from the command line."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.workspace import build_world

ROOT = Path(__file__).parents[2]


async def test_a_stopped_server_answers_no_more() -> None:
    sandbox = Sandbox(build_world())
    await sandbox.start()
    await sandbox.stop()
    await sandbox.stop()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{sandbox.api_url}auth.test")


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
    trigger_id = sandbox.engine.triggers.issue(ben.id)
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
    for _ in range(4):
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
