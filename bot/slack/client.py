"""Calls to Slack that every slice needs, with fallbacks for servers that lack them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import Message, View
from bot.blockkit.fallbacks import fallbacks_of
from bot.errors import UserError
from bot.languages import _, marked
from bot.outbox.deliveries import Posted

logger = logging.getLogger(__name__)

REQUEST_SECONDS = 10
PATIENCE: Final = 10
"""How many rate limits in a row one call may hit before it is given up."""
Answer = TypeVar("Answer")
NETWORK_ERRORS = (aiohttp.ClientError, TimeoutError)
"""Raised by a call that got no answer at all."""
NO_FORMS = marked("I can't open a form here. Please do this in Slack itself.")
REFUSED_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "unsupported_block")


def open_http(*traces: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    """Open the HTTP session that all clients of a process share."""
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    return aiohttp.ClientSession(timeout=timeout, trace_configs=[*traces])


def make_client(
    api_url: str,
    http: aiohttp.ClientSession | None = None,
    token: str | None = None,
    *,
    workspace_id: str | None = None,
    repeats: bool = True,
) -> AsyncWebClient:
    """Create a client for the Web API at `api_url`, for one workspace when a token is given.

    An organisation's token also needs `workspace_id`; Slack ignores it with any other token.

    By default the SDK repeats a call whose connection was lost, although Slack may have executed
    it. `repeats=False` leaves that decision to the caller.
    """
    return AsyncWebClient(
        token=token,
        team_id=workspace_id,
        base_url=api_url,
        session=http,
        timeout=REQUEST_SECONDS,
        retry_handlers=None if repeats else [],
    )


def error_code(error: SlackApiError) -> str:
    """Return Slack's name for the error, such as `channel_not_found`.

    Returns `no_answer` if something between us and Slack answered with its own page.
    """
    answer = getattr(error.response, "data", error.response)
    code = answer.get("error") if isinstance(answer, dict) else None
    return str(code or "no_answer")


def status_code(error: SlackApiError) -> int:
    """Return the HTTP status of a refusal, also of an unreadable answer."""
    answer = error.response
    return int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 200)


def retry_after(error: SlackApiError) -> float | None:
    """Return the seconds that Slack asks us to wait, or None if it isn't a rate limit."""
    if status_code(error) != 429 and error_code(error) not in ("ratelimited", "rate_limited"):
        return None
    seconds = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return float(seconds) if seconds.isdigit() else 1.0


async def patiently(
    call: Callable[[], Awaitable[Answer]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Answer:
    """Make a call again for as long as Slack limits its rate, and wait as long as it asks.

    Raises SlackApiError for other refusals, and once PATIENCE calls in a row were limited.
    """
    refusals = 0
    while True:
        try:
            return await call()
        except SlackApiError as error:
            refusals += 1
            seconds = retry_after(error)
            if seconds is None or refusals == PATIENCE:
                raise
        await sleep(seconds)


async def open_form(
    client: AsyncWebClient,
    trigger_id: str,
    view: View,
    otherwise: str | None = None,
    *,
    above: bool = False,
) -> View:
    """Open a modal, `above` the one that was pressed in if there is one; return Slack's version.

    Raises UserError if the server has no modals, with the sentence `otherwise` if it is given.
    """
    show = client.views_push if above else client.views_open
    try:
        opened = await show(trigger_id=trigger_id, view=view)
    except SlackApiError as error:
        if error_code(error) != "unknown_method":
            raise
        raise UserError(otherwise or _(NO_FORMS)) from error
    shown: View = opened["view"]
    return shown


async def post(client: AsyncWebClient, channel: str, message: Message) -> Posted:
    """Post a message, in plainer forms if the workspace refuses its blocks.

    `channel` may be a user's id; Slack then opens the DM. Raises SlackApiError if even the bare
    text is refused.
    """
    metadata = message.metadata or None
    for blocks in fallbacks_of(message):
        try:
            return _posted(
                await client.chat_postMessage(
                    channel=channel, text=message.text, blocks=blocks, metadata=metadata
                )
            )
        except SlackApiError as error:
            if error_code(error) not in REFUSED_BLOCKS:
                raise
            logger.warning("%s refused a message's blocks, sending a plainer form", channel[:1])
    return _posted(
        await client.chat_postMessage(channel=channel, text=message.text, metadata=metadata)
    )


def _posted(response: Any) -> Posted:
    return Posted(channel=str(response["channel"]), ts=str(response["ts"]))


class Followups:
    """Calls that run after a request was answered, such as replacing a message.

    A process that is told to stop finishes them. A process that dies loses them, so answers to
    surveys are never stored here, and people who wait for a result are told what to do without it.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, call: Coroutine[Any, Any, Any], otherwise: Any = None) -> None:
        """Run `call` in the background; if it raises, run the call of `otherwise()`, once.

        Bolt's `respond` doesn't raise for a refusal; `bot.slack.reply` checks its status.
        """
        task = asyncio.create_task(self._run(call, otherwise))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for all calls that were started."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    @staticmethod
    async def _run(call: Coroutine[Any, Any, Any], otherwise: Any) -> None:
        try:
            await call
        except Exception as error:
            logger.warning("a follow-up call failed: %s", type(error).__name__)
            if otherwise is not None:
                await Followups._run(otherwise(), None)
