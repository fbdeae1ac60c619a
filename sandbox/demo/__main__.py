"""`python -m sandbox.demo`: a company in a Slack-like page, with a clock to move and a tour.

With `--once`, the terminal tells the tour's story step by step, and ends.
"""

import argparse
import asyncio
import logging
import os
import sys
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sandbox.clock import utc_now
from sandbox.demo.engine import Demo, folder_of
from sandbox.demo.errors import DemoError
from sandbox.demo.hosting import ROOT
from sandbox.demo.story import STEPS, play
from sandbox.demo.terminal import heading, says

PORT: Final = 8000
WEEKS_TOLD: Final = 9
"""The terminal's past begins just before the reorganisation, to be ready sooner."""
ARRIVAL: Final = timedelta(hours=10, minutes=30)
"""The terminal's story begins on a Monday at this time, when everybody in Europe is at work."""


async def show_page(port: int) -> None:
    """Open the company's page and keep it running."""
    from sandbox.demo.page import Page  # noqa: PLC0415 - NiceGUI takes a second to import

    demo = Demo(port)
    page = Page(demo)

    def bound() -> None:
        heading(demo.sandbox.url)
        says("Open the page. You can look around while the past is made.")
        _open_browser(demo.sandbox.url)
        _log_to_file(port)

    async with demo.running(folder_of(port), _progress(page.prepare), bound):
        says("Ready: the tour on the right shows what to try. Press Ctrl-C to end.")
        async with page.open():
            await asyncio.Event().wait()


async def tell_story(port: int) -> None:
    """Tell the story on the terminal."""
    began = utc_now()
    monday = datetime.combine(began.date() - timedelta(days=began.weekday()), datetime.min.time())
    arrival = monday.replace(tzinfo=began.tzinfo) + ARRIVAL
    demo = Demo(port, lambda: arrival + (utc_now() - began), WEEKS_TOLD, timedelta(0))
    folder = folder_of(port)
    async with demo.running(folder, _progress(), partial(_log_to_file, port)):
        players = demo.players()
        for step in STEPS:
            heading(step.heading)
            says(step.look)
            await play(step, players)
    heading("Where to look")
    says(f"`{folder.relative_to(ROOT)}/` has the database `attune.sqlite3` and `attune.log`.")
    says("`make demo` shows the same company in a web page, with a clock to move and this tour.")


def _progress(also: Callable[[str], None] = lambda _: None) -> Callable[[str], None]:
    """Return what prints the next part of the past and tells it to `also`."""
    heading("Brightwater, 120 people, asks how work is going")
    says("Making its past with the real bot and scheduler …")
    started = time.perf_counter()

    def progress(part: str) -> None:
        says(f"{part} ({time.perf_counter() - started:.0f} s)")
        also(part)

    return progress


def _log_to_file(port: int) -> None:
    logging.basicConfig(filename=folder_of(port) / "attune.log", level=logging.INFO)


def _open_browser(url: str) -> None:
    """Open the page where there is a screen to show it on."""
    has_screen = sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if has_screen:
        with suppress(webbrowser.Error):
            webbrowser.open(url)


def main() -> int:
    """Run the demo; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo")
    parser.add_argument("--once", action="store_true", help="tell the story on the terminal")
    parser.add_argument("--port", type=int, default=PORT, help="where the workspace listens")
    asked = parser.parse_args()
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run((tell_story if asked.once else show_page)(asked.port))
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
