"""The heat map's picture shows each cell's colour, and every name in a font that has it."""

from io import BytesIO

import pytest
from PIL import Image, ImageColor

from bot.insights.heatmap.drawing import CELL, COLOURS, GAP, Lettering, draw_table
from bot.insights.wave_results import PublishedNumber

WHITE = (255, 255, 255)


def drawn(*values: float | None, title: str = "Pulse") -> Image.Image:
    cells = [None if value is None else PublishedNumber(value) for value in values]
    png = draw_table(title, ["Company"], [f"D{n}" for n in range(len(values))], [cells])
    return Image.open(BytesIO(png)).convert("RGB")


def corner_of(picture: Image.Image, column: int) -> object:
    """Return the colour of a cell of the only row, beside its figure."""
    left = GAP + Lettering().width("Company") + GAP + CELL[0] * column
    return picture.getpixel((left + 6, picture.height - GAP - CELL[1] + 6))


def test_cells_go_from_orange_to_blue() -> None:
    picture = drawn(0.0, 5.0, 10.0)
    ends = [ImageColor.getrgb(COLOURS[n]) for n in (0, 2, 4)]
    assert [corner_of(picture, column) for column in range(3)] == ends


def test_a_cell_between_two_colours_has_a_colour_between_them() -> None:
    found = corner_of(drawn(1.25), 0)
    one, other = (ImageColor.getrgb(each) for each in COLOURS[:2])
    assert found == tuple(round((a + b) / 2) for a, b in zip(one, other, strict=True))


def test_a_withheld_cell_is_hatched_on_white() -> None:
    picture = drawn(None)
    left = GAP + Lettering().width("Company") + GAP
    top = picture.height - GAP - CELL[1]
    inside = picture.crop((left + 4, top + 4, left + CELL[0] - 4, top + CELL[1] - 4))
    colours = {colour: count for count, colour in inside.getcolors() or []}
    assert colours[WHITE] > sum(colours.values()) / 2
    assert len(colours) > 1


def test_a_long_title_fits() -> None:
    title = "A survey with a long name, 3 Nov 2026"
    picture = drawn(5.0, title=title)
    assert picture.width > Lettering(21).width(title)
    assert picture.getpixel((picture.width - 2, GAP + 10)) == WHITE


@pytest.mark.parametrize("name", ["Zürich", "Łódź", "Поддержка", "Ομάδα", "R&D −2…"])
def test_names_of_europe_are_drawn_on_every_machine(name: str) -> None:
    assert Lettering().drawable(name, "Team 1") == name


def test_what_no_font_has_is_left_out() -> None:
    nothing = "\U0010fffd"  # for private use: no font defines it
    assert Lettering().drawable(f"Sales  {nothing}", "Team 1") == "Sales"
    assert Lettering().drawable(nothing, "Team 1") == "Team 1"
