"""Every block and element of the examples is drawn, in a real browser."""

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from sandbox.blockkit.examples import BLOCKS, ELEMENTS, PIE, block_around
from sandbox.state import Json, Message
from sandbox.web.blockkit import DRAW
from sandbox.web.elements import DRAW as DRAW_ELEMENT
from tests.sandbox.web.conftest import Place, open_as, watched

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gallery(tab: Page, place: Place) -> AsyncIterator[Page]:
    """One page for all of these tests: blocks are shown on it as they are posted."""
    async with watched(tab):
        await open_as(tab, place, "ada", "leadership")
        yield tab


def show(place: Place, blocks: list[Json], name: str = "leadership") -> None:
    """Post blocks as the app, one message for each, past the validation."""
    world, app = place.sandbox.world, place.sandbox.app
    channel = world.find_channel(name)
    assert channel is not None
    for message in [*channel.messages.values()]:
        world.delete_message(channel, message)
    for number, block in enumerate(blocks):
        identified = {"block_id": f"b{number}", **block}
        message = Message(
            world.stamps.next(),
            channel.id,
            app.bot_user_id,
            "fallback",
            blocks=[identified],
            bot_id=app.bot_id,
            app_id=app.id,
        )
        world.post(channel, message)


async def test_there_is_a_function_for_every_block_and_element() -> None:
    assert set(DRAW) >= set(BLOCKS)
    assert set(DRAW_ELEMENT) >= set(ELEMENTS)


async def test_every_block_is_drawn(
    gallery: Page, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    show(place, [*BLOCKS.values(), PIE])
    with caplog.at_level(logging.ERROR):
        await gallery.locator(".message").nth(len(BLOCKS)).wait_for()
    assert not caplog.records
    assert await gallery.get_by_text("is not shown here").count() == 0
    for kind in BLOCKS:
        frame = gallery.locator(f".block-{kind.replace('_', '-')}").first
        assert await frame.locator("*").count() > 0, kind
    for text in (
        "Open until Friday",
        "Nobody sees your answer.",
        "Names are masked before anybody reads it.",
        "This wave closes in an hour.",
        "Twelve years of databases and of teaching them.",
        "Connected as ada@example.com, Example Ltd",
        "Growth is up",
        "Invite the people team",
    ):
        assert await gallery.get_by_text(text).count() > 0, text


async def test_every_element_is_drawn(gallery: Page, place: Place) -> None:
    show(place, [block_around(element) for element in ELEMENTS.values()])
    await gallery.locator(".message").nth(len(ELEMENTS) - 1).wait_for()
    assert await gallery.get_by_text("is not shown here").count() == 0
    field_values = await gallery.locator("input.field, textarea.field").evaluate_all(
        "fields => fields.map(field => field.value)"
    )
    for value in ("2026-12-01", "09:30", "It was a good week.", "ada@example.com", "4"):
        assert value in field_values
    assert await gallery.get_by_role("radio", name="Growth").is_checked()
    assert await gallery.get_by_role("checkbox", name="Workload").is_checked()
    assert await gallery.get_by_role("button", name="Say that this was not helpful").count() == 1


async def test_what_is_not_known_is_a_box_with_its_name(gallery: Page, place: Place) -> None:
    unknown = {"type": "actions", "elements": [{"type": "hologram", "action_id": "x"}]}
    chart = {**PIE, "chart": {"type": "radar"}}
    broken = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, "fields": 5}
    show(place, [{"type": "mystery"}, unknown, chart, broken])
    for text in (
        "This block is not shown here: mystery",
        "This element is not shown here: hologram",
        "This chart is not shown here: radar",
        "This block is not shown here: section",
    ):
        await gallery.get_by_text(text).wait_for()


async def test_charts_are_drawn_and_have_their_figures(gallery: Page, place: Place) -> None:
    line = BLOCKS["data_visualization"]
    kinds = [{**line, "chart": {**line["chart"], "type": kind}} for kind in ("bar", "area")]
    show(place, [line, *kinds, PIE])
    await gallery.locator(".chart svg").nth(3).wait_for()
    await gallery.locator(".chart").first.get_by_text("Show the figures").click()
    cells = await gallery.locator(".chart table").first.locator("td, th").all_text_contents()
    assert cells == ["Month", "All", "Design", "Oct", "-1", "5", "Nov", "7.25", "6"]
    assert "Answered: 77.5%" in await gallery.locator(".chart").last.locator("svg").inner_html()


async def test_many_names_in_a_chart_can_all_be_read(gallery: Page, place: Place) -> None:
    segments = [{"label": f"Part {n}", "value": 1} for n in range(12)]
    pie = {**PIE, "chart": {"type": "pie", "segments": segments}}
    names = [f"Category number {n}" for n in range(20)]
    series = [{"name": "Mean", "data": [{"label": name, "value": 1} for name in names]}]
    config = {"categories": names}
    bars = {**PIE, "chart": {"type": "bar", "series": series, "axis_config": config}}
    show(place, [pie, bars])
    for kind, wanted in (("pie", [f"Part {n}: 8.33%" for n in range(12)]), ("bar", names)):
        chart = gallery.locator(f"[aria-label^='{kind} chart'] svg")
        await chart.get_by_text(wanted[-1], exact=True).wait_for()
        assert set(wanted) <= set(await chart.locator("text").all_text_contents())


async def test_long_tables_come_a_page_at_a_time(gallery: Page, place: Place) -> None:
    rows = [[{"type": "raw_text", "text": "Team"}]]
    rows += [[{"type": "raw_text", "text": f"Team {number}"}] for number in range(1, 26)]
    table = {"type": "data_table", "caption": "Teams", "page_size": 10, "rows": rows}
    show(place, [table])
    await gallery.get_by_role("button", name="Next").click()
    await gallery.get_by_text("11–20 of 25").wait_for()
    assert await gallery.get_by_text("Team 11", exact=True).count() == 1
    assert await gallery.get_by_text("Team 9", exact=True).count() == 0


async def test_hostile_blocks_run_nothing(gallery: Page, place: Place) -> None:
    bad = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    text = {"type": "plain_text", "text": bad}
    cells = [[{"type": "raw_text", "text": bad}]] * 2
    chart = {"type": "pie", "segments": [{"label": bad, "value": 1}]}
    button = {"type": "button", "text": text, "action_id": "a", "url": "javascript:alert(1)"}
    menu = {"type": "overflow", "action_id": "o", "options": [{"text": text, "value": "v"}]}
    option = {"text": text, "value": bad}
    select = {"type": "static_select", "action_id": "s", "placeholder": text, "options": [option]}
    show(
        place,
        [
            {"type": "header", "text": text},
            {"type": "section", "text": {"type": "mrkdwn", "text": bad}, "fields": [text]},
            {"type": "table", "rows": cells},
            {"type": "data_table", "caption": bad, "rows": cells},
            {"type": "data_visualization", "title": bad, "chart": chart},
            {"type": "actions", "elements": [button, menu, select]},
            {"type": "image", "image_url": "javascript:alert(1)", "alt_text": bad, "title": text},
            {"type": "card", "title": text, "body": text},
            {"type": bad},
        ],
    )
    await gallery.locator(".chart svg").wait_for()
    assert await gallery.title() == "Ada Okafor · Small Works"
    assert await gallery.locator("[onerror]").count() == 0
    assert await gallery.locator("[href^='javascript'], [src^='javascript']").count() == 0
