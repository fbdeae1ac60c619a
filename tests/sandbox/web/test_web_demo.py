"""What a demo adds to the page: a clock that all pages share, a banner, roles, a tour."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from sandbox.server import Sandbox
from sandbox.web import Extras, Role, TourStep, mount
from sandbox.workspace import build_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

USERS = [
    {"name": "ada", "real_name": "Ada Okafor", "title": "Head of People", "tz": "Europe/London"},
    {"name": "goro", "real_name": "Goro Mori", "title": "Engineer", "tz": "Asia/Tokyo"},
]


@dataclass
class Demo:
    """A small demo, whose clock the tests hold."""

    preparing: str = ""
    trouble: Exception | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    moves: int = 0
    is_done: bool = False
    visited: list[str] = field(default_factory=list)
    sandbox: Sandbox = field(init=False)

    def __post_init__(self) -> None:
        app = {"name": "Attune", "commands": ["/pulse"], "messages_read_only": True}
        described = {"team": {"id": "T1", "name": "T"}, "users": USERS, "app": app}
        self.sandbox = Sandbox(build_world(described))
        extras = Extras(
            advance=self.advance,
            preparing=lambda: self.preparing,
            became=self.visited.append,
            roles=[Role("goro", "Leads the engineers")],
            tour_steps=lambda: [TourStep("Look around", is_done=self.is_done)],
            tour_end="That was all. <https://example.com/|Use it yourself>",
            start_as="ada",
            start_in="general",
        )
        mount(self.sandbox.asgi, self.sandbox.engine, extras)

    async def advance(self, _by: timedelta) -> None:
        self.moves += 1
        await self.arrived.wait()
        if self.trouble is not None:
            raise self.trouble


@pytest_asyncio.fixture(loop_scope="module")
async def demo(page: Page) -> AsyncIterator[Demo]:
    made = Demo()
    async with made.sandbox:
        yield made
        await page.goto("about:blank")
        await asyncio.sleep(0.05)


async def open_page(page: Page, demo: Demo) -> Locator:
    await page.goto(demo.sandbox.url)
    await page.wait_for_function("window.did_handshake === true")
    return page.get_by_role("button", name="+1 day")


async def press_in_vain(page: Page, button: Locator) -> None:
    """Press a button that is held; return when the server has heard of it."""
    await button.click(force=True)
    # What the page sends arrives in order.
    await page.get_by_label("Switch to another person").select_option("Goro Mori · Engineer")
    await expect(page.locator(".clock-zone")).to_have_text("Tokyo")


async def test_until_the_past_is_made_the_page_says_so_and_holds_the_clock(
    page: Page, demo: Demo
) -> None:
    demo.preparing = "Making the past …"
    day = await open_page(page, demo)
    await expect(page.locator(".banner")).to_have_text("Making the past …")
    await expect(page.locator(".tour")).to_contain_text("as soon as the company is ready")
    await expect(day).to_be_disabled()
    await press_in_vain(page, day)
    assert demo.moves == 0
    demo.preparing = ""
    demo.sandbox.world.clock.advance(60)  # the pages hear of every move
    await expect(day).to_be_enabled()
    await expect(page.locator(".banner")).to_be_hidden()


async def test_while_time_moves_no_page_moves_it_again(
    page: Page, demo: Demo, context: BrowserContext
) -> None:
    other = await context.new_page()
    day, days = await open_page(page, demo), await open_page(other, demo)
    await day.click()
    for button, where in ((day, page), (days, other)):
        await expect(button).to_be_disabled()
        await expect(where.get_by_text("Time moves …")).to_be_visible()
    await press_in_vain(other, days)
    demo.arrived.set()
    for button in (day, days):
        await expect(button).to_be_enabled()
    assert demo.moves == 1
    await other.close()


async def test_what_goes_wrong_is_said_kindly(
    page: Page, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    demo.trouble = KeyError("secret detail")
    demo.arrived.set()
    day = await open_page(page, demo)
    await day.click()
    await expect(page.locator(".clock-status")).to_contain_text("Time stopped on the way.")
    assert "secret detail" not in str(await page.locator("body").text_content())
    assert "the clock stopped on its way" in caplog.text
    demo.trouble = None
    await day.click()
    await expect(page.locator(".clock-status")).to_be_hidden()


async def test_roles_come_first_and_the_tour_ends_with_a_link(page: Page, demo: Demo) -> None:
    demo.is_done = True
    await open_page(page, demo)
    link = page.locator(".tour").get_by_role("link", name="Use it yourself")
    await expect(link).to_have_attribute("href", "https://example.com/")
    await expect(page.locator(".clock-zone")).to_have_text("London")
    switch = page.get_by_label("Switch to another person")
    first = switch.get_by_role("option").first
    await expect(first).to_have_text("Goro Mori · Leads the engineers")
    await switch.select_option("Goro Mori · Engineer")
    await expect(page.locator(".clock-zone")).to_have_text("Tokyo")
    users = demo.sandbox.world.users
    assert [users[one].name for one in demo.visited] == ["ada", "goro"]


async def test_where_an_app_takes_no_messages_there_is_no_field(page: Page, demo: Demo) -> None:
    await open_page(page, demo)
    await page.get_by_role("button", name="Messages").click()
    said = "Sending messages to Attune has been turned off."
    await expect(page.locator(".conversation")).to_contain_text(said)
    await expect(page.locator(".composer-field")).to_have_count(0)
