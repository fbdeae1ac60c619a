"""What a visitor sees in `make demo`, in a real browser: the whole tour.

With ATTUNE_SCREENSHOTS set, the moments that the README shows are written to docs/images/.
"""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.voice import forms as voice
from sandbox.clock import utc_now
from sandbox.demo.__main__ import WEEKS_TOLD
from sandbox.demo.acts import ANSWER, DECLINED, LETTER, PROBLEM, REPLY, WE_DID, WE_WONT
from sandbox.demo.engine import LAST_DAYS, Demo
from sandbox.demo.habits import WORK
from sandbox.demo.moods import HISTORY_WEEKS
from sandbox.demo.page import Page as DemoPage
from sandbox.demo.story import COMMENT, FAILED, HOPES, IN_THE_WAY, WORN_OUT
from sandbox.demo.story import SURVEY as NAME
from sandbox.demo.work import HOURS
from tests.sandbox.demo.months import months_say_what_is_so
from tests.sandbox.demo.newcomers import (
    hr_sees_journeys,
    newcomers_are_asked,
    somebody_checks_in,
    they_meet_newcomers,
)
from tests.sandbox.demo.visiting import WEEK_MS, be, button, close, close_all, follow
from tests.sandbox.web.conftest import WANTS_PICTURES, last_message, write
from tests.sandbox.web.pictures import keep

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEEKS = HISTORY_WEEKS if WANTS_PICTURES else WEEKS_TOLD
"""The README shows the whole story; the tests begin just before the reorganisation."""
MONDAY = datetime(2026, 11, 9, 10, 30, tzinfo=UTC)
QUESTION = "I get to speak up before a change is decided."


@pytest_asyncio.fixture(loop_scope="module")
async def company(tmp_path: Path, chromium: Path) -> AsyncIterator[Demo]:
    """The company, on a Monday morning."""
    began = utc_now()
    last_days = LAST_DAYS if WANTS_PICTURES else timedelta(0)
    demo = Demo(0, lambda: MONDAY + (utc_now() - began), WEEKS, last_days)
    page = DemoPage(demo)
    async with demo.running(tmp_path / "demo", page.prepare), page.open():
        yield demo


async def test_a_visitor_takes_the_whole_tour(page: Page, company: Demo) -> None:
    await months_say_what_is_so(company)
    await be(page, company, "maya", "people-ops")
    await hr_reads_the_digest(page)
    await be(page, company, "maya")
    await hr_looks_at_figures(page)
    await hr_opens_the_board(page)
    await follow(page, "Read what came of it", "Mila")
    await those_who_were_asked_read_what_came_of_it(page)
    await follow(page, "Open a conversation that nobody can trace", "Mila")
    await only_the_author_opens_the_conversation(page, company)
    await follow(page, "See whether it helped", "Maya")
    await hr_sees_whether_it_helped(page)
    await hr_sees_journeys(page)
    await they_meet_newcomers(page, company)
    await be(page, company, "maya")
    await hr_creates_a_survey(page)
    await be(page, company, "noor")
    await somebody_checks_in(page)
    await an_employee_answers(page)
    await an_employee_looks_for_a_mentor(page)
    await an_employee_asks_for_help(page)
    await an_employee_books_time_to_learn(page)
    await an_employee_finds_an_answer(page)
    await follow(page, "See all of it in one place", "Noor")
    await home_shows_it_all(page)
    await be(page, company, "maya")
    await hr_sees_who_takes_part(page)
    await hr_brings_people_together(page)
    await be(page, company, "adam")
    await a_mentor_accepts(page)
    await newcomers_are_asked(page, company)
    await be(page, company, "maya")
    await a_week_passes(page, company)
    await be(page, company, "maya", "people-ops")
    await the_digest_is_there(page)
    await expect(page.get_by_text("20 of 20 done")).to_be_visible()
    await be(page, company, "noor")
    await the_mentee_confirms(page)


async def hr_opens_the_board(page: Page) -> None:
    await write(page, "/improve")
    board = page.get_by_role("dialog", name="What we improve")
    await expect(board).to_contain_text("Pay and fairness (1 won't do)")
    product = board.locator(".section", has_text="Workload and rest")
    await button(product, "Open").click()
    await button(board.locator(".section", has_text=PROBLEM.rstrip(".")), "Open").click()
    item = page.get_by_role("dialog", name="To improve")
    await expect(item).to_contain_text(WE_DID)
    await expect(item).to_contain_text("There it was")
    await keep(page, "improve", item)
    await close(page)


async def those_who_were_asked_read_what_came_of_it(page: Page) -> None:
    home = page.locator(".home-inner")
    await expect(home).to_contain_text("What came of it")
    for said in (PROBLEM.rstrip("."), WE_DID, DECLINED.rstrip("."), WE_WONT):
        await expect(home).to_contain_text(said)
    await keep(page, "decision", home, "What came of it")
    await button(page, "Messages").click()
    told = page.locator(".message", has_text=WE_DID).last
    await expect(told).to_contain_text("Everybody who was asked gets this message.")


async def only_the_author_opens_the_conversation(page: Page, company: Demo) -> None:
    sandbox = company.sandbox
    mine = [each for each in sandbox.messages("dm", "mila") if voice.OPEN in str(each)][-1]
    copied = await sandbox.forward("mila", "dm", mine["ts"], "maya")
    assert copied.message
    where = {"channel": copied.message["channel"], "message_ts": copied.message["ts"]}
    assert (await sandbox.press("maya", voice.OPEN, **where)).view is None
    await sandbox.settled()

    await page.locator(".message").get_by_role("button", name="Open the conversation").last.click()
    conversation = page.get_by_role("dialog", name="Your conversation")
    for said in (LETTER, ANSWER, REPLY):
        await expect(conversation).to_contain_text(said)
    await keep(page, "conversation", conversation)
    await close(page)


async def hr_sees_whether_it_helped(page: Page) -> None:
    found = page.locator(".message", has_text="Something is done in Support").last
    await expect(found).to_contain_text(PROBLEM.rstrip("."))
    await expect(found.locator(".chart")).to_be_visible()
    await keep(page, "effect", found, PROBLEM.rstrip("."))
    await button(found, "Open it").click()
    await expect(page.get_by_role("dialog", name="To improve")).to_contain_text("There it was")
    await close(page)


async def hr_creates_a_survey(page: Page) -> None:
    await write(page, "/pulse new")
    form = page.get_by_role("dialog", name="New survey")
    await button(form, "Next").click()
    await form.get_by_role("textbox", name="Name").fill(NAME)
    await form.locator(".picker summary").first.click()
    await form.get_by_label("Search the options").press_sequentially("speak up")
    await form.get_by_label(QUESTION).check()
    await form.locator(".picker summary").first.click()
    await form.get_by_role("combobox", name="When").select_option("Once, as soon as I confirm")
    await expect(form.get_by_label("Weekday")).to_have_count(0)
    await keep(page, "survey-form", form)
    await button(form, "Preview").click()
    preview = page.get_by_role("dialog", name="Preview")
    await button(preview, "Create survey").click()
    await expect(page.get_by_role("dialog")).to_contain_text("created", ignore_case=True)
    await page.keyboard.press("Escape")


async def an_employee_answers(page: Page) -> None:
    await expect(last_message(page)).to_contain_text(QUESTION, timeout=WEEK_MS)
    await keep(page, "question", last_message(page))
    await button(last_message(page), "Agree").click()
    await expect(last_message(page)).to_contain_text("Thanks,")
    await button(last_message(page), "Add a comment").click()
    form = page.get_by_role("dialog", name="Your comment")
    await form.get_by_label("Your comment").fill(COMMENT)
    await button(form, "Preview").click()
    preview = page.get_by_role("dialog", name="Before it is saved")
    await expect(preview).to_contain_text("This is how HR will read it")
    await button(preview, "Save").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(last_message(page)).to_contain_text("What you wrote is saved.")
    await button(last_message(page), "Change my answer").click()
    await button(last_message(page), "Disagree").click()
    await expect(last_message(page)).to_contain_text("Your new answer replaces the old one")
    await write(page, "/pulse results")
    await expect(last_message(page)).to_contain_text("Only HR can see figures.")
    await write(page, "/pulse privacy")
    await expect(last_message(page)).to_contain_text("How your answers are kept")


async def an_employee_looks_for_a_mentor(page: Page) -> None:
    await write(page, "/mentor")
    form = page.get_by_role("dialog", name="Mentoring")
    await form.locator(".picker summary").first.click()
    await form.get_by_label("Search the options").first.press_sequentially("public")
    await form.get_by_label("Public speaking").first.check()
    await form.locator(".picker summary").first.click()
    await form.get_by_label("What I hope for").fill(HOPES)
    await button(form, "Save").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Saved.")
    await close_all(page)


async def an_employee_asks_for_help(page: Page) -> None:
    await write(page, "/blocker")
    form = page.get_by_role("dialog", name="What is in your way?")
    await form.get_by_label("I'm waiting for somebody").check()
    await form.get_by_label("In one sentence").fill(IN_THE_WAY)
    await form.get_by_label("Ask a colleague for help").check()
    await button(form, "Next").click()
    await button(page.get_by_role("dialog", name="Ask for help"), "Ask").first.click()
    await expect(page.get_by_role("dialog").last).to_contain_text("Your question goes to")
    await close_all(page)


async def an_employee_books_time_to_learn(page: Page) -> None:
    await write(page, "/learn")
    form = page.get_by_role("dialog", name="Learning time")
    await expect(form).to_contain_text(f"Your company gives {HOURS} hours a month")
    await button(form, "Book 1 hour").click()
    await expect(form).to_contain_text("Booked:")
    await close_all(page)


async def an_employee_finds_an_answer(page: Page) -> None:
    await write(page, f"/ask {FAILED}")
    form = page.get_by_role("dialog", name="Ask those who know")
    await button(form, "Look for an answer").click()
    await expect(form).to_contain_text("kubectl rollout undo")
    await button(form, "This helps").first.click()
    await expect(page.get_by_role("dialog").last).to_contain_text("Nobody was disturbed")
    await close_all(page)


async def home_shows_it_all(page: Page) -> None:
    home = page.locator(".home-inner")
    for said in (WORK["goals"][0]["text"], "on the list", IN_THE_WAY, "Learning time"):
        await expect(home).to_contain_text(said)
    await keep(page, "home", home)
    tabs = page.get_by_role("group", name="Attune")
    await tabs.get_by_role("button", name="Messages", exact=True).click()


async def hr_sees_who_takes_part(page: Page) -> None:
    await write(page, "/pulse results")
    await expect(last_message(page)).to_contain_text(f"{NAME} closes")


async def hr_brings_people_together(page: Page) -> None:
    await write(page, "/mentor admin")
    form = page.get_by_role("dialog", name="Mentoring")
    await button(form, "Start a round now").click()
    await button(page.get_by_role("dialog", name="Start a round?"), "Start").click()
    await expect(page.get_by_role("dialog", name="Mentoring")).to_contain_text("round")
    await page.keyboard.press("Escape")


async def a_mentor_accepts(page: Page) -> None:
    await button(page, "+1 day").click()
    asked = last_message(page)
    await expect(asked).to_contain_text("Would you mentor", timeout=WEEK_MS)
    await expect(asked).to_contain_text("Noor Rahman")
    await expect(asked).to_contain_text(HOPES)
    await keep(page, "mentor", asked, "Would you mentor")
    await button(asked, "Accept").click()
    await expect(last_message(page)).to_contain_text("Thank you. I'll ask")


async def the_mentee_confirms(page: Page) -> None:
    asked = page.locator(".message", has_text="would be glad to be your mentor").last
    await expect(asked).to_contain_text("Adam")


async def a_week_passes(page: Page, company: Demo) -> None:
    before = company.timeline.now()
    await button(page, "+1 week").click()
    await expect(page.get_by_text("Time moves …")).to_be_visible()
    await expect(button(page, "+1 week")).to_be_enabled(timeout=WEEK_MS)
    assert company.timeline.now() - before >= timedelta(weeks=1)
    await write(page, f"/pulse results {NAME}")
    results = last_message(page)
    await expect(results).to_contain_text(re.compile(r"\d+ of 126 invited people answered"))
    await expect(results).to_contain_text("Teams, the lowest first")
    await write(page, "/pulse results weekly")
    await expect(last_message(page)).to_contain_text("eNPS")
    await expect(last_message(page)).to_contain_text("of 126 invited people answered")
    await expect(last_message(page)).to_contain_text("1 team is too small to show alone")
    menu = last_message(page).get_by_role("combobox").first
    other = menu.locator("option", has_text="Settling in").first
    await menu.select_option(await other.get_attribute("value"))
    await expect(last_message(page)).to_contain_text("Onboarding")
    await hr_looks_closer(page)


async def hr_looks_closer(page: Page) -> None:
    await write(page, "/pulse results weekly")
    await expect(last_message(page)).to_contain_text("Teams, the lowest first")
    menu = last_message(page).get_by_role("combobox").last
    workload = menu.locator("option", has_text="Workload").first
    await menu.select_option(await workload.get_attribute("value"))
    await expect(last_message(page)).to_contain_text("over time")
    await keep(page, "trend", last_message(page))
    await button(last_message(page), "Back to the overview").click()
    await expect(last_message(page)).to_contain_text("Teams, the lowest first")
    await button(last_message(page), "Heat map").click()
    heat = last_message(page)
    await expect(heat).to_contain_text("Teams by driver")
    await keep(page, "heat-map", heat)
    await button(heat, "As a picture").click()
    picture = page.get_by_role("img", name=re.compile("^Heat map of Weekly pulse"))
    await expect(picture).to_be_visible(timeout=WEEK_MS)
    await write(page, "/pulse results why Founders")
    await expect(last_message(page)).to_contain_text("Founders")


async def hr_looks_at_figures(page: Page) -> None:
    await write(page, "/pulse results weekly")
    menu = last_message(page).get_by_role("combobox").first
    worn_out = menu.locator("option", has_text="Weekly pulse").nth(WORN_OUT)
    await menu.select_option(await worn_out.get_attribute("value"))
    await expect(last_message(page)).to_contain_text("Support:")
    await keep(page, "results", last_message(page))


async def hr_reads_the_digest(page: Page) -> None:
    digest = last_message(page)
    await expect(digest).to_contain_text("Weekly pulse")
    await keep(page, "digest", digest)


async def the_digest_is_there(page: Page) -> None:
    digest = last_message(page)
    await expect(digest).to_contain_text("Pulse digest")
    await expect(digest).to_contain_text(NAME)
