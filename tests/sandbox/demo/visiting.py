"""How a visitor of the demo's page moves about."""

import re

from playwright.async_api import Locator, Page, ViewportSize, expect

from sandbox.demo.engine import Demo
from tests.conftest import HANGS
from tests.sandbox.web.conftest import WINDOW

PHONE: ViewportSize = {"width": 390, "height": 780}
WEEK_MS = HANGS * 1_000
"""A week passes in seconds; this is for a machine with a lot else to do."""


async def be(page: Page, company: Demo, user: str, where: str = "app") -> None:
    """Look at a place as somebody."""
    await page.goto(f"{company.sandbox.url}/?as={user}&in={where}")
    await page.wait_for_function("window.did_handshake === true")


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def close(page: Page) -> None:
    """Close the window that is open, and wait until it is."""
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def close_all(page: Page) -> None:
    """Close the windows that are open, the uppermost first."""
    while await page.get_by_role("dialog").count():
        await page.keyboard.press("Escape")
        await page.wait_for_timeout(100)


async def follow(page: Page, step: str, who: str) -> None:
    """Follow the tour to a step, on a phone; it brings its person and place into view."""
    await page.set_viewport_size(PHONE)
    await page.locator(".tour-step", has_text=step).get_by_role("button").click()
    await expect(page).to_have_title(re.compile(f"^{who} "))
    await expect(page.get_by_role("main")).to_be_in_viewport(ratio=0.8)
    await page.set_viewport_size(WINDOW)
