"""Events that say where the app was removed, or that its token no longer works."""

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
        await _remove(installations, body, context)

    @app.event("tokens_revoked")
    async def revoked(
        event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Forget the token if it is the bot's; people's tokens are never stored."""
        if event["tokens"].get("bot"):
            await _remove(installations, body, context)

    @app.event("team_access_granted")
    @app.event("team_access_revoked")
    async def access_changed(context: AsyncBoltContext) -> None:
        """Read anew for which workspaces the organisation installed Attune."""
        await installations.read_again(str(context.enterprise_id))


async def _remove(
    installations: Installations, body: dict[str, Any], context: AsyncBoltContext
) -> None:
    if context.is_enterprise_install:
        await installations.remove_organisation(str(context.enterprise_id), _moment(body))
    else:
        await installations.remove(str(context.team_id), _moment(body))


def _moment(body: dict[str, Any]) -> datetime:
    """Return when the event happened; Slack may send it again much later."""
    try:
        return datetime.fromtimestamp(int(body["event_time"]), UTC)
    except (LookupError, OverflowError, OSError, TypeError, ValueError) as error:
        raise MalformedError from error
