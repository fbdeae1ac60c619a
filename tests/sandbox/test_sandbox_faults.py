"""Faults on demand, seeded, and what an app and a person notice of them."""

import asyncio
import time

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Faults
from sandbox.server import Sandbox
from tests.sandbox.apps import QUESTION, Heard


def test_faults_are_used_up_and_named_by_pattern() -> None:
    faults = Faults()
    faults.add(kind="drop", method="chat.*", times=1)
    assert faults.strike("users.info", "drop") is None
    assert faults.strike("chat.update", "delay") is None
    assert faults.strike("chat.update", "drop")
    assert faults.strike("chat.update", "drop") is None


async def test_server_error_and_delay(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.engine.faults.add(kind="5xx", method="auth.test", status=502, times=1)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 502
    sandbox.engine.faults.add(kind="delay", method="auth.test", seconds=0.1)
    started = time.perf_counter()
    await client.auth_test()
    assert time.perf_counter() - started >= 0.1


@pytest.mark.parametrize(("kind", "posted"), [("drop", 0), ("drop_answer", 1)])
async def test_a_lost_connection(sandbox: Sandbox, kind: str, posted: int) -> None:
    client = AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    sandbox.engine.faults.add(kind=kind, method="chat.postMessage", times=1)
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=ben.id, text="x")
    assert len(sandbox.messages("dm", "ben")) == posted
    assert await client.chat_postMessage(channel=ben.id, text="x")


async def test_an_event_that_comes_twice(sandbox: Sandbox, bolt: AsyncApp, heard: Heard) -> None:
    sandbox.engine.faults.add(kind="duplicate", method="event:message.im", times=1)
    await sandbox.message("ben", "hello")
    first, second = heard.of_type("message")
    assert first["event_id"] == second["event_id"]


async def test_a_press_that_gets_lost(
    sandbox: Sandbox, bolt: AsyncApp, heard: Heard, client: AsyncWebClient
) -> None:
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    posted = await client.chat_postMessage(channel=ben.id, text="?", blocks=QUESTION)
    sandbox.engine.faults.add(kind="drop", method="interaction:*", times=1)

    lost = await sandbox.press("ben", "answer_3", channel="dm", message_ts=posted["ts"])
    again = await sandbox.press("ben", "answer_3", channel="dm", message_ts=posted["ts"])

    assert lost.error == "operation_timeout"
    assert lost.shown == "We had some trouble connecting. Try again?"
    assert again.ok
    assert len(heard.of_type("block_actions")) == 1


async def test_a_response_url_that_fails(sandbox: Sandbox) -> None:
    path = sandbox.engine.response_urls.issue("commands", "U", next(iter(sandbox.world.channels)))
    sandbox.engine.faults.add(kind="5xx", method="response_url", times=1)
    async with aiohttp.ClientSession() as session:
        async with session.post(sandbox.url + path, json={"text": "x"}) as response:
            assert response.status == 503
        async with session.post(sandbox.url + path, json={"text": "x"}) as response:
            assert response.status == 200


async def test_an_app_that_is_too_slow(sandbox: Sandbox) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sandbox.connect(f"http://127.0.0.1:{port}/slack/events")
    sandbox.engine.delivery.timeout = 0.05

    slow = await sandbox.command("ben", "/pulse")
    assert slow.error == "operation_timeout"
    assert slow.shown == '/pulse failed with the error "operation_timeout"'

    server.close()
    await server.wait_closed()
    gone = await sandbox.command("ben", "/pulse")
    assert gone.error == "dispatch_failed"
