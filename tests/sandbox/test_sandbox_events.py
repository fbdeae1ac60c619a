"""Events: signatures that Slack's verifier accepts, Slack's retries, subscriptions."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.state import Json
from sandbox.workspace import build_world
from tests.sandbox.apps import Heard, over_http, serving


@dataclass
class Recorder:
    """An endpoint that notes requests and answers with statuses, the last one again and again."""

    statuses: list[int]
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[Json, bytes]] = field(default_factory=list)

    async def endpoint(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.body()))
        status = self.statuses[min(len(self.requests), len(self.statuses)) - 1]
        return Response(status_code=status, headers=self.headers)

    @asynccontextmanager
    async def hears(self, sandbox: Sandbox) -> AsyncIterator[None]:
        route = Route("/slack/events", self.endpoint, methods=["POST"])
        async with serving(Starlette(routes=[route])) as url:
            sandbox.connect(f"{url}/slack/events")
            yield


async def test_signature_that_slacks_verifier_accepts(sandbox: Sandbox) -> None:
    recorder = Recorder([200])
    async with recorder.hears(sandbox):
        await sandbox.message("ben", "hello")
        await sandbox.command("ben", "/pulse", "ünïcode & <more>")
    verifier = SignatureVerifier(sandbox.app.signing_secret)
    stranger = SignatureVerifier("another secret")
    assert len(recorder.requests) == 2
    for headers, body in recorder.requests:
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + b" ", headers)
        assert not stranger.is_valid_request(body, headers)


async def test_three_retries_with_their_headers(sandbox: Sandbox) -> None:
    recorder = Recorder([500])
    async with recorder.hears(sandbox):
        outcome = await sandbox.message("ben", "hello")
        assert outcome.error == "http_service_error"
        await sandbox.settled()
    headers = [headers for headers, _ in recorder.requests]
    assert [h.get("x-slack-retry-num") for h in headers] == [None, "1", "2", "3"]
    assert {h["x-slack-retry-reason"] for h in headers[1:]} == {"http_error"}
    assert len({body for _, body in recorder.requests}) == 1


async def test_retries_come_at_once_then_after_one_and_five_minutes() -> None:
    world = build_world({"users": [{"name": "ben"}]})
    async with Sandbox(world, Options(rate_limits=None)) as sandbox:
        recorder = Recorder([500, 500, 500, 200])
        async with recorder.hears(sandbox):
            await sandbox.message("ben", "hello")
            with pytest.raises(TimeoutError):
                await sandbox.settled(0.1)
            assert len(recorder.requests) == 2
            world.clock.advance(60)
            with pytest.raises(TimeoutError):
                await sandbox.settled(0.1)
            assert len(recorder.requests) == 3
            world.clock.advance(300)
            await sandbox.settled()
            assert len(recorder.requests) == 4


async def test_only_what_was_subscribed_to(sandbox: Sandbox, heard: Heard) -> None:
    sandbox.app.events = {"app_home_opened"}
    async with over_http(sandbox, heard):
        unheard = await sandbox.message("ben", "hello")
        opened = await sandbox.home("ben")
    assert unheard.reply is None
    assert unheard.note == "the app did not hear it"
    assert opened.view is not None
    assert [body["event"]["type"] for body in heard.bodies] == ["app_home_opened"]


async def test_changes_and_deletions_are_events(sandbox: Sandbox, client: AsyncWebClient) -> None:
    recorder = Recorder([200])
    async with recorder.hears(sandbox):
        ben = sandbox.world.find_user("ben")
        assert ben is not None
        posted = await client.chat_postMessage(channel=ben.id, text="one")
        await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="two")
        channel = sandbox.world.channels[posted["channel"]]
        sandbox.world.delete_message(channel, channel.messages[posted["ts"]])
        await sandbox.settled()
    events = [record.arguments["event"] for record in sandbox.engine.log.find("event:message.im")]
    by_subtype = {event.get("subtype"): event for event in events}
    assert set(by_subtype) == {None, "message_changed", "message_deleted"}
    assert by_subtype["message_changed"]["message"]["text"] == "two"
    assert by_subtype["message_changed"]["previous_message"]["text"] == "one"
    assert by_subtype["message_deleted"]["deleted_ts"] == posted["ts"]


async def test_uninstalling_is_told(sandbox: Sandbox, client: AsyncWebClient) -> None:
    recorder = Recorder([200])
    async with recorder.hears(sandbox):
        await client.auth_revoke()
        await sandbox.settled()
        await sandbox.change_user("ben", title="Lead")
        await sandbox.settled()
    kinds = [record.method for record in sandbox.engine.log.find(direction="to_app")]
    assert sorted(kinds) == ["event:app_uninstalled", "event:tokens_revoked"]


@pytest.mark.parametrize(
    ("changes", "top"),
    [
        ({}, "T0SANDBOX1"),
        ({"team_id": "T0ELSEWHERE"}, "T0ELSEWHERE"),
        ({"source": "E0ORG"}, "E0ORG"),
        ({"source": "null"}, None),
    ],
)
async def test_on_grid_an_event_names_where_it_comes_from(
    sandbox: Sandbox, changes: dict[str, str], top: str | None
) -> None:
    recorder = Recorder([200])
    team = sandbox.world.team
    team.enterprise_id, team.enterprise_name = "E0ORG", "The group"
    async with recorder.hears(sandbox):
        await sandbox.change_user("ben", **changes)
        await sandbox.command("ben", "/pulse")
    event = json.loads(recorder.requests[0][1])
    assert event["team_id"] == (team.id if top == "T0SANDBOX1" else top)
    assert event["authorizations"][0]["team_id"] == team.id
    assert event["authorizations"][0]["enterprise_id"] == "E0ORG"
    person = event["event"]["user"]
    assert person["enterprise_user"]["teams"] == [person["team_id"]]
    command = parse_qs(recorder.requests[-1][1].decode())
    assert command["enterprise_id"] == ["E0ORG"]
