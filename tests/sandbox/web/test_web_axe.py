"""The page passes axe-core's serious and critical checks, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Locator, Page, expect

from tests.sandbox.web.conftest import Place, open_as, write

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_forms")]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """The colours that somebody prefers."""
    value: str = request.param
    return value


async def open_in(page: Page, place: Place, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await open_as(page, place, "ada")


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


async def test_messages_and_the_inspector(page: Page, place: Place, scheme: str) -> None:
    await open_in(page, place, scheme)
    await write(page, "/gallery")
    await expect(page.locator(".chart").last).to_be_visible()
    await write(page, "/ask")
    await write(page, "/hello you")
    await page.get_by_role("button", name="Inspector").click()
    await assert_accessible(page)


async def test_the_tour_and_the_clock(page: Page, place: Place, scheme: str) -> None:
    await open_in(page, place, scheme)
    await expect(page.locator(".tour-step").first).to_be_visible()
    await assert_accessible(page)


async def test_the_switcher_and_the_home_tab(page: Page, place: Place, scheme: str) -> None:
    await open_in(page, place, scheme)
    await page.locator(".tabs").get_by_role("button", name="Home").click()
    await expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()
    await page.get_by_label("Switch to another person").click()
    await expect(page.locator(".person").first).to_be_visible()
    await assert_accessible(page)


async def test_forms_with_what_is_wrong(page: Page, place: Place, scheme: str) -> None:
    await open_in(page, place, scheme)
    await open_modal(page, "/new", "New survey")
    await assert_accessible(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    modal = await open_modal(page, "/choose", "Choose")
    await modal.locator(".picker > summary").click()
    await assert_accessible(page)


async def test_a_narrow_page(page: Page, place: Place, scheme: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 700})
    await open_in(page, place, scheme)
    await write(page, "/ask")
    await assert_accessible(page)
    await page.get_by_role("button", name="Conversations").click()
    await expect(page.get_by_role("navigation")).to_be_visible()
    await assert_accessible(page)
