"""Runs a workspace: ``python -m sandbox --workspace FILE --port 8000 --app-url URL``."""

import argparse
import asyncio
import contextlib
import signal
import sys

from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import SMALL, WorkspaceError, load_workspace


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    parser.add_argument("--workspace", default=str(SMALL), help="YAML or JSON file")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--app-url", help="where the app answers, e.g. http://127.0.0.1:3000")
    parser.add_argument("--manifest", help="app manifest: scopes, events and commands of the app")
    parser.add_argument("--socket-mode", action="store_true", help="reach the app by Socket Mode")
    parser.add_argument(
        "--rate-limits", default="1", help="factor on Slack's rate limits, or off (default 1)"
    )
    parser.add_argument(
        "--retry-scale", type=float, default=1.0, help="factor on the waits between event retries"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the faults' chances")
    parser.add_argument("--web", action="store_true", help="show the workspace as a page at /")
    return parser.parse_args(arguments)


async def run(arguments: argparse.Namespace) -> None:
    """Serve until the process is told to stop."""
    world = load_workspace(
        arguments.workspace, app_url=arguments.app_url, manifest=arguments.manifest
    )
    if arguments.socket_mode:
        world.app().socket_mode = True
    limits = None if arguments.rate_limits == "off" else float(arguments.rate_limits)
    options = Options(rate_limits=limits, retry_scale=arguments.retry_scale, seed=arguments.seed)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sandbox = Sandbox(world, options, port=arguments.port)
    if arguments.web:
        from sandbox.web import mount  # noqa: PLC0415 - NiceGUI takes a second to import

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
        f"  SLACK_APP_TOKEN={app.app_token}" if app.socket_mode else "",
        f"  act and look: {sandbox.url}/control/state",
    ]
    sys.stdout.write("\n".join(line for line in lines if line) + "\n")
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
