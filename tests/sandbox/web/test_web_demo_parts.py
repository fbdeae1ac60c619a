"""What a demo adds to the page: a clock that all pages share, a banner, roles; and a silent app."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from sandbox.acting import command
from sandbox.outcome import CannotError
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

    preparing: str = "Making the past …"
    trouble: Exception | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    moves: int = 0
    is_done: bool = False
    visited: list[str] = field(default_factory=list)
    sandbox: Sandbox = field(init=False)

    def __post_init__(self) -> None:
        app: dict[str, Any] = {
            "name": "Attune",
            "commands": ["/pulse", "/silent"],
            "usage_hints": {"/pulse": "new | help"},
            "messages_read_only": True,
        }
        self.sandbox = Sandbox(build_world({"team": {"name": "T"}, "users": USERS, "app": app}))
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
async def demo() -> AsyncIterator[Demo]:
    made = Demo()
    async with made.sandbox:
        yield made
        await asyncio.sleep(0.05)


async def open_page(page: Page, demo: Demo) -> Locator:
    await page.goto(demo.sandbox.url)
    await page.wait_for_function("window.did_handshake === true")
    return page.get_by_role("button", name="+1 day")


async def test_until_the_past_is_made_the_page_says_so_and_holds_the_clock(
    page: Page, demo: Demo
) -> None:
    day = await open_page(page, demo)
    await expect(page.locator(".banner")).to_have_text("Making the past …")
    await expect(page.locator(".tour")).to_contain_text("as soon as the company is ready")
    await expect(day).to_be_disabled()
    await day.click(force=True)
    assert demo.moves == 0
    demo.preparing = ""
    demo.sandbox.world.clock.advance(60)  # whoever moves the clock, the pages hear of it
    await expect(day).to_be_enabled()
    await expect(page.locator(".banner")).to_be_hidden()
    await expect(page.locator(".tour")).not_to_contain_text("as soon as")
    await page.goto("about:blank")


async def test_while_time_moves_no_page_moves_it_again(
    page: Page, demo: Demo, context: BrowserContext
) -> None:
    demo.preparing = ""
    other = await context.new_page()
    day, days = await open_page(page, demo), await open_page(other, demo)
    await day.click()
    for button, where in ((day, page), (days, other)):
        await expect(button).to_be_disabled()
        await expect(where.get_by_text("Time moves …")).to_be_visible()
    await days.click(force=True)
    demo.arrived.set()
    for button in (day, days):
        await expect(button).to_be_enabled()
    assert demo.moves == 1
    await other.close()
    await page.goto("about:blank")


@pytest.mark.parametrize("width", [1280, 360])
async def test_the_clocks_buttons_stay_where_they_are_while_time_moves(
    page: Page, demo: Demo, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    demo.preparing = ""
    demo.arrived.clear()
    day = await open_page(page, demo)
    before = await day.bounding_box()
    await day.click()
    await expect(page.get_by_text("Time moves …")).to_be_visible()
    assert await day.bounding_box() == before
    demo.arrived.set()
    await expect(day).to_be_enabled()
    await page.goto("about:blank")


async def test_what_a_command_says_while_it_is_sent_moves_nothing(page: Page, demo: Demo) -> None:
    await open_page(page, demo)
    composer = page.locator(".composer-row")
    before = await composer.bounding_box()
    status = page.locator(".composer").get_by_role("status")
    await status.evaluate("line => { line.textContent = 'Sending /pulse …' }")
    await expect(status).to_be_visible()
    assert await composer.bounding_box() == before
    await page.goto("about:blank")


async def test_the_tab_tells_who_one_is_and_where(page: Page, demo: Demo) -> None:
    await open_page(page, demo)
    await expect(page).to_have_title("Ada Okafor · T")
    await page.get_by_label("Switch to another person").click()
    await page.locator(".people .person").first.click()
    await expect(page).to_have_title("Goro Mori · T")
    await page.goto("about:blank")


async def test_after_the_last_step_the_tour_says_where_to_go_on(page: Page, demo: Demo) -> None:
    demo.preparing, demo.is_done = "", True
    await open_page(page, demo)
    link = page.locator(".tour").get_by_role("link", name="Use it yourself")
    await expect(link).to_have_attribute("href", "https://example.com/")
    demo.is_done = False
    await page.goto("about:blank")


async def test_what_goes_wrong_is_said_kindly(
    page: Page, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    demo.preparing, demo.trouble = "", KeyError("secret detail")
    demo.arrived.set()
    day = await open_page(page, demo)
    await day.click()
    await expect(page.locator(".clock-status")).to_contain_text("Time stopped on the way.")
    assert "secret detail" not in str(await page.locator("body").text_content())
    assert "the clock stopped on its way" in caplog.text
    await expect(day).to_be_enabled()
    demo.trouble = None
    await day.click()
    await expect(page.locator(".clock-status")).to_be_hidden()
    await page.goto("about:blank")


async def test_the_switcher_offers_roles_first_and_the_clock_says_where(
    page: Page, demo: Demo
) -> None:
    await open_page(page, demo)
    await expect(page.locator(".clock-zone")).to_have_text("London")
    await page.get_by_label("Switch to another person").click()
    people = page.locator(".people .person")
    await expect(people.first).to_contain_text("Goro Mori")
    await expect(people.first).to_contain_text("Leads the engineers")
    await expect(people.nth(1)).to_contain_text("Head of People")
    await people.first.click()
    await expect(page.locator(".clock-zone")).to_have_text("Tokyo")
    world = demo.sandbox.world
    assert [world.users[one].name for one in demo.visited] == ["ada", "goro"]
    await page.goto("about:blank")


async def test_commands_are_hinted_at_as_the_manifest_does(page: Page, demo: Demo) -> None:
    await open_page(page, demo)
    await page.locator(".composer-field").press_sequentially("/")
    await expect(page.get_by_role("option")).to_have_text(["/pulsenew | help", "/silentAttune"])
    await page.goto("about:blank")


async def test_where_an_app_takes_no_messages_there_is_no_field(page: Page, demo: Demo) -> None:
    await open_page(page, demo)
    await page.get_by_role("button", name="Messages").click()
    await expect(page.locator(".conversation")).to_contain_text(
        "Sending messages to Attune has been turned off."
    )
    await expect(page.locator(".composer-field")).to_have_count(0)
    with pytest.raises(CannotError, match="turned off"):
        await command(demo.sandbox.engine, "ada", "/pulse", "help")
    await page.goto("about:blank")
