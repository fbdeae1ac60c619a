"""The longest things that people see, in each language, drawn in a real browser.

With ATTUNE_SCREENSHOTS set, the question to try goes to docs/images/languages/ in each of them, and
the first steps to docs/images/.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.blockkit.blocks import Block, Message, View
from bot.languages import LANGUAGES, SOURCE, speaking
from sandbox.state import Json, User
from sandbox.views import open_modal
from tests.golden.files import all_cases
from tests.golden.reading import as_text
from tests.golden.shown import Sentences, blocks_of
from tests.sandbox.web.conftest import Place, open_as, watched
from tests.sandbox.web.pictures import NARROW, keep

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLICES = ("home", "insights", "pulse", "rights", "setup", "welcome")
"""Where the longest are; reading every case in every language would take minutes."""
MADE_UP = "hostile"
"""In the names of cases that stand for attacks, which are long in every language."""
READER, CHANNEL = "ada", "leadership"
CUT = """what => [...what.querySelectorAll('*')]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .map((one) => one.className + ': ' + one.textContent.slice(0, 80))"""
"""What is wider than its place, and so is cut or lies over its neighbour."""


@dataclass(frozen=True)
class Longest:
    """Blocks of the longest message and of HR's Home, and the longest modal, in one language."""

    message: list[Block]
    home: list[Block]
    modal: View
    trial: list[Block]
    """Of what is shown as an example: the question to try."""


def longest(language: str) -> Longest:
    """Find them among the golden cases, by the characters that people read."""
    with speaking(language):
        shown = {
            case: each
            for name in SLICES
            for case, show in all_cases()[name].items()
            if MADE_UP not in case and not isinstance(each := show(), Sentences)
        }
    by_length = sorted(shown.values(), key=lambda each: len(as_text(each)))
    messages = [each for each in by_length if isinstance(each, Message)]
    modals = [each for each in by_length if isinstance(each, dict) and each["type"] == "modal"]
    return Longest(
        messages[-1].blocks,
        blocks_of(shown["home-hr-admin"]),
        modals[-1],
        blocks_of(shown["trial"]),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader(tab: Page, place: Place) -> AsyncIterator[Page]:
    """The narrow page of somebody who reads all languages."""
    async with watched(tab):
        await open_as(tab, place, READER, CHANNEL)
        place.sandbox.world.add_user(User("U0MAYA", "maya", "T0SMALL001", "Maya Lindqvist"))
        yield tab


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_longest_fits_in_every_language(
    reader: Page, place: Place, language: str
) -> None:
    world, found = place.sandbox.world, longest(language)
    user, channel = world.find_user(READER), world.find_channel(CHANNEL)
    assert user is not None
    assert channel is not None
    user.locale = "en-GB" if language == SOURCE else language.replace("_", "-")
    await reader.set_viewport_size(NARROW)
    for blocks in (found.home, found.message, found.trial):
        sent = world.new_message(channel, "fallback", identified(blocks))
        world.post(channel, sent)
        shown = reader.locator(f"[data-focus='{sent.ts}']")
        await assert_nothing_is_cut(shown)
    await keep(reader, f"languages/{language}", shown)
    view = open_modal(world, user.id, {**found.modal, "blocks": identified(found.modal["blocks"])})
    await assert_nothing_is_cut(reader.get_by_role("dialog"))
    world.close_view(view)
    await expect(reader.get_by_role("dialog")).to_be_hidden()


def identified(blocks: list[Block]) -> list[Json]:
    """Return the blocks with ids, as Slack gives them to blocks without."""
    return [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]


async def assert_nothing_is_cut(shown: Locator) -> None:
    await expect(shown.locator(".block").last).to_be_visible()
    assert await shown.evaluate(CUT) == []


async def test_the_first_steps_fit(reader: Page, place: Place) -> None:
    channel = place.sandbox.world.find_channel(CHANNEL)
    assert channel is not None
    blocks = identified(blocks_of(all_cases()["setup"]["steps-new"]()))
    sent = place.sandbox.world.new_message(channel, "fallback", blocks)
    place.sandbox.world.post(channel, sent)
    shown = reader.locator(f"[data-focus='{sent.ts}']")
    await assert_nothing_is_cut(shown)
    await keep(reader, "first-steps", shown, "First steps")
