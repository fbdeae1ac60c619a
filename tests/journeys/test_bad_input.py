"""What nobody should send, and what people do send by mistake."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import product
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import func, select

from bot import error_handler
from bot.app import create_app
from bot.blockkit.blocks import actions, button
from bot.errors import OUTDATED
from bot.server import EVENTS_PATH, create_server
from bot.slack.requests import LARGEST_BODY
from models import AuditEntry, OpenAnswer, Survey
from sandbox.demo.company import TEAM_ID, people
from tests.journeys.stage import Stage, buttons_of, serving, text_of
from tests.journeys.test_main_job import TEAM, create_survey

FORM = "application/x-www-form-urlencoded"
PRESS = {
    "type": "block_actions",
    "team": {"id": TEAM_ID},
    "user": {"id": "U0DEMO0004", "team_id": TEAM_ID},
}


async def send(
    stage: Stage,
    body: str | bytes,
    *,
    signed: bool = True,
    age: int = 0,
    content_type: str = FORM,
    headers: dict[str, str] | None = None,
) -> int:
    text = body if isinstance(body, str) else body.decode("latin-1")
    timestamp = str(int(time.time()) - age)
    sent = {"content-type": content_type, "x-slack-request-timestamp": timestamp}
    if signed:
        verifier = SignatureVerifier(stage.sandbox.app.signing_secret)
        sent["x-slack-signature"] = (
            verifier.generate_signature(timestamp=timestamp, body=text) or ""
        )
    async with (
        aiohttp.ClientSession() as http,
        http.post(stage.url + EVENTS_PATH, data=body, headers=sent | (headers or {})) as answer,
    ):
        return answer.status


def command(user: str, text: str) -> str:
    return urlencode(
        {"command": "/pulse", "text": text, "team_id": TEAM_ID, "user_id": user, "channel_id": "C1"}
    )


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"signed": False}, 401),
        ({"age": 301}, 401),
        ({"age": -330}, 401),  # the clock goes on while the request is under way
        ({"headers": {"x-slack-request-timestamp": "soon"}}, 401),
        ({"headers": {"x-slack-signature": "v0=0"}}, 401),
        ({"content_type": "text/plain"}, 400),
        ({}, 200),
    ],
)
async def test_only_fresh_signed_requests_are_answered(
    stage: Stage, how: dict[str, object], status: int
) -> None:
    assert await send(stage, command("U0DEMO0000", "help"), **how) == status  # type: ignore[arg-type] # a table of keyword arguments


@pytest.mark.parametrize(
    "body",
    [
        "payload={",
        "payload=[]",
        "payload=7",
        "nonsense",
        urlencode({"payload": json.dumps({"type": "block_actions"})}),
        urlencode({"payload": json.dumps({"type": "block_actions", "team": {"id": TEAM_ID}})}),
        urlencode({"payload": json.dumps({"type": "view_submission", "view": 5})}),
        urlencode({"payload": json.dumps({"type": ["x"], "actions": "y", "user": 3})}),
        urlencode({"payload": json.dumps(PRESS | {"actions": []})}),
        urlencode({"payload": json.dumps(PRESS | {"actions": ""})}),
        urlencode({"payload": json.dumps(PRESS | {"actions": {}})}),
        urlencode({"payload": '{"a":' + "[" * 100_000}),
        urlencode({"payload": '{"type":"block_actions","a":' + "[" * 900 + "]" * 900 + "}"}),
        urlencode({"command": "/pulse"}),
    ],
)
async def test_malformed_but_signed_requests_never_end_in_500(stage: Stage, body: str) -> None:
    status = await send(stage, body)
    assert status in {200, 400, 401}
    async with stage.runtime.sessions.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Survey)) == 0
        assert await session.scalar(select(func.count()).select_from(OpenAnswer)) == 0


EVENTS: tuple[dict[str, object], ...] = (
    {},
    {"event": 5},
    {"event": []},
    {"event": {}},
    {"event": {"type": 5}},
    {"event": {"type": "user_change"}},
    {"event": {"type": "user_change", "user": 5}},
    {"event": {"type": "user_change", "user": {"id": 5}}},
    {"event": {"type": "user_change", "user": {"id": "U1", "profile": 5}}},
    {"event": {"type": "user_change", "user": {"id": "U1", "tz": 5, "name": {}}}},
    {"event": {"type": "app_home_opened", "user": 5}},
    {"event": {"type": "app_home_opened", "user": "U0DEMO0004", "tab": {}}},
)


async def test_malformed_events_never_end_in_500(stage: Stage) -> None:
    for event, team in product(EVENTS, (TEAM_ID, 5, None)):
        body = json.dumps({"type": "event_callback", "event_id": "Ev1", "team_id": team, **event})
        status = await send(stage, body, content_type="application/json")
        assert status in {200, 400}, (event, team)


@pytest.mark.parametrize("added", [{}, {"x-slack-retry-num": "1"}])
async def test_a_replayed_request_is_refused(stage: Stage, added: dict[str, str]) -> None:
    body = command("U0DEMO0000", "help")
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(stage.sandbox.app.signing_secret).generate_signature(
        timestamp=timestamp, body=body
    )
    assert signature
    headers = {
        "content-type": FORM,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
    }
    async with aiohttp.ClientSession() as http:
        statuses = []
        for sent in (headers, headers | added):
            async with http.post(stage.url + EVENTS_PATH, data=body, headers=sent) as answer:
                statuses.append(answer.status)
    assert statuses == [200, 401]


async def test_a_copy_of_an_answer_is_refused_by_another_process(stage: Stage) -> None:
    """What was pressed first does not come back after another answer."""
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    asked = stage.last("amara")
    [pressed] = [each for each in buttons_of(asked) if each["action_id"] == "pulse:answer:2"]
    [amara] = [each.id for each in people() if each.handle == "amara"]
    payload = PRESS | {
        "user": {"id": amara, "team_id": TEAM_ID},
        "trigger_id": "1.1.a",
        "container": {"type": "message", "message_ts": asked["ts"]},
        "actions": [pressed],
    }
    body = urlencode({"payload": json.dumps(payload)})
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(stage.sandbox.app.signing_secret).generate_signature(
        timestamp=timestamp, body=body
    )
    headers = {"content-type": FORM, "x-slack-request-timestamp": timestamp}
    headers |= {"x-slack-signature": str(signature)}
    statuses = []
    for _ in range(2):
        # Each server has its own memory, as processes do; they share the database.
        server = create_server(stage.runtime, create_app(stage.runtime))
        async with (
            serving(server) as url,
            aiohttp.ClientSession() as http,
            http.post(url + EVENTS_PATH, data=body, headers=headers) as answer,
        ):
            statuses.append(answer.status)
    assert statuses == [200, 401]


async def test_a_body_without_end_is_refused_long_before_its_end(stage: Stage) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * LARGEST_BODY:
            sent += 64 * 1024
            yield b"x" * 64 * 1024

    async with aiohttp.ClientSession() as http:
        with suppress(aiohttp.ClientError):
            async with http.post(stage.url + EVENTS_PATH, data=endless()) as answer:
                assert answer.status == 400
    assert sent < 20 * LARGEST_BODY


async def test_ssl_check_needs_no_signature(stage: Stage) -> None:
    assert await send(stage, "ssl_check=1&token=x", signed=False) == 200


async def test_unknown_subcommands_and_help_say_what_there_is(stage: Stage) -> None:
    await stage.at(stage.now)
    unknown = await stage.pulse("amara", "dance *now* <!channel>")
    assert unknown.message
    assert "/pulse help" in text_of(unknown.message)
    helped = await stage.pulse("maya", "help")
    assert helped.message
    for word in ("/pulse new", "/pulse results", "/pulse privacy", "/pulse admins"):
        assert word in text_of(helped.message)
    assert "/digest here" in text_of(
        (await stage.sandbox.command("maya", "/digest", "help")).message or {}
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("foo<!channel>`", "`/pulse foo&lt;!channel&gt;'`"),
        ("a" * 32 + "<x", "`/pulse " + "a" * 32 + "…`"),
    ],
)
async def test_an_unknown_command_is_repeated_as_it_was_typed(
    stage: Stage, typed: str, told: str
) -> None:
    unknown = await stage.pulse("amara", typed)
    assert unknown.message
    assert f" {told}" in unknown.message["text"]


async def test_help_begins_with_what_everybody_can_do(stage: Stage) -> None:
    await stage.at(stage.now)
    helped = await stage.pulse("maya", "help")
    assert helped.message
    everybody, _, hr = text_of(helped.message).partition("*For HR*")
    for word in ("privacy", "record", "my-data", "forget-me", "admins", "help"):
        assert f"`/pulse {word}`" in everybody
    for word in ("new", "list", "pause NAME", "resume NAME", "end NAME", "results", "comments"):
        assert f"`/pulse {word}`" in hr


async def test_an_unknown_button_is_answered_kindly(stage: Stage) -> None:
    client = AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url)
    posted = await client.chat_postMessage(
        channel="U0DEMO0004", text="x", blocks=[actions([button("Gone", "of:an:older:release")])]
    )
    pressed = await stage.sandbox.press(
        "U0DEMO0004", "of:an:older:release", channel="dm", message_ts=posted["ts"]
    )
    assert pressed.ok
    await stage.settled()
    assert text_of(stage.sandbox.messages("dm", "U0DEMO0004")[-1]) == OUTDATED


@pytest.mark.parametrize("attempt", ["new", "list", "pause x", "resume x", "end x", "results"])
async def test_non_admins_are_refused_and_the_refusal_is_recorded(
    stage: Stage, attempt: str
) -> None:
    refused = await stage.pulse("amara", attempt)
    assert refused.view is None
    assert refused.message
    assert "/pulse admins" in text_of(refused.message)
    async with stage.runtime.sessions.begin() as session:
        entries = list(
            await session.scalars(select(AuditEntry).where(AuditEntry.action == "refused"))
        )
    assert len(entries) == 1
    assert entries[0].actor_id == stage.sandbox.world.find_user("amara").id  # type: ignore[union-attr] # she is there


async def test_digest_commands_of_non_admins_are_refused(stage: Stage) -> None:
    refused = await stage.sandbox.command("amara", "/digest", "here weekly monday 09:00", "general")
    assert refused.message
    assert "/pulse admins" in text_of(refused.message)


async def test_a_mistake_of_our_own_is_not_taken_for_a_bad_request(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("what somebody wrote")

    monkeypatch.setattr(error_handler, "sentence_of", broken)
    assert await send(stage, command("U0DEMO0000", "dance")) == 500
    assert "a request could not be answered: KeyError in" in caplog.text
    assert "what somebody wrote" not in caplog.text
