"""Somebody opens the Home tab, or writes to Attune."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import View
from bot.home import service
from bot.home.blocks import attune_view, hello_message, home_view
from bot.languages import marked
from bot.slack.client import Followups, error_code, post
from bot.slack.commands import ATTUNE, Usage, subcommand
from bot.slack.interaction import Interaction

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = (
    Usage("/attune", marked("opens my Home in a window, with all that you can type")),
)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.event("app_home_opened")(home_opened)
    app.command(ATTUNE, matchers=[subcommand("")])(attune_opened)
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


async def attune_opened(interaction: Interaction, usages: Sequence[Usage]) -> None:
    """Open a person's Home in a modal, with the commands that they can use."""
    async with interaction.begin() as session:
        home = await service.home_of(session, interaction.actor, interaction.now)
    commands = [each.line for each in usages if home.hr or not each.for_hr]
    await interaction.open_form(attune_view(home, commands))
    await interaction.reply.acknowledge()


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
