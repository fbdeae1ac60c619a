"""A real web process that is told to stop finishes the presses it has begun, and its follow-ups."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import actions, button
from bot.server import EVENTS_PATH
from sandbox.faults import Fault
from tests.conftest import HANGS, ROOT
from tests.journeys.stage import Stage, text_of

PEOPLE = ("amara", "kofi", "arjun", "lena", "noor")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def process(stage: Stage, transport: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start `python -m bot` in the place of the stage's own bot, and wait until it listens."""
    app, port = stage.sandbox.app, free_port()
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": stage.runtime.settings.database_url,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "SLACK_APP_TOKEN": app.app_token if transport == "socket" else "",
            "SLACK_API_URL": stage.runtime.settings.slack_api_url,
            "PORT": str(port),
        },
        stderr=asyncio.subprocess.PIPE,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(HANGS):
            if transport == "socket":
                app.socket_mode = True
                while not stage.sandbox.engine.sockets.connections(app.id):
                    await asyncio.sleep(0.05)
            else:
                stage.sandbox.connect(url + EVENTS_PATH)
                while not await listens(url):
                    await asyncio.sleep(0.05)
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.communicate()


async def listens(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as http, http.get(f"{url}/health") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def happened(fault: Fault, times: int) -> None:
    async with asyncio.timeout(HANGS):
        while fault.happened < times:
            await asyncio.sleep(0.01)


async def ended(started: asyncio.subprocess.Process) -> tuple[int | None, str]:
    _, log = await asyncio.wait_for(started.communicate(), HANGS)
    return started.returncode, log.decode()


def slow(stage: Stage, method: str) -> Fault:
    stage.sandbox.engine.faults.add(kind="delay", method=method, seconds=1)
    return stage.sandbox.engine.faults.rules[-1]


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_presses_under_way_are_finished(stage: Stage, transport: str) -> None:
    async with process(stage, transport) as started:
        delay = slow(stage, "views.open")
        presses = [
            asyncio.create_task(stage.sandbox.command(person, "/mentor", "")) for person in PEOPLE
        ]
        await happened(delay, len(PEOPLE))
        started.send_signal(signal.SIGTERM)
        for outcome in await asyncio.gather(*presses):
            assert outcome.ok, outcome.shown
            assert outcome.view
        status, log = await ended(started)
    assert status == 0, log
    assert "ERROR" not in log


@pytest.mark.parametrize("transport", ["http", "socket"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_follows_an_answer_is_finished(stage: Stage, transport: str) -> None:
    client = AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url)
    person = stage.sandbox.world.find_user("amara")
    assert person
    posted = await client.chat_postMessage(
        channel=person.id, text="x", blocks=[actions([button("Gone", "of:an:older:release")])]
    )
    async with process(stage, transport) as started:
        delay = slow(stage, "response_url")
        pressed = await stage.sandbox.press(
            "amara", "of:an:older:release", channel="dm", message_ts=posted["ts"]
        )
        assert pressed.ok
        await happened(delay, 1)
        started.send_signal(signal.SIGTERM)
        status, log = await ended(started)
    assert status == 0, log
    assert "older message" in text_of(stage.last("amara"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_strangers_unfinished_body_keeps_no_process_alive(stage: Stage) -> None:
    async with process(stage, "http") as started:
        host, port = stage.sandbox.app.events_url.removeprefix("http://").split("/")[0].split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {EVENTS_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\ntoken="
        writer.write(head.encode())
        await writer.drain()
        assert (await stage.pulse("amara", "help")).ok
        started.send_signal(signal.SIGTERM)
        status, log = await ended(started)
        writer.close()
    assert status == 0, log
