"""Reading a conversation: the page stays light, and the reader's place is kept."""

import statistics

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.state import Channel, Message
from tests.sandbox.web.conftest import Place, last_message, open_as, write

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEND_AND_WAIT = """(text) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('not shown in 20 s')), 20000)
  const field = document.querySelector('.composer-field')
  const started = performance.now()
  const observer = new MutationObserver(() => {
    if (document.querySelector('.scroller').textContent.includes(text)) {
      observer.disconnect()
      resolve(performance.now() - started)
    }
  })
  observer.observe(document.body, {childList: true, subtree: true, characterData: true})
  field.value = text
  field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))
})"""


STARTS_IN_VIEW = """() => {
  const top = (element) => element.getBoundingClientRect().top
  const gap = top([...document.querySelectorAll('.message')].at(-1))
    - top(document.querySelector('.scroller'))
  return gap > -5 && gap < 80
}"""


def fill(place: Place, name: str, count: int) -> Channel:
    """Let so many messages stand in a channel."""
    world = place.sandbox.world
    channel, writer = world.find_channel(name), world.find_user("deniz")
    assert channel is not None
    assert writer is not None
    for number in range(count):
        say(place, channel, f"Message *{number}*")
    return channel


def say(place: Place, channel: Channel, text: str) -> None:
    world = place.sandbox.world
    writer = world.find_user("deniz")
    assert writer is not None
    stamp = world.stamps.next()
    world.post(channel, Message(stamp, channel.id, writer.id, text, client_msg_id=text))


async def top_of(message: Locator) -> float:
    top: float = await message.evaluate("message => message.getBoundingClientRect().top")
    return top


async def seconds_to_post(page: Page, times: int, mark: str) -> float:
    taken: list[float] = [
        await page.evaluate(SEND_AND_WAIT, f"{mark} {number}") for number in range(times)
    ]
    return statistics.median(taken)


async def test_writing_is_as_quick_among_five_thousand_messages(page: Page, place: Place) -> None:
    fill(place, "general", 100)
    await open_as(page, place, "emeka", "general")
    await page.get_by_role("button", name="Show earlier").click()
    await expect(page.locator(".message")).to_have_count(100)
    among_few = await seconds_to_post(page, 7, "Few")

    channel = fill(place, "design", 5000)
    await open_as(page, place, "emeka", "design")
    for shown in (4900, 4850, 4800, 4750, 4700, 4650, 4600, 4550):
        await page.get_by_role("button", name="Show earlier").click()
        await expect(page.locator(".message").first).to_contain_text(f"Message {shown}")
    assert await page.locator(".message").count() <= 150
    among_many = await seconds_to_post(page, 7, "Many")
    assert among_many < 2.5 * among_few
    # Who writes is at the end again, whatever they were reading.
    await expect(last_message(page)).to_contain_text("Many 6")
    await expect(page.get_by_role("button", name="Show later")).to_have_count(0)

    for number in range(40):
        say(place, channel, f"Soon {number}")
    await expect(last_message(page)).to_contain_text("Soon 39")
    for number in range(200):
        say(place, channel, f"Later {number}")
    await expect(last_message(page)).to_contain_text("Later 199")
    assert await page.locator(".message").count() <= 150


async def test_paging_keeps_what_is_read_where_it_is(page: Page, place: Place) -> None:
    fill(place, "people-ops", 400)
    await open_as(page, place, "ada", "people-ops")
    for first, read in ((300, 351), (250, 301), (200, 251)):
        button = page.get_by_role("button", name="Show earlier")
        await button.scroll_into_view_if_needed()
        message = page.locator(".message", has_text=f"Message {read}").first
        before = await top_of(message)
        await button.click()
        await expect(page.locator(".message").first).to_contain_text(f"Message {first}")
        assert abs(await top_of(message) - before) < 3
    assert await page.locator(".day").count() == 1, "all of it is of today"
    assert await page.locator(".message").count() == 150
    later = page.get_by_role("button", name="Show later")
    await later.scroll_into_view_if_needed()
    message = page.locator(".message", has_text="Message 349").first
    before = await top_of(message)
    await later.click()
    await expect(page.locator(".message").last).to_contain_text("Message 399")
    assert abs(await top_of(message) - before) < 3
    await expect(later).to_have_count(0)


async def test_an_answer_is_shown_to_who_had_scrolled_up(page: Page, place: Place) -> None:
    fill(place, "people-ops", 60)
    await open_as(page, place, "ada", "people-ops")
    await page.locator(".message").first.scroll_into_view_if_needed()
    await write(page, "/hello from above")
    await expect(last_message(page)).to_contain_text("You said: from above")
    await expect(last_message(page)).to_be_in_viewport()


async def test_a_message_taller_than_the_page_is_shown_from_its_start(
    page: Page, place: Place
) -> None:
    fill(place, "leadership", 20)
    channel = place.sandbox.world.find_channel("leadership")
    assert channel is not None
    say(place, channel, "\n".join(["The first line", *map(str, range(80)), "The last line"]))
    await open_as(page, place, "ada", "leadership")
    scroller = page.locator(".scroller")
    await page.wait_for_function(STARTS_IN_VIEW)
    say(place, channel, "And another")  # who only looked at it is taken along
    await expect(last_message(page)).to_contain_text("And another")
    await expect(last_message(page)).to_be_in_viewport()
    await scroller.hover()
    await page.mouse.wheel(0, -900)
    await expect(last_message(page)).not_to_be_in_viewport()
    say(place, channel, "For later")
    await expect(last_message(page)).to_contain_text("For later")
    await expect(last_message(page)).not_to_be_in_viewport()


async def test_reactions_are_taken_back(page: Page, place: Place) -> None:
    channel = fill(place, "leadership", 1)
    world = place.sandbox.world
    newest = list(channel.messages.values())[-1]
    newest.reactions["wave"] = [newest.user]
    world.tell("reaction_added", user_id=newest.user, channel=channel, message=newest)
    await open_as(page, place, "ada", "leadership")
    chip = last_message(page).get_by_role("button", name="wave")
    await expect(chip).to_have_text("👋 1")
    await chip.click()
    await expect(chip).to_have_text("👋 2")
    await expect(chip).to_have_attribute("aria-pressed", "true")
    await chip.click()
    await expect(chip).to_have_text("👋 1")
    await expect(chip).to_have_attribute("aria-pressed", "false")
    assert newest.reactions == {"wave": [newest.user]}


async def test_a_double_click_is_one_press(page: Page, place: Place) -> None:
    await open_as(page, place, "ada")
    await write(page, "/ask")
    message = last_message(page)
    before = place.heard.count(("answer", "3"))
    await message.get_by_role("button", name="3", exact=True).dblclick()
    await expect(message).to_contain_text("You answered 3.")
    await place.sandbox.settled()
    await page.wait_for_timeout(100)
    assert place.heard.count(("answer", "3")) == before + 1
