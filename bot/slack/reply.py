"""The ways to answer one request: its command, its message, or its sender alone.

Bolt's `respond` raises for no refusal: the status tells, and here it is read.
https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import Message
from bot.blockkit.pressed_message import PressedMessage
from bot.slack.responding import ANSWER_SECONDS, _responded, update


@dataclass(frozen=True)
class Reply:
    """The ways to answer one request."""

    acknowledge: AsyncAck
    """Tells Slack, within three seconds, that the request was handled."""
    respond: AsyncRespond
    pressed: PressedMessage
    client: AsyncWebClient

    async def command(self, message: Message | str) -> None:
        """Acknowledge a command and answer it, to the person who ran it alone.

        Slack doesn't say whether it refused the blocks of an acknowledgement, so the answer goes to
        the response_url first. The acknowledgement carries it only where there is none.
        """
        said = _as_message(message)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                shown = await self._responded(said, response_type="ephemeral")
        except TimeoutError:
            shown = False
        if shown:
            await self.acknowledge()
        else:
            await self.acknowledge(text=said.text, blocks=said.blocks, response_type="ephemeral")

    async def in_place(self, message: Message) -> None:
        """Put a message in the place of the one that was pressed.

        Where the response_url does not work, Attune's own message to a person is changed.
        """
        if await self._responded(message, replace_original=True):
            return
        if self.pressed.is_ours:
            await update(self.client, self.pressed.channel, self.pressed.ts, message)

    async def privately(self, message: Message | str) -> bool:
        """Say something beneath the pressed message, to its presser alone; False if refused."""
        said = _as_message(message)
        return await self._responded(said, response_type="ephemeral", replace_original=False)

    async def show(self, message: Message) -> None:
        """Put a message in place if nobody else sees the pressed one, and privately otherwise."""
        if self.pressed.is_private:
            await self.in_place(message)
        else:
            await self.privately(message)

    async def _responded(self, message: Message, **how: Any) -> bool:
        return await _responded(self.respond, message, **how)


def _as_message(message: Message | str) -> Message:
    return Message(message, []) if isinstance(message, str) else message
