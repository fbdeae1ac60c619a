"""Socket Mode beyond Bolt's happy path: envelopes, refreshes, lost connections, ten at most."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.state import Json
from tests.sandbox.apps import Heard, over_socket


@pytest.fixture
def app_level(sandbox: Sandbox) -> AsyncWebClient:
    """Slack's client with the app-level token."""
    sandbox.app.socket_mode = True
    return AsyncWebClient(sandbox.app.app_token, base_url=sandbox.api_url)


class Socket:
    """A bare WebSocket client that acknowledges as it is told."""

    def __init__(self, session: aiohttp.ClientSession, app_level: AsyncWebClient) -> None:
        self._session = session
        self._app_level = app_level
        self.websocket: aiohttp.ClientWebSocketResponse

    async def open(self) -> Json:
        opened = await self._app_level.apps_connections_open(app_token=self._app_level.token or "")
        self.websocket = await self._session.ws_connect(str(opened["url"]))
        return await self.receive()

    async def receive(self) -> Json:
        return dict(await self.websocket.receive_json(timeout=2))

    async def acknowledge(self, envelope: Json, payload: Any = None) -> None:
        more = {} if payload is None else {"payload": payload}
        await self.websocket.send_json({"envelope_id": envelope["envelope_id"], **more})


async def test_hello_envelope_and_ack(sandbox: Sandbox, app_level: AsyncWebClient) -> None:
    async with aiohttp.ClientSession() as session:
        socket = Socket(session, app_level)
        hello = await socket.open()
        assert hello["type"] == "hello"
        assert hello["connection_info"] == {"app_id": sandbox.app.id}
        running = asyncio.create_task(sandbox.command("ben", "/pulse"))
        envelope = await socket.receive()
        await socket.acknowledge(envelope, {"text": "by socket"})
        outcome = await running
        assert set(envelope) == {"envelope_id", "type", "payload", "accepts_response_payload"}
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"] is True
        assert outcome.message is not None
        assert outcome.message["text"] == "by socket"

        sending = asyncio.create_task(sandbox.message("ben", "hi"))
        event = await socket.receive()
        await socket.acknowledge(event)
        assert (await sending).ok
        assert event["type"] == "events_api"
        assert event["accepts_response_payload"] is False
        assert (event["retry_attempt"], event["retry_reason"]) == (0, "")


async def test_no_ack_is_a_timeout_and_events_come_again(
    sandbox: Sandbox, app_level: AsyncWebClient
) -> None:
    sandbox.engine.delivery.timeout = 0.05
    async with aiohttp.ClientSession() as session:
        socket = Socket(session, app_level)
        await socket.open()
        outcome = await sandbox.command("ben", "/pulse")
        assert outcome.error == "operation_timeout"
        await socket.receive()
        first = await sandbox.message("ben", "hi")
        assert first.error == "operation_timeout"
        await socket.receive()
        again = await socket.receive()
        await socket.acknowledge(again)
        await sandbox.settled()
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")


async def test_no_connection_at_all(sandbox: Sandbox, app_level: AsyncWebClient) -> None:
    outcome = await sandbox.command("ben", "/pulse")
    assert outcome.error == "dispatch_failed"


async def test_socket_mode_must_be_on(sandbox: Sandbox) -> None:
    client = AsyncWebClient(sandbox.app.app_token, base_url=sandbox.api_url)
    with pytest.raises(SlackApiError, match="socket_mode_not_enabled"):
        await client.apps_connections_open(app_token=sandbox.app.app_token)


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "abrupt"])
async def test_bolt_comes_back(sandbox: Sandbox, heard: Heard, reason: str) -> None:
    async with over_socket(sandbox, heard):
        (before,) = sandbox.engine.sockets.connections(sandbox.app.id)
        assert await sandbox.engine.sockets.disconnect(sandbox.app.id, reason) == 1
        async with asyncio.timeout(5):
            while sandbox.engine.sockets.connections(sandbox.app.id) in ([], [before]):
                await asyncio.sleep(0.01)
        assert (await sandbox.command("ben", "/pulse", "again")).ok


async def test_a_connection_lost_under_an_envelope(sandbox: Sandbox, heard: Heard) -> None:
    async with over_socket(sandbox, heard):
        sandbox.engine.faults.add(kind="disconnect", method="command:*", times=1)
        assert (await sandbox.command("ben", "/pulse")).error == "dispatch_failed"
        async with asyncio.timeout(5):
            while not sandbox.engine.sockets.connections(sandbox.app.id):
                await asyncio.sleep(0.01)
        assert (await sandbox.command("ben", "/pulse", "again")).ok
