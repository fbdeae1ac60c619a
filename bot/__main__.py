"""`python -m bot`: serve Slack over HTTP, or over Socket Mode when SLACK_APP_TOKEN is set."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.app import House, create_app, make_house
from bot.server import create_server
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.client import error_code, make_client, open_http
from bot.slack.clock import Clock, utc_now
from models.database import make_engine, make_sessions

logger = logging.getLogger("attune")


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[House]:
    """Open the database and the HTTP session; close both at the end."""
    engine = make_engine(settings.database_url, hide_parameters=True)
    async with open_http() as http:
        house = make_house(settings, make_sessions(engine), http, clock)
        try:
            yield house
        finally:
            await house.followups.finish()
            await engine.dispose()


async def introduce(house: House) -> None:
    """Record the workspace whose token is in the settings, if there is one.

    Raises SettingsError when Slack does not know the token.
    """
    token = house.settings.slack_bot_token
    if token is None:
        return
    client = make_client(house.settings.slack_api_url, house.http, token.get_secret_value())
    try:
        await house.installations.record_own_workspace(client)
    except SlackApiError as error:
        raise SettingsError(
            f"Slack refused SLACK_BOT_TOKEN ({error_code(error)}): copy it anew from "
            f"{Settings.model_fields['slack_bot_token'].description}."
        ) from None


async def serve(settings: Settings) -> None:
    """Serve until the process is told to stop."""
    async with open_house(settings) as house:
        await introduce(house)
        app = create_app(house)
        if settings.slack_app_token:
            logger.info("listening in Socket Mode")
            handler = AsyncSocketModeHandler(app, settings.slack_app_token.get_secret_value())
            await handler.start_async()  # type: ignore[no-untyped-call] # Bolt's own
        else:
            logger.info("listening on http://%s:%s", settings.host, settings.port)
            config = uvicorn.Config(
                create_server(house, app),
                host=settings.host,
                port=settings.port,
                log_level="warning",
                ws="none",
            )
            await uvicorn.Server(config).serve()


def main() -> int:
    """Start, or say in one sentence what is missing; return the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(load_settings()))
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 (the start's own message)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
