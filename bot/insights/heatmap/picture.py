"""The heat map as a picture, with the words that belong to it. Call it in a thread."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.blockkit.charts import numbered_labels
from bot.blockkit.text import escape, shorten
from bot.insights.heatmap.blocks import COMPANY, cells_of, written
from bot.insights.heatmap.drawing import Lettering, draw_table
from bot.insights.heatmap.service import HeatMap
from bot.insights.pure.segments import group_in_words
from bot.insights.wording import dimension_text
from bot.languages import DayStyle, _, _n, plural, write_day
from bot.surveys.pure.names import shown_name

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
    names = [_(COMPANY), *(group_in_words(group.name) for group in heat.groups)]
    rows = [cells_of(heat, None), *(cells_of(heat, group) for group in heat.groups)]
    letters = Lettering()
    drawn = [
        letters.drawable(name, _numbered(dimension_text(heat.dimension), number, letters))
        for number, name in enumerate(names)
    ]
    shown = numbered_labels(drawn, NAME_LIMIT)
    column = _("Driver") if heat.wave.drivers else _("Question")
    drivers = numbered_labels(
        [
            letters.drawable(_(each.label), _numbered(column, number, letters))
            for number, each in enumerate(heat.drivers, start=1)
        ],
        NAME_LIMIT,
    )
    lost = [
        _("{short_name} is {name}").format(
            short_name=label, name=escape(shorten(" ".join(name.split()), NAME_LIMIT))
        )
        for name, kept, label in zip(names, drawn, shown, strict=True)
        if kept != " ".join(name.split())
    ]
    name = shown_name(heat.wave.survey_name)
    survey = shorten(letters.drawable(name, _("Results")), 2 * NAME_LIMIT)
    title = f"{survey}, {_day(heat.wave.held_on, letters)}"
    notes = [_("Hatched cells are withheld or were not asked; + means “or more”, − “or less”.")]
    if lost:
        told = lost[:NAMES_TOLD]
        if more := len(lost) - len(told):
            told.append(_n("and {count} more", "and {count} more", more))
        notes.append(
            _("In the picture, {short_names_and_names}.").format(
                short_names_and_names="; ".join(told)
            )
        )
    return Picture(draw_table(title, shown, drivers, rows), _alt_text(heat), " ".join(notes))


def _numbered(word: str, number: int, letters: Lettering) -> str:
    """Name a row or column by its number, without the word if no font can draw that."""
    return letters.drawable(f"{word} {number}", f"{number}")


def _day(day: date, letters: Lettering) -> str:
    written_out = write_day(day, DayStyle.SHORT)
    return written_out if letters.drawable(written_out, "") == written_out else f"{day}"


def _alt_text(heat: HeatMap) -> str:
    """Describe the picture for people who do not see it: its size, and each group's lowest."""
    columns = len(heat.drivers)
    sentences = [
        _("Heat map of {survey}, {teams} by {drivers}.").format(
            survey=shown_name(heat.wave.survey_name),
            teams=_counted(heat.dimension, len(heat.groups)),
            drivers=plural(columns, "driver") if heat.wave.drivers else plural(columns, "question"),
        )
    ]
    sentences += [
        _("{group}: lowest {driver}, {mean}.").format(
            group=group_in_words(group.name),
            driver=_(group.scores[0].label),
            mean=written(group.scores[0].mean),
        )
        for group in heat.groups
        if group.scores
    ]
    return shorten(" ".join(sentences), ALT_LIMIT)


def _counted(dimension: str, groups: int) -> str:
    if dimension == "team":
        return plural(groups, "team")
    return plural(groups, "department") if dimension == "department" else plural(groups, "location")
