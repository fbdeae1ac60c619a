"""Answers through a response_url, in plainer forms where a workspace refuses their blocks.

Bolt's `respond` raises for no refusal: the status tells, and here it is read.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientSession
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.blockkit.blocks import Block, Message
from bot.blockkit.fallbacks import as_plain_text, fallbacks_of
from bot.blockkit.pressed_message import PressedMessage
from bot.slack.client import NETWORK_ERRORS, REFUSED_BLOCKS, error_code

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 2.0
"""Slack waits three seconds for what a command says."""
REFUSED: Final = 400
"""What Slack answers to a message that it does not take; a plainer one may go through."""


def original_in(body: dict[str, Any], bot_user_id: str | None) -> PressedMessage:
    """Return which message a block_actions payload came from."""
    container = body.get("container") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    author = (body.get("message") or {}).get("user")
    hidden = bool(container.get("is_ephemeral"))
    ours = channel.startswith("D") and author == bot_user_id and not hidden
    return PressedMessage(channel, str(container.get("message_ts") or ""), ours or hidden, ours)


class Respond(AsyncRespond):
    """Bolt's `respond` over the connections that a process keeps; Bolt opens one for each call."""

    def __init__(self, response_url: str | None, http: ClientSession) -> None:
        super().__init__(response_url=response_url)
        self._http = http

    async def __call__(self, text: str = "", **message: Any) -> WebhookResponse:  # type: ignore[override] # by name only
        """Send a message to the response_url; raise ValueError when there is none."""
        if self.response_url is None:
            raise ValueError("this request has no response_url")
        client = AsyncWebhookClient(self.response_url, session=self._http)
        return await client.send(text=text, **message)


@dataclass(frozen=True)
class Pressed:
    """The message that was pressed, and the ways to answer there."""

    original: PressedMessage
    respond: AsyncRespond
    client: AsyncWebClient

    async def replace(self, message: Message) -> None:
        """Put a message in its place."""
        await replace(self.respond, message, self.original, self.client)

    async def show(self, message: Message) -> None:
        """Put a message in its place, or beneath it where others see it: then only to the person.

        Such is a copy that somebody sent on.
        """
        await (self.replace if self.original.is_private else self.whisper)(message)

    async def whisper(self, message: Message | str) -> None:
        """Say something beneath it that only whoever pressed reads."""
        await whisper(self.respond, message)


async def replace(
    respond: AsyncRespond,
    message: Message,
    original: PressedMessage | None = None,
    client: AsyncWebClient | None = None,
) -> None:
    """Put a message in the place of the one that was pressed.

    Where the response_url does not work, Attune's own message to a person is changed by `client`.
    """
    if await _responded(respond, message, replace_original=True):
        return
    if original and original.is_ours and client:
        await update(client, original.channel, original.ts, message)


async def whisper(respond: AsyncRespond, message: Message | str) -> bool:
    """Say something beneath a message that only whoever pressed reads; False if it was refused."""
    said = Message(message, []) if isinstance(message, str) else message
    return await _responded(respond, said, response_type="ephemeral", replace_original=False)


async def answer(ack: Any, respond: AsyncRespond, message: Message) -> None:
    """Answer a command, to whoever ran it alone.

    Not with the acknowledgement itself, of whose blocks nobody learns whether they were refused;
    only where there is no response_url to be had.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            shown = await _responded(respond, message, response_type="ephemeral")
    except TimeoutError:
        shown = False
    if shown:
        await ack()
    else:
        await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")


async def _responded(respond: AsyncRespond, message: Message, **how: Any) -> bool:
    """Send a message to a response_url, each form until one is taken."""
    if not respond.response_url:
        return False
    forms: list[dict[str, Any]] = [
        {"text": message.text, "blocks": blocks} for blocks in fallbacks_of(message)
    ]
    for form in [*forms, {"text": as_plain_text(message)}]:
        try:
            response = await respond(**form, **how)
        except NETWORK_ERRORS as error:
            logger.warning("a response_url did not answer: %s", type(error).__name__)
            return False
        if response.status_code == 200:
            return True
        logger.warning("a response_url refused a message with status %s", response.status_code)
        if response.status_code != REFUSED:
            return False
    return False


async def update(client: AsyncWebClient, channel: str, ts: str, message: Message) -> None:
    """Change a message of Attune's own, in plainer forms where the workspace refuses its blocks.

    Slack takes fifty of these a minute from one workspace. A refusal is logged and the message
    stays as it is.
    """
    forms: list[list[Block]] = [*fallbacks_of(message), []]
    for blocks in forms:
        text = message.text if blocks else as_plain_text(message)
        try:
            await client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
        except SlackApiError as error:
            logger.warning("a message could not be updated: %s", error_code(error))
            if error_code(error) not in REFUSED_BLOCKS:
                return
        else:
            return
