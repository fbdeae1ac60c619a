"""A real web process that is told to stop finishes the presses it has begun, and its follow-ups.

It does so before `call_at_stop` would end it by force, which the log would tell.
"""

import asyncio
import json
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
from bot.errors import OUTDATED
from bot.listening import UNFINISHED
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
async def process(
    stage: Stage, transport: str, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
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
            **environment,
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
        async with aiohttp.ClientSession() as http, http.get(f"{url}/healthz") as answer:
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


def troubles(log: str) -> list[str]:
    """Return the lines of a log that tell of errors, or of an end by force."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [str(line) for line in lines if line["level"] == "error" or UNFINISHED in line["event"]]


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
    assert not troubles(log)


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
    assert text_of(stage.last("amara")) == OUTDATED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_strangers_unfinished_body_keeps_no_process_alive(stage: Stage) -> None:
    async with process(stage, "http") as started:
        _, writer = await connected(port_of(stage))
        head = f"POST {EVENTS_PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\ntoken="
        writer.write(head.encode())
        await writer.drain()
        assert (await stage.pulse("amara", "help")).ok
        started.send_signal(signal.SIGTERM)
        status, log = await ended(started)
        writer.close()
    assert status == 0, log


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_under_load_and_with_idle_connections_it_stops_in_time(
    stage: Stage, transport: str
) -> None:
    metrics = free_port()
    async with process(stage, transport, METRICS_PORT=str(metrics)) as started:
        ports = [metrics] + ([port_of(stage)] if transport == "http" else [])
        idle = [await connected(port) for port in ports for _ in range(40)]
        for _, writer in idle[::2]:
            writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        for reader, _ in idle[::2]:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        delay = slow(stage, "views.open")
        load = [
            asyncio.create_task(stage.sandbox.command(person, "/mentor", text))
            for person in PEOPLE
            for text in ("", "find go", "help", "")
        ]
        await happened(delay, len(PEOPLE))
        started.send_signal(signal.SIGTERM)
        status, log = await ended(started)
        await asyncio.gather(*load, return_exceptions=True)
        for _, writer in idle:
            writer.close()
    assert status == 0, log
    # Where the machine is slow, the database takes longer than a request under load may wait.
    assert not [each for each in troubles(log) if "TimeoutError" not in each]


STUCK = """
import asyncio, os, signal, time
from bot.listening import call_at_stop
from bot.logs import configure_logs

async def main():
    configure_logs("json")
    stopping = asyncio.Event()
    call_at_stop(stopping.set, seconds=0.1)
    os.kill(os.getpid(), signal.SIGTERM)
    await stopping.wait()
    await asyncio.to_thread(time.sleep, 3600)

asyncio.run(main())
"""


async def test_a_calculation_that_lasts_longer_is_left() -> None:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STUCK, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    status, log = await ended(started)
    assert status == 0, log
    assert len(troubles(log)) == 1


async def connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


def port_of(stage: Stage) -> int:
    return int(stage.sandbox.app.events_url.removeprefix("http://").split("/")[0].split(":")[1])
