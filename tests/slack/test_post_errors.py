"""What errors of chat.postMessage mean, as slack_sdk raises them."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.slack.client import make_client
from bot.slack.post_errors import WORKSPACE_REFUSALS, Outcome, outcome_of
from tests.conftest import HANGS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def error_of(handler: Handler, seconds: float = HANGS) -> Exception:
    """Return what the client raises when a server answers so."""
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http:
            client = make_client(f"http://127.0.0.1:{runner.addresses[0][1]}/api/", http, "xoxb-1")
            client.retry_handlers.clear()
            with pytest.raises(Exception) as raised:  # noqa: PT011 (which one is what is tested)
                await client.chat_postMessage(channel="U1", text="hello")
            return raised.value
    finally:
        await runner.cleanup()


def refusal(code: str, status: int = 200, **headers: str) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": code}, status=status, headers=headers)

    return handler


def page(status: int, content_type: str) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="<h1>Oops</h1>", content_type=content_type)

    return handler


async def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def dawdle(_request: web.Request) -> web.Response:
    await asyncio.sleep(1)
    return web.json_response({"ok": True})


@pytest.mark.parametrize(
    "code",
    [
        "user_not_found",
        "user_disabled",
        "cannot_dm_bot",
        "not_in_channel",
        "is_archived",
        "msg_too_long",
    ],
)
async def test_refusals_of_one_message(code: str) -> None:
    assert outcome_of(await error_of(refusal(code))) is Outcome.MESSAGE_REFUSED


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "external_channel_migrating",
        "invalid_blocks",
        "messages_tab_disabled",
        "method_deprecated",
        "restricted_action",
        "something_new",
    ],
)
async def test_refusals_that_may_pass(code: str) -> None:
    assert outcome_of(await error_of(refusal(code))) is Outcome.REFUSED_FOR_NOW


@pytest.mark.parametrize("code", sorted(WORKSPACE_REFUSALS))
async def test_refusals_of_the_workspace(code: str) -> None:
    assert outcome_of(await error_of(refusal(code))) is Outcome.WORKSPACE_REFUSED


@pytest.mark.parametrize(
    "handler",
    [
        refusal("ratelimited", 429, **{"Retry-After": "7"}),
        refusal("ratelimited"),
        page(429, "text/html"),
        page(429, "text/plain"),
    ],
    ids=["usual", "no status", "page", "text"],
)
async def test_rate_limits(handler: Handler) -> None:
    assert outcome_of(await error_of(handler)) is Outcome.LIMITED


@pytest.mark.parametrize(
    "handler",
    [
        refusal("internal_error"),
        refusal("fatal_error"),
        refusal("whatever", 503),
        page(502, "text/html"),
        page(502, "text/plain"),
        page(502, "application/json"),
        page(200, "text/html"),
        page(200, "text/plain"),
        page(200, "application/json"),
        hang_up,
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_answers_that_leave_the_fate_open(handler: Handler) -> None:
    assert outcome_of(await error_of(handler)) is Outcome.UNKNOWN


async def test_no_answer_in_time_leaves_the_fate_open() -> None:
    assert outcome_of(await error_of(dawdle, seconds=0.1)) is Outcome.UNKNOWN


async def test_no_connection_at_all() -> None:
    async with aiohttp.ClientSession() as http:
        client = make_client("http://127.0.0.1:1/api/", http, "xoxb-1", repeats=False)
        with pytest.raises(aiohttp.ClientConnectorError) as raised:
            await client.chat_postMessage(channel="U1", text="hello")
    assert outcome_of(raised.value) is Outcome.NOT_REACHED
