"""Pictures of the page for the docs: as narrow as half a README, and small files."""

import io

from PIL import Image
from playwright.async_api import Locator, Page, ViewportSize

from tests.conftest import ROOT
from tests.sandbox.web.conftest import SHARP, WANTS_PICTURES, WINDOW

IMAGES = ROOT / "docs" / "images"
NARROW: ViewportSize = {"width": 500, "height": 2400}
TALLEST = 760
COLOURS = 128
"""Enough for text and charts; all colours would take three times the room."""
EDGE = 4
"""Room around a part: half of that between blocks."""
WHOLE_BLOCKS = """(what, [first, tallest, edge]) => {
  const top = what.getBoundingClientRect().top
  const blocks = [...what.querySelectorAll('.block')]
  const from = blocks.findIndex((one) => one.textContent.includes(first))
  const line = blocks.findIndex((one, at) => at > from && one.matches('.block-divider'))
  const shown = first ? blocks.slice(from, line < 0 ? undefined : line) : [what, ...blocks]
  const begins = first && from > 0 ? shown[0].getBoundingClientRect().top - edge - top : 0
  const ends = shown.map((one) => one.getBoundingClientRect().bottom - top)
    .filter((end) => end - begins <= tallest)
  return [begins, Math.max(...ends) + edge]
}"""
"""Where to begin and end, so that no line is cut."""


async def keep(page: Page, name: str, what: Locator, first: str = "") -> None:
    """Take a picture of a message or a form for the docs, when asked to.

    It is as narrow as can be read at half a page's width, and shows those blocks of a long message
    that fit: all from the beginning, or with `first` from the block with this text to the next
    dividing line.
    """
    if not WANTS_PICTURES:
        return
    await page.set_viewport_size(NARROW)
    await what.scroll_into_view_if_needed()
    await page.mouse.move(0, 0)  # a message beneath the pointer is shaded
    await page.wait_for_timeout(500)  # charts move to their place
    begins, ends = await what.evaluate(WHOLE_BLOCKS, [first, TALLEST, EDGE])
    whole = Image.open(io.BytesIO(await what.screenshot())).convert("RGB")
    part = whole.crop((0, int(begins * SHARP), whole.width, min(int(ends * SHARP), whole.height)))
    path = IMAGES / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    part.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    await page.set_viewport_size(WINDOW)
