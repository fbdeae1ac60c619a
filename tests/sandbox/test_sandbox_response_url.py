"""Response URLs: what they can do, how often, how long."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.server import Sandbox
from tests.sandbox.apps import QUESTION


@pytest.fixture
async def pressed(sandbox: Sandbox, client: AsyncWebClient) -> AsyncWebhookClient:
    """The response URL of a press on the only message in Ben's DM."""
    ben = sandbox.world.find_user("ben")
    assert ben is not None
    posted = await client.chat_postMessage(channel=ben.id, text="How is it?", blocks=QUESTION)
    await sandbox.press("ben", "answer_1", channel="dm", message_ts=posted["ts"])
    (record,) = sandbox.engine.log.find("interaction:block_actions")
    return AsyncWebhookClient(record.arguments["response_url"])


async def test_five_uses(sandbox: Sandbox, pressed: AsyncWebhookClient) -> None:
    for number in range(5):
        answer = await pressed.send(text=str(number), replace_original=True)
        assert (answer.status_code, answer.body) == (200, "ok")
    answer = await pressed.send(text="6", replace_original=True)
    assert answer.status_code == 404
    assert "used_url" in answer.body
    (message,) = sandbox.messages("dm", "ben")
    assert message["text"] == "4"
    assert "blocks" not in message


async def test_half_an_hour(sandbox: Sandbox, pressed: AsyncWebhookClient) -> None:
    sandbox.world.clock.advance(1799)
    assert (await pressed.send(text="in time")).status_code == 200
    sandbox.world.clock.advance(2)
    answer = await pressed.send(text="late")
    assert answer.status_code == 404
    assert "expired_url" in answer.body


async def test_new_messages_are_ephemeral_unless_in_channel(
    sandbox: Sandbox, pressed: AsyncWebhookClient
) -> None:
    await pressed.send(text="to you")
    await pressed.send(text="to all", response_type="in_channel")
    seen = sandbox.messages("dm", "ben")
    assert [(m["text"], m.get("is_ephemeral", False)) for m in seen] == [
        ("How is it?", False),
        ("to you", True),
        ("to all", False),
    ]


async def test_what_it_refuses(sandbox: Sandbox, pressed: AsyncWebhookClient) -> None:
    assert "no_text" in (await pressed.send()).body
    wrong = await pressed.send(blocks=[{"type": "section"}], text="x")
    assert wrong.status_code == 400
    assert "invalid_blocks" in wrong.body
    elsewhere = AsyncWebhookClient(f"{sandbox.url}/actions/T/1/nonsense")
    assert (await elsewhere.send(text="x")).status_code == 404
