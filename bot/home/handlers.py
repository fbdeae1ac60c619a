"""Somebody opens the Home tab, or writes to Attune."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import View
from bot.home import service
from bot.home.blocks import hello_message, home_view
from bot.slack.client import Followups, error_code, post
from bot.slack.commands import Usage
from bot.slack.interaction import Interaction

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = ()


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.event("app_home_opened")(home_opened)
    app.event("message")(message_written)


async def home_opened(interaction: Interaction) -> None:
    """Publish a person's Home tab when they open it, and only then: Slack limits how often."""
    if interaction.body["event"].get("tab", "home") != "home":
        await interaction.reply.acknowledge()
        return
    async with interaction.begin() as session:
        home = await service.home_of(session, interaction.actor, interaction.now)
    await interaction.reply.acknowledge()
    interaction.later(_publish(interaction, home_view(home)))


async def message_written(
    ack: Any, event: Payload, client: AsyncWebClient, followups: Followups
) -> None:
    """Answer a message to Attune with what it listens to; the message is neither read nor kept.

    Edits, deletions and apps' messages send this event, too; they have a subtype or a bot's id.
    https://docs.slack.dev/reference/events/message.im
    """
    await ack()
    is_somebodys = event.get("channel_type") == "im" and bool(event.get("user"))
    if is_somebodys and not event.get("subtype") and not event.get("bot_id"):
        followups.start(post(client, event["channel"], hello_message()))


async def _publish(interaction: Interaction, view: View) -> None:
    """Publish a Home tab; do without on a server that has none."""
    try:
        await interaction.client.views_publish(user_id=interaction.actor.user_id, view=view)
    except SlackApiError as error:
        if error_code(error) != "unknown_method":
            raise
