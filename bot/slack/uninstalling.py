"""Events that say that the app was removed, or that its token no longer works."""

from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.errors import MalformedError
from bot.slack.installations import Installations


def register(app: AsyncApp, installations: Installations) -> None:
    """Register the listeners; Bolt's own ones ignore the time of the event."""

    @app.event("app_uninstalled")
    async def removed(body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Forget the token."""
        await installations.remove(str(context.team_id), _moment(body))

    @app.event("tokens_revoked")
    async def revoked(
        event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Forget the token if it is the bot's; people's tokens are never stored."""
        if event["tokens"].get("bot"):
            await installations.remove(str(context.team_id), _moment(body))


def _moment(body: dict[str, Any]) -> datetime:
    """Return when the event happened; Slack may send it again much later."""
    try:
        return datetime.fromtimestamp(int(body["event_time"]), UTC)
    except (LookupError, OverflowError, OSError, TypeError, ValueError) as error:
        raise MalformedError from error
