"""Every block and element is drawn in a real browser, whatever stands in it."""

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from sandbox.state import Json
from sandbox.web.blockkit import DRAW_BLOCK
from sandbox.web.elements import DRAW_ELEMENT
from tests.sandbox.samples import BLOCKS, ELEMENTS, PIE, block_around
from tests.sandbox.web.conftest import Place, open_as, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gallery(tab: Page, place: Place) -> AsyncIterator[Page]:
    """One page for all of these tests: blocks are shown on it as they are posted."""
    async with watched(tab):
        await open_as(tab, place, "ada", "leadership")
        yield tab


def show(place: Place, blocks: list[Json]) -> None:
    """Post blocks as the app, one message for each, past the validation."""
    world = place.sandbox.world
    channel = world.find_channel("leadership")
    assert channel is not None
    for message in [*channel.messages.values()]:
        world.delete_message(channel, message)
    for number, block in enumerate(blocks):
        identified = {"block_id": f"b{number}", **block}
        world.post(channel, world.new_message(channel, "fallback", [identified]))


async def test_every_block_is_drawn(
    gallery: Page, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    assert set(DRAW_BLOCK) == set(BLOCKS)
    show(place, [*BLOCKS.values(), PIE])
    with caplog.at_level(logging.ERROR):
        await gallery.locator(".message").nth(len(BLOCKS)).wait_for()
    assert not caplog.records
    assert await gallery.get_by_text("is not shown here").count() == 0
    for kind in BLOCKS:
        frame = gallery.locator(f".block-{kind.replace('_', '-')}").first
        assert await frame.locator("*").count() > 0, kind


async def test_every_element_is_drawn(gallery: Page, place: Place) -> None:
    assert set(DRAW_ELEMENT) == {*ELEMENTS, "image"}
    show(place, [block_around(element) for element in ELEMENTS.values()])
    await gallery.locator(".message").nth(len(ELEMENTS) - 1).wait_for()
    assert await gallery.get_by_text("is not shown here").count() == 0
    field_values = await gallery.locator("input.field, textarea.field").evaluate_all(
        "fields => fields.map(field => field.value)"
    )
    assert {"2026-12-01", "09:30", "A good week.", "4"} <= set(field_values)
    assert await gallery.get_by_role("radio", name="Growth").is_checked()
    assert await gallery.get_by_role("checkbox", name="Workload").is_checked()


async def test_charts_have_their_figures_and_tables_have_pages(gallery: Page, place: Place) -> None:
    rows = [[{"type": "raw_text", "text": f"Team {number}"}] for number in range(26)]
    table = {"type": "data_table", "caption": "Teams", "page_size": 10, "rows": rows}
    show(place, [BLOCKS["data_visualization"], PIE, table])
    await gallery.locator(".chart svg").nth(1).wait_for()
    await gallery.locator(".chart").first.get_by_text("Show the figures").click()
    cells = await gallery.locator(".chart table").first.locator("td, th").all_text_contents()
    assert cells == ["Month", "All", "Design", "Oct", "-1", "5", "Nov", "7.25", "6"]
    assert "Answered: 77.5%" in await gallery.locator(".chart").last.locator("svg").inner_html()
    await gallery.get_by_role("button", name="Next").click()
    await gallery.get_by_text("11–20 of 25").wait_for()
    assert await gallery.get_by_text("Team 11", exact=True).count() == 1
    assert await gallery.get_by_text("Team 9", exact=True).count() == 0


async def test_what_is_not_known_is_a_box_and_hostile_blocks_run_nothing(
    gallery: Page, place: Place
) -> None:
    bad = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    text = {"type": "plain_text", "text": bad}
    cells = [{"type": "raw_text", "text": bad}]
    chart = {"type": "pie", "segments": [{"label": bad, "value": 1}]}
    button = {"type": "button", "text": text, "action_id": "a", "url": "javascript:alert(1)"}
    menu = {"type": "overflow", "action_id": "o", "options": [{"text": text, "value": "v"}]}
    select = {"type": "static_select", "action_id": "s", "options": [{"text": text, "value": bad}]}
    show(
        place,
        [
            {"type": "header", "text": text},
            {"type": "section", "text": {"type": "mrkdwn", "text": bad}, "fields": [text]},
            {"type": "data_table", "caption": bad, "rows": [cells, cells]},
            {"type": "data_visualization", "title": bad, "chart": chart},
            {"type": "actions", "elements": [button, menu, select]},
            {"type": "image", "image_url": "javascript:alert(1)", "alt_text": bad, "title": text},
            {"type": "card", "title": text, "body": text},
            {"type": "actions", "elements": [{"type": "hologram", "action_id": "x"}]},
            {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "fields": 5},
            {"type": "mystery"},
        ],
    )
    for known in ("block is not shown here: mystery", "element is not shown here: hologram"):
        await gallery.get_by_text(known).wait_for()
    await gallery.get_by_text("This block is not shown here: section").wait_for()
    await gallery.locator(".chart svg").wait_for()
    assert await gallery.title() == "Ada Okafor · Small Works"
    assert await gallery.locator("[onerror]").count() == 0
    assert await gallery.locator("[href^='javascript'], [src^='javascript']").count() == 0
