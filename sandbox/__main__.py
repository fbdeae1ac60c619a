"""Runs a workspace with its page: ``python -m sandbox --app-url http://127.0.0.1:3000``."""

import argparse
import asyncio
import contextlib
import signal
import sys

from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.web import mount
from sandbox.workspace import SMALL, WorkspaceError, load_workspace


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    parser.add_argument("--workspace", default=str(SMALL), help="YAML or JSON file")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--app-url", help="where the app answers, e.g. http://127.0.0.1:3000")
    parser.add_argument("--manifest", help="app manifest: scopes, events and commands of the app")
    parser.add_argument("--socket-mode", action="store_true", help="reach the app by Socket Mode")
    parser.add_argument("--no-rate-limits", action="store_true", help="allow any number of calls")
    return parser.parse_args(arguments)


async def run(arguments: argparse.Namespace) -> None:
    """Serve until the process is told to stop."""
    path, url, manifest = arguments.workspace, arguments.app_url, arguments.manifest
    world = load_workspace(path, app_url=url, manifest=manifest)
    world.app().socket_mode |= arguments.socket_mode
    options = Options(rate_limits=None if arguments.no_rate_limits else 1.0)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sandbox = Sandbox(world, options, port=arguments.port)
    mount(sandbox.asgi, sandbox.engine)
    async with sandbox:
        tell(sandbox)
        await stop.wait()


def tell(sandbox: Sandbox) -> None:
    """Print what an app needs to run against this workspace."""
    app = sandbox.app
    lines = [
        f"{sandbox.world.team.name} is open at {sandbox.url}",
        f"  SLACK_API_URL={sandbox.api_url}",
        f"  SLACK_BOT_TOKEN={app.bot_token}",
        f"  SLACK_SIGNING_SECRET={app.signing_secret}",
    ]
    if app.socket_mode:
        lines.append(f"  SLACK_APP_TOKEN={app.app_token}")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run and return the exit status."""
    try:
        asyncio.run(run(parse(sys.argv[1:])))
    except (OSError, ValueError, WorkspaceError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
