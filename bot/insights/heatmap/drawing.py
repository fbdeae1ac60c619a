"""Draws a table of scores as a PNG. Call it in a thread.

Pillow draws it (https://pillow.readthedocs.io), which is small and starts at once.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.insights.heatmap.blocks import written
from bot.insights.wave_results import PublishedNumber

COLOURS: Final = ("#b35806", "#f1a340", "#f7f7f7", "#67a0d0", "#1c4f8f")
"""From orange to blue, as in the table: they differ for every kind of colour vision."""
DARK: Final = (0.15, 0.85)
"""Shares of the scale beyond which the colours are dark and text on them is white."""
FONTS: Final = (
    str(Path(__file__).parent / "fonts" / "DejaVuSans.ttf"),
    "NotoSansCJK-Regular.ttc",
    *(f"NotoSans{script}-Regular.ttf" for script in ("Devanagari", "Thai", "Arabic", "Hebrew")),
)
"""Tried in turn for each character. The first comes with Attune, the others with some machines."""
NO_CHARACTER: Final = "\U0010ffff"
"""A font draws its sign for "missing" in place of this one."""

# All lengths are in pixels.
TEXT: Final = 17
TITLE: Final = 21
CELL: Final = (102, 50)
GAP: Final = 14
EDGE: Final = 2
HATCH: Final = 8
LABEL_ANGLE: Final = math.radians(40)
WHITE, BLACK, GREY = "#ffffff", "#000000", "#a6a6a6"


class Lettering:
    """Writes text in one size, each character in the first font that has it."""

    def __init__(self, size: int = TEXT) -> None:
        self._fonts: list[ImageFont.FreeTypeFont] = []
        for name in FONTS:
            with suppress(OSError):  # the machine doesn't have this one
                self._fonts.append(ImageFont.truetype(name, size))
        # The usual layout draws a dotted circle where a lone accent is missing.
        basic = ImageFont.Layout.BASIC
        self._plain = [font.font_variant(layout_engine=basic) for font in self._fonts]
        self._missing = [_pixels(font, NO_CHARACTER) for font in self._plain]
        self._known: dict[str, int | None] = {}

    def drawable(self, text: str, otherwise: str) -> str:
        """Return a text without what no font can draw; `otherwise` if nothing is left."""
        kept = "".join(each for each in " ".join(text.split()) if self._font_of(each) is not None)
        return " ".join(kept.split()) or otherwise

    def width(self, text: str) -> int:
        """Return how wide a text is."""
        return math.ceil(sum(font.getlength(part) for font, part in self._parts(text)))

    def write(
        self, pen: ImageDraw.ImageDraw, start: tuple[float, float], text: str, ink: str | int
    ) -> None:
        """Write a text from the middle of its left side."""
        at, middle = start
        for font, part in self._parts(text):
            pen.text((at, middle), part, ink, font, anchor="lm")
            at += font.getlength(part)

    def _parts(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        for number, characters in groupby(text, lambda each: self._font_of(each) or 0):
            yield self._fonts[number], "".join(characters)

    def _font_of(self, character: str) -> int | None:
        if character not in self._known:
            fonts = zip(self._plain, self._missing, strict=True)
            has = (
                n for n, (font, missing) in enumerate(fonts) if _pixels(font, character) != missing
            )
            self._known[character] = next(has, None)
        return self._known[character]


def draw_table(
    title: str,
    names: Sequence[str],
    labels: Sequence[str],
    rows: Sequence[Sequence[PublishedNumber | None]],
) -> bytes:
    """Return a PNG of named rows under slanted labels; a cell without a number is hatched.

    Values go from 0 to 10. A line sets the first row apart.
    """
    text, large = Lettering(), Lettering(TITLE)
    slanted = [_slanted(text, label) for label in labels]
    width, height = CELL
    left = GAP + max(map(text.width, names)) + GAP
    top = GAP + 2 * TITLE + max(image.height for image in slanted) + GAP
    right = max(width * n + width // 2 + image.width for n, image in enumerate(slanted))
    across = max(left + max(width * len(labels), right), GAP + large.width(title)) + GAP
    picture = Image.new("RGB", (across, top + height * len(rows) + GAP), WHITE)
    pen = ImageDraw.Draw(picture)
    large.write(pen, (GAP, GAP + TITLE / 2), title, BLACK)
    for number, image in enumerate(slanted):
        middle = left + width * number + width // 2
        picture.paste(BLACK, (middle, top - GAP // 2 - image.height), image)
    for number, (name, cells) in enumerate(zip(names, rows, strict=True)):
        upper = top + height * number
        text.write(pen, (left - GAP - text.width(name), upper + height / 2), name, BLACK)
        for column, cell in enumerate(cells):
            drawn = _cell(text, cell)
            picture.paste(drawn, (left + width * column, upper))
    line = top + height - EDGE
    pen.line((left, line, left + width * len(labels), line), BLACK, EDGE)
    content = BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


def _slanted(text: Lettering, label: str) -> Image.Image:
    """Return a label that rises to the right, as a mask."""
    flat = Image.new("L", (text.width(label) + 1, 2 * TEXT))
    text.write(ImageDraw.Draw(flat), (0, TEXT), label, 255)
    return flat.rotate(math.degrees(LABEL_ANGLE), Image.Resampling.BICUBIC, expand=True)


def _cell(text: Lettering, number: PublishedNumber | None) -> Image.Image:
    width, height = CELL
    cell = Image.new("RGB", CELL, WHITE)
    pen = ImageDraw.Draw(cell)
    inner = EDGE // 2, EDGE // 2, width - EDGE, height - EDGE
    if number is None:
        for start in range(-height, width, HATCH):
            pen.line((start, height, start + height, 0), GREY)
        pen.rectangle(inner, outline=GREY)
        return cell
    share = number.value / 10
    pen.rectangle(inner, fill=_colour(share))
    words = written(number)
    ink = BLACK if DARK[0] < share < DARK[1] else WHITE
    text.write(pen, ((width - text.width(words)) / 2, height / 2), words, ink)
    return cell


def _colour(share: float) -> tuple[int, ...]:
    """Return the colour at a share of the scale, from 0 to 1, between its two neighbours."""
    pairs = list(pairwise(ImageColor.getrgb(colour) for colour in COLOURS))
    at = min(max(share, 0), 1) * len(pairs)
    lower, upper = pairs[min(int(at), len(pairs) - 1)]
    part = at - min(int(at), len(pairs) - 1)
    return tuple(round(a + (b - a) * part) for a, b in zip(lower, upper, strict=True))


def _pixels(font: ImageFont.FreeTypeFont, character: str) -> tuple[object, bytes]:
    drawn = font.getmask(character)
    return drawn.size, bytes(drawn)
