"""The keyboard keeps its place on the page, whatever is redrawn."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sandbox.web.conftest import Place, last_message, open_as, write

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_forms")]


async def press(field: Locator, key: str = "Enter") -> None:
    await field.focus()
    await field.press(key)


async def open_form(page: Page, place: Place) -> Locator:
    await open_as(page, place, "ada")
    await write(page, "/new")
    modal = page.get_by_role("dialog", name="New survey")
    await expect(modal.get_by_label("Name")).to_be_focused()
    return modal


async def test_a_select_in_use_stays_while_the_form_around_it_changes(
    page: Page, place: Place
) -> None:
    modal = await open_form(page, place)
    when = modal.get_by_label("When")
    await press(when, "ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(modal.get_by_label("Day")).to_be_visible()
    await expect(when).to_be_focused()
    await expect(when.locator("option:checked")).to_have_text("Later")
    await page.keyboard.press("ArrowUp")
    await expect(modal.get_by_label("Day")).to_have_count(0)
    await expect(when).to_be_focused()
    await expect(when.locator("option:checked")).to_have_text("Now")


async def test_coming_back_to_a_form_one_is_where_one_was(page: Page, place: Place) -> None:
    modal = await open_form(page, place)
    await press(modal.get_by_role("button", name="Preview"))
    preview = page.get_by_role("dialog", name="Preview")
    await expect(preview).to_be_visible()
    # The first field is a picker: its search is hidden, and can't have the focus.
    await expect(preview.locator(".picker > summary")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(modal.get_by_role("button", name="Preview")).to_be_focused()


async def test_after_a_modal_one_is_back_at_what_opened_it(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/ask")
    comment = last_message(page).get_by_role("button", name="Comment")
    await press(comment)
    await expect(page.get_by_role("dialog", name="New survey")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(comment).to_be_focused()


async def test_after_an_answer_one_is_in_the_message(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    before = await page.locator(".message").count()
    await write(page, "/ask")
    await expect(page.locator(".message")).to_have_count(before + 1)
    message = last_message(page)
    await press(message.get_by_role("button", name="Done"))
    await expect(message.get_by_role("button", name="Done")).to_have_count(0)
    await expect(message).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(message.get_by_label("More actions")).to_be_focused()


async def test_after_closing_a_panel_one_is_at_its_button(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await press(page.get_by_role("button", name="Close panel"))
    await expect(page.locator(".panel")).to_be_hidden()
    await expect(page.get_by_role("button", name="Tour")).to_be_focused()
    await press(page.get_by_role("button", name="Inspector"))
    await press(page.get_by_role("button", name="Close panel"))
    await expect(page.get_by_role("button", name="Inspector")).to_be_focused()


async def test_a_field_to_choose_with_says_what_is_wrong_with_it(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/choose")
    modal = page.get_by_role("dialog", name="Choose")
    picker = modal.locator(".picker > summary")
    fields = [picker, modal.get_by_role("radiogroup"), modal.get_by_role("group", name="Days")]
    hints = [await field.get_attribute("aria-describedby") for field in fields]
    assert all(hints)
    await modal.get_by_role("button", name="Send").click()
    await expect(modal.get_by_role("alert").first).to_be_visible()
    await expect(picker).to_be_focused()
    for field, hint in zip(fields, hints, strict=True):
        await expect(field).to_have_attribute("aria-invalid", "true")
        described = str(await field.get_attribute("aria-describedby")).split()
        assert described[1:] == [hint], "the hint is still read, after what is wrong"
        said = await page.locator(f"#{described[0]}").text_content()
        assert said == "Please complete this required field."
    await modal.get_by_role("radio", name="Growth").check()
    await modal.get_by_role("checkbox", name="Growth").check()
    await modal.get_by_role("button", name="Send").click()
    await expect(modal.locator(".field-error")).to_have_count(1)
    for field, hint in zip(fields[1:], hints[1:], strict=True):
        await expect(field).not_to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_attribute("aria-describedby", str(hint))
