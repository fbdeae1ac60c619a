"""`python -m sandbox.demo`: start a company, play its story, keep running until Ctrl-C."""

import argparse
import asyncio
import sys
from contextlib import suppress

from sandbox.demo.narrate import heading, says
from sandbox.demo.running import FOLDER, ROOT, Demo, DemoError, running
from sandbox.demo.story import Story

PORT = 8000


async def demo(port: int, *, once: bool) -> None:
    """Play the story; then, unless `once`, wait to be interrupted."""
    async with running(port) as company:
        await Story(company).play()
        _where_to_look(company)
        if not once:
            says("It keeps running. Press Ctrl-C to end.")
            await asyncio.Event().wait()


def _where_to_look(company: Demo) -> None:
    heading("Where to look")
    url = company.sandbox.url
    folder = FOLDER.relative_to(ROOT)
    says(f"{url}/control/messages?channel=people-ops  the digest as JSON")
    says(f"{url}/control/calls  each request between the bot and the workspace")
    says(f"{url}/control/state  people and channels; sandbox/control.py tells how to act as them")
    says(f"{company.bot_url}/health and /metrics  the bot")
    says(f"{folder}/  its database attune.sqlite3, bot.log, scheduler.log")


def main() -> int:
    """Run the demo; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo")
    parser.add_argument("--once", action="store_true", help="end after the story")
    parser.add_argument("--port", type=int, default=PORT, help="where the workspace listens")
    asked = parser.parse_args()
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(demo(asked.port, once=asked.once))
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
