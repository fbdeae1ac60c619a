"""Draws the heat map as a PNG. Call it in a thread: a full page takes seconds.

matplotlib is imported when the first picture is drawn: importing it takes longer than starting
Attune. Its figures are used without `pyplot`, whose state threads would share.
https://matplotlib.org/stable/gallery/user_interfaces/web_application_server_sgskip.html
"""

# ruff: noqa: PLC0415 (see above)

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.blockkit.charts import numbered_labels
from bot.blockkit.text import escape, shorten
from bot.insights.heatmap.blocks import COMPANY, cells_of, written
from bot.insights.heatmap.service import HeatMap
from bot.insights.pure.segments import group_in_words
from bot.insights.wave_results import PublishedNumber
from bot.insights.wording import dimension_text
from bot.languages import DayStyle, _, _n, plural, write_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: Final = ("#b35806", "#f1a340", "#f7f7f7", "#67a0d0", "#1c4f8f")
"""From orange to blue, as in the table: they differ for every kind of colour vision."""
DARK: Final = (0.15, 0.85)
"""Shares of the scale beyond which the colours are dark and text on them is white."""
CELL: Final = (0.85, 0.42)
"""Width and height of a cell in inches."""
MARGIN: Final = (3.4, 2.4)
DOTS: Final = 120
NAME_LIMIT: Final = 32
NAMES_TOLD: Final = 10
ALT_LIMIT: Final = 1000
FONTS: Final = (
    "DejaVu Sans",
    *(f"Noto Sans CJK {region}" for region in ("SC", "TC", "JP", "KR")),
    *("Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Arabic", "Noto Sans Hebrew"),
)
"""Those that the machine has are tried in turn; the first comes with matplotlib."""


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
    fonts = _fonts()
    drawn = [
        _drawable(name, _numbered(dimension_text(heat.dimension), number, fonts), fonts)
        for number, name in enumerate(names)
    ]
    shown = numbered_labels(drawn, NAME_LIMIT)
    column = _("Driver") if heat.wave.drivers else _("Question")
    drivers = numbered_labels(
        [
            _drawable(_(each.label), _numbered(column, number, fonts), fonts)
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
    survey = shorten(_drawable(heat.wave.survey_name, _("Results"), fonts), 2 * NAME_LIMIT)
    title = f"{survey}, {_day(heat.wave.held_on, fonts)}"
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
    return Picture(_png(title, shown, drivers, rows, list(fonts)), _alt_text(heat), " ".join(notes))


def _png(
    title: str,
    names: Sequence[str],
    drivers: Sequence[str],
    rows: Sequence[Sequence[PublishedNumber | None]],
    fonts: list[str],
) -> bytes:
    from matplotlib.figure import Figure

    size = (
        MARGIN[0] + CELL[0] * len(drivers),
        MARGIN[1] + CELL[1] * len(rows),
    )
    figure = Figure(figsize=size, dpi=DOTS, layout="constrained")
    axes = figure.add_subplot()
    _draw_cells(axes, rows)
    axes.set_xlim(0, len(drivers))
    axes.set_ylim(len(rows), 0)
    axes.set_xticks([each + 0.5 for each in range(len(drivers))], drivers, rotation=40, ha="left")
    axes.set_yticks([each + 0.5 for each in range(len(rows))], names)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.axhline(1, color="black", linewidth=1.5)
    heading = axes.set_title(title, loc="left", fontweight="bold", pad=14)
    for text in (heading, *axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set_parse_math(False)  # people's names may hold a dollar sign
        text.set_fontfamily(fonts)
    content = BytesIO()
    figure.savefig(content, format="png")
    return content.getvalue()


def _draw_cells(axes: "Axes", rows: Sequence[Sequence[PublishedNumber | None]]) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    values = np.array([[each.value if each else np.nan for each in row] for row in rows])
    colours = LinearSegmentedColormap.from_list("means", COLOURS)
    axes.pcolormesh(values, cmap=colours, vmin=0, vmax=10, edgecolors="white", linewidth=1.5)
    for row, cells in enumerate(rows):
        for column, number in enumerate(cells):
            if number is None:
                hatched = Rectangle((column, row), 1, 1, facecolor="white", edgecolor="0.65")
                hatched.set(hatch="////", linewidth=0.5)
                axes.add_patch(hatched)
                continue
            ink = "black" if DARK[0] < number.value / 10 < DARK[1] else "white"
            middle = column + 0.5, row + 0.5
            text = axes.text(*middle, written(number), ha="center", va="center", color=ink)
            text.set_in_layout(False)  # it is inside; measuring a thousand of them takes seconds


def _fonts() -> dict[str, frozenset[int]]:
    """Return the characters of each font that the machine has, in the order to try them."""
    from matplotlib.font_manager import fontManager, get_font

    files = {each.name: each.fname for each in fontManager.ttflist if each.name in FONTS}
    return {name: frozenset(get_font(files[name]).get_charmap()) for name in FONTS if name in files}


def _drawable(text: str, otherwise: str, fonts: dict[str, frozenset[int]]) -> str:
    """Return a text without what no font can draw; `otherwise` if nothing is left."""
    known = frozenset().union(*fonts.values())
    kept = "".join(each for each in " ".join(text.split()) if ord(each) in known)
    return " ".join(kept.split()) or otherwise


def _numbered(word: str, number: int, fonts: dict[str, frozenset[int]]) -> str:
    """Name a row or column by its number, without the word if no font can draw that."""
    return _drawable(f"{word} {number}", f"{number}", fonts)


def _day(day: date, fonts: dict[str, frozenset[int]]) -> str:
    written_out = write_day(day, DayStyle.SHORT)
    return written_out if _drawable(written_out, "", fonts) == written_out else f"{day}"


def _alt_text(heat: HeatMap) -> str:
    """Describe the picture for people who do not see it: its size, and each group's lowest."""
    columns = len(heat.drivers)
    sentences = [
        _("Heat map of {survey}, {teams} by {drivers}.").format(
            survey=heat.wave.survey_name,
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
