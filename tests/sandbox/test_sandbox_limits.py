"""Rate limits at Slack's figures, adjustable, with Retry-After."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from sandbox.engine import Options
from sandbox.limits import Limiter, Rate
from sandbox.server import Sandbox
from sandbox.workspace import load_workspace


def test_windows_by_key() -> None:
    now = 100.0
    limiter = Limiter(lambda: now)
    rate = Rate(2, 60.0)
    assert limiter.retry_after(rate, "A", "users.list") is None
    assert limiter.retry_after(rate, "A", "users.list") is None
    now = 130.5
    assert limiter.retry_after(rate, "A", "users.list") == 30
    assert limiter.retry_after(rate, "A", "users.info") is None
    assert limiter.retry_after(rate, "B", "users.list") is None
    now = 160.0
    assert limiter.retry_after(rate, "A", "users.list") is None


async def attempt(client: AsyncWebClient) -> AsyncSlackResponse | None:
    """Call a tier 2 method; returns the answer if it was refused."""
    try:
        await client.users_list(limit=1)
    except SlackApiError as error:
        refused: AsyncSlackResponse = error.response
        return refused
    return None


@pytest.mark.parametrize(("scale", "allowed"), [(1.0, 20), (0.25, 5), (None, 60)])
async def test_tier_two_method(scale: float | None, allowed: int) -> None:
    async with Sandbox(load_workspace(), Options(rate_limits=scale)) as sandbox:
        client = AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url)
        answers = [await attempt(client) for _ in range(60)]
        answered = sum(answer is None for answer in answers)
        for refused in answers[answered:]:
            assert refused is not None
            assert refused.status_code == 429
            assert refused["error"] == "ratelimited"
            assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert answered == allowed
        assert await client.auth_test()


async def test_posting_in_one_channel_and_the_clock() -> None:
    async with Sandbox(load_workspace()) as sandbox:
        client = AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url)
        general = sandbox.world.find_channel("general")
        ada = sandbox.world.find_user("ada")
        assert general is not None
        assert ada is not None
        for number in range(10):
            await client.chat_postMessage(channel=general.id, text=str(number))
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=general.id, text="one too many")
        assert caught.value.response.status_code == 429
        assert await client.chat_postMessage(channel=ada.id, text="elsewhere")
        sandbox.world.clock.advance(10)
        assert await client.chat_postMessage(channel=general.id, text="later")
        assert len(sandbox.messages("general")) == 11
