"""The page in a real browser, with a real Bolt app behind it."""

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from sandbox.state import File, Message
from tests.sandbox.web.conftest import Place, last_message, open_as, write

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_commands_are_completed_and_answered_to_one_person_alone(
    page: Page, place: Place
) -> None:
    await open_as(page, place, "ada", "general")
    field = page.locator(".composer-field")
    offered = await field.evaluate("field => [...field.list.options].map(o => o.value)")
    assert "/hello " in offered
    await write(page, "/hello <b>Ada</b>")
    await expect(last_message(page)).to_contain_text("Only visible to you")
    await expect(last_message(page)).to_contain_text("You said: <b>Ada</b>")
    await open_as(page, place, "ben", "general")
    await expect(page.locator(".composer-field")).to_be_visible()
    assert await page.get_by_text("Only visible to you").count() == 0


async def test_a_press_reaches_the_app_and_changes_the_message(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/ask")
    message = last_message(page)
    await message.get_by_role("button", name="4", exact=True).click()
    await expect(message).to_contain_text("Thank you. You answered 4.")
    assert ("answer", "4") in place.heard
    await expect(message.get_by_role("button", name="Comment")).to_have_count(0)


async def test_menus_confirmations_and_failures(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/ask")
    message = last_message(page)
    await message.get_by_label("More actions").click()
    await message.get_by_role("button", name="Skip this one").click()
    close = message.get_by_role("button", name="Close", exact=True)
    await close.click()
    dialog = page.get_by_role("dialog", name="Close the survey?")
    await dialog.get_by_role("button", name="Keep it open").click()
    await expect(dialog).to_be_hidden()
    assert ("more", "skip") in place.heard
    assert ("closed", None) not in place.heard
    await expect(close).to_be_focused()
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Close it").click()
    await message.get_by_role("button", name="Break").click()
    await expect(message.get_by_role("alert")).to_contain_text("We had some trouble connecting.")
    assert ("closed", None) in place.heard


async def test_a_modal_keeps_what_is_typed_and_shows_what_is_wrong(
    page: Page, place: Place
) -> None:
    await open_as(page, place, "ada")
    await write(page, "/new")
    modal = page.get_by_role("dialog", name="New survey")
    await expect(modal.get_by_label("Name")).to_be_focused()
    await modal.get_by_label("Name").fill("<b>Week 1</b>")
    await modal.get_by_label("When").focus()
    await modal.get_by_label("When").select_option("Later")
    await expect(modal.get_by_label("Day")).to_be_visible()
    await expect(modal.get_by_label("Name")).to_have_value("<b>Week 1</b>")
    await expect(modal.get_by_label("When")).to_be_focused()
    await modal.get_by_role("button", name="Create").click()
    await expect(modal.get_by_role("alert").first).to_have_text(
        "Please complete this required field."
    )
    await expect(modal.get_by_label("Day")).to_be_focused()
    await modal.get_by_label("Day").fill("2026-12-01")
    await modal.get_by_role("button", name="Create").click()
    await expect(modal.get_by_role("alert").first).to_have_text("Use letters and numbers.")
    await expect(modal.get_by_text("Please complete")).to_have_count(0)
    await modal.get_by_label("Name").fill("Week 1")
    await modal.locator("summary").click()
    await modal.get_by_label("Growth").check()
    await modal.get_by_role("button", name="Create").click()
    await expect(modal).to_be_hidden()
    kind, values = place.heard[-1]
    assert kind == "created"
    assert values["name"]["name"]["value"] == "Week 1"
    assert values["day"]["day"]["selected_date"] == "2026-12-01"
    assert [o["value"] for o in values["drivers"]["drivers"]["selected_options"]] == ["growth"]


async def test_modals_stack_and_say_when_the_app_is_slow(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/new")
    modal = page.get_by_role("dialog")
    await modal.get_by_label("Name").fill("Kept")
    await modal.get_by_role("button", name="Preview").click()
    await expect(modal.get_by_role("heading")).to_have_text("Preview")
    await page.keyboard.press("Escape")
    await expect(modal.get_by_role("heading")).to_have_text("New survey")
    await expect(modal.get_by_label("Name")).to_have_value("Kept")
    slow = modal.get_by_role("button", name="Slow")
    await slow.click()
    await expect(slow).to_have_attribute("aria-busy", "true")
    await expect(modal.locator(".error-line")).to_contain_text("We had some trouble connecting.")
    await expect(slow).not_to_have_attribute("aria-busy", "true")
    await page.keyboard.press("Escape")
    await expect(modal).to_be_hidden()
    await place.has_heard(("view_closed", None))


async def test_the_apps_own_options_are_searched_and_choices_are_sent_at_once(
    page: Page, place: Place
) -> None:
    await open_as(page, place, "guest.gil")
    await write(page, "/new")
    modal = page.get_by_role("dialog")
    await modal.get_by_role("button", name="Preview").click()
    await expect(modal.get_by_role("heading")).to_have_text("Preview")  # both have a picker
    await modal.locator(".picker summary").click()
    await modal.get_by_label("Search the options").press_sequentially("gro")
    await modal.get_by_label("gro 2", exact=True).check()
    await expect(modal.locator(".picker summary")).to_have_text("gro 2")
    await page.keyboard.press("Escape")
    await expect(modal.get_by_label("gro 2", exact=True)).to_be_hidden()
    await modal.get_by_label("Growth").check()
    await modal.get_by_label("Workload").check()
    await modal.get_by_label("Growth").uncheck()
    await expect(modal.get_by_label("Growth")).not_to_be_checked()
    await place.has_heard(("boxes", ["workload"]))
    said = [entry for entry in place.heard if entry[0] in {"question", "boxes"}]
    assert said == [
        ("question", "gro 2"),
        ("boxes", ["growth"]),
        ("boxes", ["growth", "workload"]),
        ("boxes", ["workload"]),
    ]


async def test_the_home_tab_is_published_when_it_is_opened(page: Page, place: Place) -> None:
    await open_as(page, place, "deniz")
    await page.locator(".tabs").get_by_role("button", name="Home").click()
    await expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()
    await page.get_by_role("button", name="New survey").click()
    await expect(page.get_by_role("dialog", name="New survey")).to_be_visible()


async def test_messages_arrive_live_with_unread_counts(
    page: Page, place: Place, context: BrowserContext
) -> None:
    other = await context.new_page()
    await open_as(page, place, "chiara", "app")
    await open_as(other, place, "emeka", "general")
    await write(other, "Hello *all* @chiara <script>document.title='broken'</script>")
    general = page.get_by_role("button", name="general")
    await expect(general.locator(".badge")).to_have_text("1")
    await general.click()
    await expect(last_message(page)).to_contain_text(
        "Hello all @Chiara Rossi <script>document.title='broken'</script>"
    )
    await expect(last_message(page).locator("b")).to_have_text("all")
    await expect(general.locator(".badge")).to_be_hidden()
    await write(other, "And again")
    await expect(last_message(page)).to_contain_text("And again")
    assert "broken" not in await other.title()
    await other.close()


async def test_the_tour_and_the_clock(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    before = await page.locator(".clock-time").text_content()
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator(".tour-progress")).to_have_text("1 of 2 done")
    assert place.moved == [86_400.0]
    assert await page.locator(".clock-time").text_content() != before
    await page.get_by_role("button", name="Take me there").click()
    await expect(page).to_have_title("Chiara Rossi · Small Works")
    await expect(page.get_by_role("heading", level=1)).to_have_text("#general")


async def test_the_inspector_shows_each_exchange(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await page.get_by_role("button", name="Inspector").click()
    await write(page, "/hello inspector")
    record = page.locator(".record").first
    await expect(record).to_contain_text("command:/hello")
    await record.locator("summary").click()
    await expect(record.get_by_label("Payload")).to_contain_text('"text": "inspector"')
    await expect(record.get_by_label("Answer")).to_contain_text("You said: inspector")


async def test_it_can_be_used_by_keyboard_alone(page: Page, place: Place) -> None:
    await open_as(page, place, "ivo", "general")
    seen = set()
    for _ in range(30):
        await page.keyboard.press("Tab")
        shown = await page.evaluate(
            "() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " if (e === document.body) return ['', true];"
            " return [e.getAttribute('aria-label') || e.textContent.trim(),"
            " s.outlineStyle !== 'none'] }"
        )
        seen.add(shown[0])
        assert shown[1], f"no visible focus on {shown[0]}"
    assert {"+1 hour", "Inspector", "Home", "Message #general", "Send"} <= {
        name.removeprefix("home") for name in seen
    }


async def test_files_of_the_workspace_are_shown(page: Page, place: Place) -> None:
    world, app = place.sandbox.world, place.sandbox.app
    file = File("F0CHART", "chart.svg", 0, app.bot_user_id, 0, "key", "Chart", completed=True)
    file.content = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"></svg>'
    world.files[file.id] = file
    image = {"type": "image", "slack_file": {"id": file.id}, "alt_text": "A chart"}
    channel = world.find_channel("leadership")
    assert channel is not None
    stamp = world.stamps.next()
    world.post(channel, Message(stamp, channel.id, app.bot_user_id, "-", blocks=[image]))
    await open_as(page, place, "ada", "leadership")
    picture = page.get_by_role("img", name="A chart")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40
    async with aiohttp.ClientSession() as session:
        address = f"{place.sandbox.url}/files-web/{file.id}"
        async with session.get(address) as response:
            assert response.headers["Content-Security-Policy"] == "sandbox"
        async with session.get(f"{address}0") as response:
            assert response.status == 404


async def test_one_sees_what_the_other_person_sees(page: Page, place: Place) -> None:
    await open_as(page, place, "ada", "leadership")
    await page.get_by_label("Switch to another person").focus()
    await page.get_by_label("Switch to another person").select_option("森 五郎 · Analyst")
    await expect(page).to_have_title("森 五郎 · Small Works")
    await expect(page.locator(".clock-time")).to_have_attribute("title", "Asia/Tokyo")
    # He is not in that channel, so he sees the app's messages instead.
    await expect(page.get_by_role("heading", level=1)).to_have_text("Attune")
    await expect(page.get_by_label("Switch to another person")).to_be_focused()


async def test_earlier_messages_are_shown_on_demand(page: Page, place: Place) -> None:
    world = place.sandbox.world
    channel, writer = world.find_channel("people-ops"), world.find_user("deniz")
    assert channel is not None
    assert writer is not None
    for number in range(120):
        text = f"Message {number}"
        world.post(channel, Message(world.stamps.next(), channel.id, writer.id, text))
    await open_as(page, place, "ada", "people-ops")
    await expect(page.locator(".message")).to_have_count(50)
    await expect(last_message(page)).to_be_in_viewport()
    await page.get_by_role("button", name="Show earlier").click()
    await expect(page.locator(".message")).to_have_count(100)
    await page.locator(".message").first.scroll_into_view_if_needed()
    await write(page, "/hello from above")
    await expect(last_message(page)).to_contain_text("You said: from above")
    await expect(last_message(page)).to_be_in_viewport()


async def test_a_double_click_is_one_press(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/ask")
    message = last_message(page)
    before = place.heard.count(("answer", "3"))
    await message.get_by_role("button", name="3", exact=True).dblclick()
    await expect(message).to_contain_text("You answered 3.")
    await place.sandbox.settled()
    assert place.heard.count(("answer", "3")) == before + 1
