"""The ways to answer one request: its command, its message, or its sender alone.

Bolt's `respond` doesn't raise when Slack refuses a message, so the status is checked here.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakValueDictionary

from aiohttp import ClientSession
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.blockkit.blocks import Block, Message, View, modal
from bot.blockkit.bundles import has_part, part_of, with_part
from bot.blockkit.fallbacks import as_plain_text, fallbacks_of
from bot.blockkit.pressed_message import PressedMessage
from bot.slack.client import NETWORK_ERRORS, REFUSED_BLOCKS, error_code

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 2.0
"""Slack waits three seconds for the answer to a command."""
_LOCKS: Final[WeakValueDictionary[tuple[str, str], asyncio.Lock]] = WeakValueDictionary()
REFUSED: Final = 400
"""Slack's status for a message that it doesn't accept; a plainer one may go through."""


class Respond(AsyncRespond):
    """Bolt's `respond`, over the process's open connections; Bolt opens one for each call."""

    def __init__(self, response_url: str | None, http: ClientSession) -> None:
        super().__init__(response_url=response_url)
        self.http = http

    async def __call__(self, text: str = "", **message: Any) -> WebhookResponse:  # type: ignore[override] # by name only
        """Send a message to the response_url; raise ValueError if there is none."""
        if self.response_url is None:
            raise ValueError("this request has no response_url")
        client = AsyncWebhookClient(self.response_url, session=self.http)
        return await client.send(text=text, **message)


@dataclass(frozen=True)
class Reply:
    """Answers one request: to a command, in place of a message, or privately."""

    acknowledge: AsyncAck
    """Tells Slack, within three seconds, that the request was handled."""
    respond: Respond
    pressed: PressedMessage
    client: AsyncWebClient
    shown: Sequence[Block] = ()
    """What the pressed message showed when it was pressed, if known."""
    window: View | None = None
    """The modal that was pressed in; None elsewhere."""

    async def command(self, message: Message | str) -> None:
        """Acknowledge a command and answer it, to the person who ran it alone.

        A bare sentence goes with the acknowledgement. Slack doesn't say whether it refused the
        blocks of an acknowledgement, so a message with blocks goes to the response_url first, and
        with the acknowledgement only if that fails.
        """
        said = _as_message(message)
        if not said.blocks:
            await self.acknowledge(text=said.text, response_type="ephemeral")
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                shown = await _send(self.respond, said, response_type="ephemeral")
        except TimeoutError:
            shown = False
        if shown:
            await self.acknowledge()
        else:
            await self.acknowledge(text=said.text, blocks=said.blocks, response_type="ephemeral")

    async def in_place(self, message: Message) -> None:
        """Replace the pressed message, the pressed part of a bundle, or what a modal shows.

        If that fails, and the message is Attune's own DM, edit it.
        """
        if self.window:
            await _show_in(self.client, self.window, message)
            return
        if part := self.pressed.part:
            # Presses in two parts at once: the second one keeps what the first one has changed.
            async with _edits(self.pressed.channel, self.pressed.ts):
                shown = await read_blocks(self.client, self.pressed) or self.shown
                if shown:
                    await self._replace(with_part(shown, part, message))
                else:
                    await self.privately(message)
            return
        await self._replace(message)

    async def _replace(self, message: Message) -> None:
        if await _send(self.respond, message, replace_original=True):
            return
        if self.pressed.is_ours:
            await edit_message(self.client, self.pressed.channel, self.pressed.ts, message)

    async def privately(self, message: Message | str) -> bool:
        """Say something beneath the pressed message, to its presser alone; False if refused."""
        return await say_privately(self.respond, message)

    async def show(self, message: Message) -> None:
        """Replace the pressed message if nobody else sees it; answer privately otherwise."""
        if self.pressed.is_private:
            await self.in_place(message)
        else:
            await self.privately(message)

    def at(self, pressed: PressedMessage, response_url: str | None) -> "Reply":
        """Return the ways to answer at another message, such as the one that opened a form."""
        respond = Respond(response_url, self.respond.http)
        return replace(self, respond=respond, pressed=pressed, shown=(), window=None)


def pressed_message_in(body: dict[str, Any], bot_user_id: str | None) -> PressedMessage:
    """Return the message that a block_actions payload came from."""
    container = body.get("container") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    author = (body.get("message") or {}).get("user")
    hidden = bool(container.get("is_ephemeral"))
    ours = channel.startswith("D") and author == bot_user_id and not hidden
    actions = body.get("actions") or [{}]
    part = part_of(str(actions[0].get("block_id") or ""))
    ts = str(container.get("message_ts") or "")
    return PressedMessage(channel, ts, ours or hidden, ours, part)


def shown_in(body: dict[str, Any]) -> list[Block]:
    """Return the blocks of the message that a block_actions payload came from."""
    return list((body.get("message") or {}).get("blocks") or [])


def window_in(body: dict[str, Any]) -> View | None:
    """Return the modal that a block_actions payload came from; None elsewhere."""
    view = body.get("view") or {}
    return view if body.get("type") == "block_actions" and view.get("type") == "modal" else None


async def say_privately(respond: AsyncRespond, message: Message | str) -> bool:
    """Send a message that only the person behind the request sees; False if refused."""
    said = _as_message(message)
    return await _send(respond, said, response_type="ephemeral", replace_original=False)


async def edit_message(client: AsyncWebClient, channel: str, ts: str, message: Message) -> None:
    """Edit one of Attune's own messages, in plainer forms if the workspace refuses its blocks.

    Slack allows fifty edits a minute in a workspace. A refusal is logged, and the message stays as
    it is.
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


async def edit_part(
    client: AsyncWebClient, channel: str, ts: str, part: str, message: Message
) -> None:
    """Edit one of Attune's own DMs, or one part of it; leave it if Slack does not show it."""
    if part:
        shown = await read_blocks(client, PressedMessage(channel, ts, True, True, part))
        if not shown:
            return
        # Without a block of that name, the others had nothing to say, and it went alone.
        if has_part(shown, part):
            message = with_part(shown, part, message)
    await edit_message(client, channel, ts, message)


def _edits(channel: str, ts: str) -> asyncio.Lock:
    """Return the lock of one message, which this process changes in one order."""
    return _LOCKS.setdefault((channel, ts), asyncio.Lock())


async def read_blocks(client: AsyncWebClient, message: PressedMessage) -> list[Block]:
    """Return what one of Attune's own DMs shows now; empty if Slack does not say.

    https://docs.slack.dev/reference/methods/conversations.history#single-message
    """
    if not message.is_ours:
        return []
    try:
        history = await client.conversations_history(
            channel=message.channel, latest=message.ts, inclusive=True, limit=1
        )
    except (SlackApiError, *NETWORK_ERRORS) as error:
        logger.warning("a message could not be read again: %s", type(error).__name__)
        return []
    found = [each for each in history["messages"] if each.get("ts") == message.ts]
    return list(found[0].get("blocks") or []) if found else []


async def _show_in(client: AsyncWebClient, window: View, message: Message) -> None:
    """Show a message's blocks in a modal, in plainer forms until Slack accepts one."""
    title, callback_id = window["title"]["text"], window.get("callback_id") or "shown"
    for blocks in fallbacks_of(message):
        try:
            view = modal(title, blocks, callback_id=callback_id)
            await client.views_update(view_id=window["id"], view=view)
        except SlackApiError as error:
            logger.warning("a modal could not be updated: %s", error_code(error))
            if error_code(error) not in REFUSED_BLOCKS:
                return
        else:
            return


async def _send(respond: AsyncRespond, message: Message, **how: Any) -> bool:
    """Send a message to the response_url, in plainer forms until Slack accepts one."""
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


def _as_message(message: Message | str) -> Message:
    return Message(message, []) if isinstance(message, str) else message
