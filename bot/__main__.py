"""`python -m bot`: serve Slack over HTTP, or over Socket Mode when SLACK_APP_TOKEN is set."""

import asyncio
import logging
import sys

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.app import create_app
from bot.house import introduce, open_house
from bot.server import create_server
from bot.settings import Settings, SettingsError, load_settings

logger = logging.getLogger("attune")


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
