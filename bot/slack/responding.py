"""Earlier names of what `Reply` does, for the listeners that don't take an `Interaction` yet."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import Message
from bot.blockkit.pressed_message import PressedMessage
from bot.slack.reply import Reply


class Pressed(Reply):
    """The pressed message, and the ways to answer there."""

    async def replace(self, message: Message) -> None:
        """Replace the pressed message."""
        await self.in_place(message)

    async def whisper(self, message: Message | str) -> None:
        """Say something beneath the pressed message, to its presser alone."""
        await self.privately(message)


async def answer(ack: Any, respond: Any, message: Message) -> None:
    """Acknowledge a command and answer it."""
    nowhere = PressedMessage("", "", is_private=False, is_ours=False)
    await Reply(ack, respond, nowhere, AsyncWebClient()).command(message)
