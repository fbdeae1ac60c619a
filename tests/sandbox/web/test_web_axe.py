"""The page passes axe-core's serious and critical checks."""

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Locator, Page, expect

from tests.sandbox.web.conftest import Place, open_as, write

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_forms")]


async def assert_accessible(page: Page) -> None:
    results = await Axe().run(page)
    found = [
        (violation["id"], violation["nodes"][0]["html"])
        for violation in results.response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    assert found == []


async def open_modal(page: Page, command: str, name: str) -> Locator:
    """Open a form and let it say what is wrong."""
    await write(page, command)
    modal = page.get_by_role("dialog", name=name)
    await modal.locator(".button.primary").click()
    await expect(modal.get_by_role("alert").first).to_be_visible()
    return modal


async def test_messages_and_the_inspector(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/gallery")
    await expect(page.locator(".chart").last).to_be_visible()
    await write(page, "/ask")
    await write(page, "/hello you")
    await page.get_by_role("button", name="Inspector").click()
    await assert_accessible(page)


async def test_the_tour_and_the_clock(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await expect(page.locator(".tour-step").first).to_be_visible()
    await assert_accessible(page)


async def test_the_home_tab(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await page.locator(".tabs").get_by_role("button", name="Home").click()
    await expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()
    await assert_accessible(page)


async def test_forms_with_what_is_wrong(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await open_modal(page, "/new", "New survey")
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    modal = await open_modal(page, "/choose", "Choose")
    await modal.locator(".picker > summary").click()
    await assert_accessible(page)
