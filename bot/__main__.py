"""`python -m bot`: serve Slack over HTTP, or over Socket Mode when SLACK_APP_TOKEN is set.

`python -m bot people import FILE` and `people sync` fill the directory; `export --person U…` and
`erase --person U…` do what `/pulse my-data` and `/pulse forget-me` do; `new-key` and `rotate-keys`
manage the key of encrypted texts.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from bot import keys
from bot.app import create_app
from bot.listening import freeze_startup_objects, listen_by_http, listen_by_socket
from bot.people import cli as people
from bot.rights import cli as rights
from bot.runtime import check_and_register, check_app_token, open_runtime, start_failure
from bot.server import create_server
from bot.settings import load_settings

REQUEST_SECONDS = 2.0
"""How long a request waits for a free database connection. Slack waits three seconds."""
COMMAND_SECONDS = 30.0


async def run(asked: argparse.Namespace) -> int:
    """Open the runtime, run the command or serve Slack, and return the exit status."""
    patience = COMMAND_SECONDS if asked.command else REQUEST_SECONDS
    async with open_runtime(load_settings(), pool_seconds=patience) as runtime:
        await check_and_register(runtime)
        if asked.command == "people":
            return await people.run(asked, runtime)
        if asked.command in rights.CONSOLE_COMMANDS:
            return await rights.run(asked, runtime)
        if asked.command == keys.ROTATE_KEYS:
            return await keys.run_rotation(runtime.sessions, runtime.settings)
        await check_app_token(runtime)
        app = create_app(runtime)
        freeze_startup_objects()
        if runtime.settings.slack_app_token:
            await listen_by_socket(app, runtime.settings.slack_app_token.get_secret_value())
        else:
            await listen_by_http(create_server(runtime, app), runtime.settings)
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, or say in one sentence what is wrong; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Without a command: serves Slack."
    )
    commands = parser.add_subparsers(dest="command")
    people.add_commands(commands)
    rights.add_commands(commands)
    keys.add_commands(commands)
    asked = parser.parse_args(arguments)
    if asked.command == keys.NEW_KEY:
        return keys.print_new_key()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        return asyncio.run(run(asked))
    except KeyboardInterrupt:
        return 0
    except Exception as error:
        sentence = start_failure(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)  # noqa: T201 (the command's own answer)
        return 2


if __name__ == "__main__":
    sys.exit(main())
