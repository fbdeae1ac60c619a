"""Somebody opens the Home tab, or writes to Attune."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.actor import Actor
from bot.blockkit.blocks import View
from bot.clock import Clock
from bot.home import service
from bot.home.blocks import hello_message, home_view
from bot.slack.client import Followups, error_code, post
from bot.slack.commands import Usage
from models.database import Sessions

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = ()


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.event("app_home_opened")(home_opened)
    app.event("message")(message_written)


async def home_opened(
    ack: Any,
    event: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
    followups: Followups,
) -> None:
    """Publish a person's Home tab when they look at it, and only then: Slack limits how often."""
    if event.get("tab", "home") != "home":
        await ack()
        return
    async with sessions.begin() as session:
        home = await service.home_of(session, actor, clock())
    await ack()
    followups.start(_publish(client, actor.user_id, home_view(home)))


async def message_written(
    ack: Any, event: Payload, client: AsyncWebClient, followups: Followups
) -> None:
    """Tell somebody who writes to Attune what it listens to; nothing of it is read or kept.

    Edits, deletions and messages of apps bring events, too; they have a subtype or a bot's id.
    https://docs.slack.dev/reference/events/message.im
    """
    await ack()
    is_somebodys = event.get("channel_type") == "im" and bool(event.get("user"))
    if is_somebodys and not event.get("subtype") and not event.get("bot_id"):
        followups.start(post(client, event["channel"], hello_message()))


async def _publish(client: AsyncWebClient, user_id: str, view: View) -> None:
    """Publish a Home tab; a server that has none does without."""
    try:
        await client.views_publish(user_id=user_id, view=view)
    except SlackApiError as error:
        if error_code(error) != "unknown_method":
            raise
