"""The heat map as a picture, with the words that belong to it. Call it in a thread."""

from dataclasses import dataclass
from typing import Final

from bot.blockkit.charts import numbered_labels
from bot.blockkit.text import escape, plural, shorten
from bot.insights.heatmap.blocks import COMPANY, cells_of, kind_of, written
from bot.insights.heatmap.drawing import Lettering, draw_table
from bot.insights.heatmap.service import HeatMap

NAME_LIMIT: Final = 32
NAMES_TOLD: Final = 10
ALT_LIMIT: Final = 1000


@dataclass(frozen=True)
class Picture:
    """A picture with what belongs to it."""

    png: bytes
    alt_text: str
    note: str
    """What to say beside it, as mrkdwn; names that no font can draw among it."""


def draw(heat: HeatMap) -> Picture:
    """Draw a page of the heat map; withheld cells are hatched, and every figure is written."""
    names = [COMPANY, *(group.name for group in heat.groups)]
    rows = [cells_of(heat, None), *(cells_of(heat, group) for group in heat.groups)]
    letters = Lettering()
    drawn = [
        letters.drawable(name, f"{heat.dimension.capitalize()} {number}")
        for number, name in enumerate(names)
    ]
    shown = numbered_labels(drawn, NAME_LIMIT)
    drivers = numbered_labels(
        [
            letters.drawable(each.label, f"{kind_of(heat).capitalize()} {number}")
            for number, each in enumerate(heat.drivers, start=1)
        ],
        NAME_LIMIT,
    )
    lost = [
        f"{label} is {escape(shorten(' '.join(name.split()), NAME_LIMIT))}"
        for name, kept, label in zip(names, drawn, shown, strict=True)
        if kept != " ".join(name.split())
    ]
    survey = shorten(letters.drawable(heat.wave.survey_name, "Results"), 2 * NAME_LIMIT)
    title = f"{survey}, {heat.wave.held_on.day} {heat.wave.held_on:%b %Y}"
    note = "Hatched cells are withheld or were not asked; + means “or more”, − “or less”."
    if lost:
        more = f"; and {len(lost) - NAMES_TOLD} more" if len(lost) > NAMES_TOLD else ""
        note += f" In the picture, {'; '.join(lost[:NAMES_TOLD])}{more}."
    return Picture(draw_table(title, shown, drivers, rows), _alt_text(heat), note)


def _alt_text(heat: HeatMap) -> str:
    """Describe the picture for people who do not see it: its size, and each group's lowest."""
    columns = plural(len(heat.drivers), kind_of(heat))
    counted = f"{plural(len(heat.groups), heat.dimension)} by {columns}"
    lowest = [
        f"{group.name}: lowest {group.scores[0].label}, {written(group.scores[0].mean)}"
        for group in heat.groups
        if group.scores
    ]
    text = f"Heat map of {heat.wave.survey_name}, {counted}. {'. '.join(lowest)}."
    return shorten(text, ALT_LIMIT)
