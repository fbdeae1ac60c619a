"""What a visitor sees of those who are new: as HR, as their manager, and as they do."""

from playwright.async_api import Page, expect

from bot.journeys.wellbeing.pure.self_check import QUESTIONS
from sandbox.demo.engine import Demo
from tests.sandbox.demo.visiting import WEEK_MS, be, button, close, close_all
from tests.sandbox.web.conftest import last_message, write
from tests.sandbox.web.pictures import keep

NEWEST = "amelie"
"""She starts tomorrow."""
WEEKS_HERE = "chiara"
"""She came to Support four weeks ago."""


async def hr_sees_journeys(page: Page) -> None:
    told = page.locator(".message", has_text="Five things help most").last
    await expect(told).to_contain_text("Amelie")
    await keep(page, "newcomer-ahead", told, "Five things help most")
    await write(page, "/journey")
    journeys = page.get_by_role("dialog", name="Journeys")
    for said in ("Goes out this week", "New here: day 30", "Before leaving", "Buddies missing"):
        await expect(journeys).to_contain_text(said)
    await expect(journeys).to_contain_text("Waiting for enough answers")
    await keep(page, "journeys", journeys)
    await close(page)
    await write(page, "/pulse results New here: the first week")
    await expect(last_message(page)).to_contain_text("Onboarding")
    batches = last_message(page).get_by_role("combobox").first.locator("option")
    await expect(batches.filter(has_text="New here: the first week")).to_have_count(2)


async def they_meet_newcomers(page: Page, company: Demo) -> None:
    """Play two newcomers, so that nobody else answers for them."""
    for who in (NEWEST, WEEKS_HERE):
        await be(page, company, who)


async def newcomers_are_asked(page: Page, company: Demo) -> None:
    await be(page, company, NEWEST)
    welcome = page.locator(".message", has_text="I am here to hear how it goes").last
    await expect(welcome).to_contain_text("day 7, 30, 60 and 90", timeout=WEEK_MS)
    await keep(page, "day-1", welcome)
    await be(page, company, WEEKS_HERE)
    asked = page.locator(".message", has_text="New here: day 30").last
    await expect(asked).to_contain_text("waits until at least 5 people")
    await keep(page, "day-30", asked, "New here: day 30")


async def somebody_checks_in(page: Page) -> None:
    await write(page, "/pulse check-in")
    form = page.get_by_role("dialog", name="How am I doing?")
    for number, question in enumerate(QUESTIONS):
        menu = form.get_by_label(question.text)
        await menu.select_option(index=2 + number % 3)
    await button(form, "Show me").click()
    await expect(form).to_contain_text("Nothing of this is kept")
    await keep(page, "self-check", form)
    await close_all(page)
