"""`python -m bot`: serve Slack over HTTP, or over Socket Mode when SLACK_APP_TOKEN is set.

`python -m bot people import FILE` and `people sync` fill the directory; `export --person U…` and
`erase --person U…` do what `/pulse my-data` and `/pulse forget-me` do; `figures FOLDER` writes all
published figures, `council FILE` a dossier for the works council; `new-key` and `rotate-keys`
manage the key of encrypted texts; `backup FILE` and `restore FILE` are in bot/backup; `doctor` says
what is wrong and how to fix it, `status` whom Attune will write to; `manifest` prints the app's
manifest.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot import keys
from bot.app import create_app
from bot.backup import cli as backup
from bot.doctor import cli as doctor
from bot.doctor.examination import log_findings
from bot.insights.export import cli as figures
from bot.listening import (
    call_at_stop,
    freeze_startup_objects,
    listen_by_http,
    listen_by_socket,
)
from bot.logs import configure_logs
from bot.operations import serving_metrics
from bot.people import cli as people
from bot.rights import cli as rights
from bot.rights.council import cli as council
from bot.runtime import (
    Runtime,
    check_and_register,
    check_app_token,
    open_runtime,
    start_failure,
)
from bot.server import create_server
from bot.settings import Settings, load_settings
from bot.setup import cli as setup
from bot.workflow_steps import cli as manifest

REQUEST_SECONDS = 2.0
"""How long a request waits for a free database connection. Slack waits three seconds."""
COMMAND_SECONDS = 30.0
RUN: Mapping[str | None, Callable[[argparse.Namespace, Runtime], Awaitable[int]]] = {
    "people": people.run,
    figures.FIGURES: figures.run,
    council.COUNCIL: council.run,
    setup.STATUS: setup.run,
    **dict.fromkeys(rights.CONSOLE_COMMANDS, rights.run),
}
"""Commands that need the runtime."""
RUN_ALONE: Mapping[str | None, Callable[[argparse.Namespace], int]] = {
    doctor.DOCTOR: doctor.run,
    manifest.MANIFEST: manifest.run,
    **dict.fromkeys(backup.CONSOLE_COMMANDS, backup.run),
}
"""Commands that read the settings themselves, or need none."""


async def run(asked: argparse.Namespace, settings: Settings) -> int:
    """Open the runtime, run the command or serve Slack, and return the exit status."""
    patience = COMMAND_SECONDS if asked.command else REQUEST_SECONDS
    async with open_runtime(settings, pool_seconds=patience) as runtime:
        if not asked.command:
            call_at_stop(runtime.stopping.set)
        await check_and_register(runtime)
        if run_command := RUN.get(asked.command):
            return await run_command(asked, runtime)
        if asked.command == keys.ROTATE_KEYS:
            return await keys.run_rotation(runtime.sessions, runtime.settings)
        await serve_slack(runtime)
        return 0


async def serve_slack(runtime: Runtime) -> None:
    """Listen until told to stop, over HTTP or in Socket Mode."""
    await check_app_token(runtime)
    app = create_app(runtime)
    freeze_startup_objects()
    runtime.followups.start(log_findings(runtime))
    async with serving_metrics(runtime, runtime.settings.metrics_port, "METRICS_PORT"):
        if token := runtime.settings.slack_app_token:
            await listen_by_socket(app, token.get_secret_value(), runtime)
        else:
            await listen_by_http(create_server(runtime, app), runtime)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, or say in one sentence what is wrong; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Without a command: serves Slack."
    )
    commands = parser.add_subparsers(dest="command")
    people.add_commands(commands)
    rights.add_commands(commands)
    figures.add_commands(commands)
    council.add_commands(commands)
    keys.add_commands(commands)
    backup.add_commands(commands)
    doctor.add_commands(commands)
    setup.add_commands(commands)
    manifest.add_commands(commands)
    asked = parser.parse_args(arguments)
    if asked.command == keys.NEW_KEY:
        return keys.print_new_key()
    try:
        if run_alone := RUN_ALONE.get(asked.command):
            return run_alone(asked)
        settings = load_settings()
        configure_logs(settings.log_format)
        return asyncio.run(run(asked, settings))
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
