"""`python -m sandbox.demo`: a company in a Slack-like page, with a clock that can be moved.

With `--once` it tells the story of a smaller company on the terminal instead, and ends.
"""

import argparse
import asyncio
import logging
import os
import sys
import time
import webbrowser
from contextlib import suppress
from pathlib import Path

from sandbox.demo.narrate import heading, says
from sandbox.demo.playground import beside, playground
from sandbox.demo.running import ROOT, DemoError, begin_anew, folder_of, running
from sandbox.demo.story import Story
from sandbox.demo.ticker import Ticker

PORT = 8000


async def play(port: int) -> None:
    """Open the large company's page and keep it running."""
    started = time.perf_counter()
    heading("Brightwater, 120 people, asks how work is going")
    says("Making its last twelve weeks with the real bot and scheduler …")
    folder = folder_of(port)

    def bound(url: str) -> None:
        begin_anew(folder)
        logging.basicConfig(filename=folder / "attune.log", level=logging.INFO)
        heading(url)
        says("Open the page. You can look around while the past is made.")
        _open_browser(url)

    def progress(part: str) -> None:
        says(f"{part} ({time.perf_counter() - started:.0f} s)")

    async with playground(port, folder, bound=bound, progress=progress) as company:
        says(
            f"Ready after {time.perf_counter() - started:.0f} s: the tour on the right tells what "
            "to try. Press Ctrl-C to end."
        )
        async with beside(Ticker(company.sandbox).run()):
            await asyncio.Event().wait()


async def tell(port: int) -> None:
    """Tell the small company's story on the terminal."""
    async with running(port) as company:
        await Story(company).play()
        _where_to_look(company.folder)


def _open_browser(url: str) -> None:
    """Open the page where there is a screen to show it on."""
    has_screen = sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if has_screen:
        with suppress(webbrowser.Error):
            webbrowser.open(url)


def _where_to_look(folder: Path) -> None:
    heading("Where to look")
    says(f"{folder.relative_to(ROOT)}/  its database attune.sqlite3, bot.log, scheduler.log")
    says("make demo  a larger company in a web page, with a clock to move and a tour")


def main() -> int:
    """Run the demo; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo")
    parser.add_argument(
        "--once", action="store_true", help="tell a story on the terminal, then end"
    )
    parser.add_argument("--port", type=int, default=PORT, help="where the workspace listens")
    asked = parser.parse_args()
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(tell(asked.port) if asked.once else play(asked.port))
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
