"""A sandbox with its page and the sample app, and Chromium to look at it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.web import Extras, TourStep, mount
from sandbox.web.live import Web
from sandbox.workspace import SMALL, build_world
from tests.sandbox.apps import serving
from tests.sandbox.web.sample_app import create_sample_app

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000
"""How long the page may take for what it does at once: machines are shared, no test is timed."""
expect.set_options(timeout=PATIENCE_MS)
WANTS_PICTURES = bool(os.environ.get("ATTUNE_SCREENSHOTS"))
"""Whether tests take the pictures of the docs."""
SHARP = 2 if WANTS_PICTURES else 1
"""Dots of a picture for each of the page."""
WINDOW: ViewportSize = {"width": 1280, "height": 800}
COMMANDS = ["/ask", "/choose", "/gallery", "/hello", "/new"]


@dataclass
class Place:
    """The running sandbox, its page, and what the sample app heard."""

    sandbox: Sandbox
    web: Web
    heard: list[tuple[str, Any]]
    moved: list[float]

    async def has_heard(self, last: tuple[str, Any]) -> None:
        """Wait until this is the last thing that the app heard."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while self.heard[-1:] != [last]:
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    """The small workspace with its page, and the sample app behind it."""
    described = yaml.safe_load(SMALL.read_text("utf-8"))
    described["app"] = {"name": "Attune", "commands": COMMANDS}
    sandbox = Sandbox(build_world(described), Options(rate_limits=None, ack_timeout=6))
    world, moved = sandbox.world, list[float]()

    # The sandbox's own clock stays: the app's would have to move along, or refuse our signatures.
    async def advance(by: timedelta) -> None:
        moved.append(by.total_seconds())

    def clock_now() -> datetime:
        return world.clock.now() + timedelta(seconds=sum(moved))

    def steps() -> list[TourStep]:
        return [
            TourStep("Move the clock", is_done=bool(moved)),
            TourStep("Be Chiara", "She is an *engineer*.", False, "chiara", "general"),
        ]

    extras = Extras(clock_now, advance, tour_steps=steps, start_as="ada")
    web = mount(sandbox.asgi, sandbox.engine, extras)
    async with sandbox:
        app = create_sample_app(sandbox.app.bot_token, sandbox.app.signing_secret, sandbox.api_url)
        handler = AsyncSlackRequestHandler(app)

        async def endpoint(request: Request) -> Response:
            return await handler.handle(request)

        routes = [Route("/slack/events", endpoint, methods=["POST"])]
        async with serving(Starlette(routes=routes)) as url:
            sandbox.connect(f"{url}/slack/events")
            heard: list[tuple[str, Any]] = app.heard  # type: ignore[attr-defined] # our own
            yield Place(sandbox, web, heard, moved)


@pytest_asyncio.fixture(loop_scope="module")
async def no_forms(place: Place) -> None:
    """No form of the test before lies over the page."""
    for view in [stack[0] for stack in place.sandbox.world.modals.values() if stack]:
        place.sandbox.world.close_view(view)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium. In CI its absence is a failure."""
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is not installed: the page is not looked at (apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return CHROMIUM


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One browser for the tests of a module."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One browser's memory for the tests of a module, so that scripts are fetched once."""
    made = await browser.new_context(viewport=WINDOW, locale="en-GB", device_scale_factor=SHARP)
    made.set_default_timeout(PATIENCE_MS)
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(context: BrowserContext) -> Page:
    """One tab for the tests of a module: a new one would compile all scripts anew."""
    return await context.new_page()


@pytest_asyncio.fixture(loop_scope="module")
async def page(tab: Page) -> AsyncIterator[Page]:
    """The tab, with nothing in it yet."""
    await tab.set_viewport_size(WINDOW)
    async with watched(tab):
        yield tab


@asynccontextmanager
async def watched(tab: Page) -> AsyncIterator[None]:
    """Empty the tab at the end; what the browser complains about fails the test that used it."""
    complaints: list[str] = []

    def note_error(error: Error) -> None:
        complaints.append(str(error))

    def note_line(said: ConsoleMessage) -> None:
        if is_complaint(said.type, said.text):
            complaints.append(said.text)

    tab.on("pageerror", note_error)
    tab.on("console", note_line)
    yield
    await tab.goto("about:blank")
    tab.remove_listener("pageerror", note_error)
    tab.remove_listener("console", note_line)
    assert complaints == []


def is_complaint(kind: str, text: str) -> bool:
    """Return True if a line of the browser's console is a fault of the page.

    The examples' pictures are on the web, which tests do not reach.
    """
    return kind in {"error", "warning"} and "ERR_NAME_NOT_RESOLVED" not in text


async def open_as(page: Page, place: Place, user: str, where: str = "app") -> None:
    """Open the page as somebody, ready to be used."""
    await page.goto(f"{place.sandbox.url}/?as={user}&in={where}")
    await page.wait_for_function("window.did_handshake === true")


async def write(page: Page, text: str) -> None:
    """Write into the composer and send it."""
    field = page.locator(".composer-field")
    await field.fill(text)
    await field.press("Enter")


def last_message(page: Page) -> Locator:
    """Return the newest message."""
    return page.locator(".message").last
