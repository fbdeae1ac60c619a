"""Block Kit for the heat map: a table of groups by drivers with a coloured square per figure."""

from dataclasses import dataclass
from typing import Final

from bot.blockkit.blocks import (
    HEADER_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    header,
    section,
)
from bot.blockkit.charts import numbered_labels
from bot.blockkit.tables import data_table, text_tables
from bot.blockkit.text import shorten
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.heatmap.service import HeatMap
from bot.insights.positions import SHOW, PagePosition
from bot.insights.pure.segments import group_in_words
from bot.insights.wave_results import GroupResults, PublishedNumber, Score
from bot.languages import DayStyle, _, marked, write_day
from bot.surveys.pure.names import shown_name

HEAT_MAP: Final = "insights:heat_map"
"""Prefix of the ids of buttons that show a heat map."""
PICTURE: Final = "insights:heat_picture"
"""Id of the button that sends it as a picture."""

LOW_BELOW: Final = 5.0
HIGH_FROM: Final = 7.0
LOW, MIDDLE, HIGH = "🟧", "🟨", "🟦"
"""Orange and blue differ for every kind of colour vision; the number stands beside them."""
WITHHELD: Final = "—"
COMPANY: Final = marked("Company")
NAME_LIMIT: Final = 40
DRIVER_LIMIT: Final = 24

CAPTION: Final = marked("Means from 0 (bad) to 10 (good)")
LEGEND: Final = marked(
    "🟧 below 5 · 🟨 5 to 7 · 🟦 7 and more · — withheld or not asked. "
    "+ means “or more”, − “or less”. The lowest group is at the top, the lowest driver on the left."
)
TEXT_LEGEND: Final = marked(
    "— is withheld or not asked. + means “or more”, − “or less”. The lowest group is at "
    "the top, the lowest driver on the left."
)
DRAWING: Final = marked("I'm drawing the picture. It comes as a message from me in a few seconds.")
NO_PICTURE: Final = marked("I couldn't send the picture. Please try again in a minute.")
NO_SCOPE: Final = marked(
    "I may not send files in this workspace yet. Somebody who manages apps can allow it: add the "
    "scope `files:write` under *OAuth & Permissions* of this app, then install it again."
)


@dataclass(frozen=True)
class HeatPosition:
    """A page of one wave's heat map, as a button's value holds it."""

    wave_id: str
    dimension: str = ""
    """Empty for the first one with groups."""
    page: int = 0

    def encode(self) -> str:
        """Return it as a button's value."""
        return f"{self.wave_id}:{self.dimension}:{self.page}"

    @classmethod
    def decode(cls, value: str) -> "HeatPosition":
        """Return it from a button's value; raise OutdatedError if that is malformed."""
        try:
            wave_id, dimension, page = value.split(":")
            return cls(wave_id, dimension, int(page))
        except ValueError:
            raise OutdatedError from None


def heat_map_button(wave_id: str) -> Block:
    """Return the button that shows a wave's heat map."""
    return button(_("Heat map"), HEAT_MAP, HeatPosition(wave_id).encode())


def heat_map_message(heat: HeatMap) -> Message:
    """Return a page of the heat map, and the plain version as text."""
    wave = heat.wave
    name = wording.short_text(shown_name(wave.survey_name), wording.NAME_LIMIT)
    title = _title(heat)
    if heat.pages > 1:
        title = _("{title}, page {page} of {pages}").format(
            title=title, page=heat.page + 1, pages=heat.pages
        )
    top = [
        header(shorten(title, HEADER_TEXT)),
        context(f"{name} · {write_day(wave.held_on, DayStyle.SHORT)}"),
    ]
    more = []
    if len(wave.scores) > len(heat.drivers):
        text = (
            _(
                "These are the {shown} lowest of {all} drivers; “All drivers” in the overview has "
                "the others."
            )
            if wave.drivers
            else _(
                "These are the {shown} lowest of {all} questions; “All questions” in the overview "
                "has the others."
            )
        )
        more.append(text.format(shown=len(heat.drivers), all=len(wave.scores)))
    bottom = _controls(heat)
    return Message(
        _("{title} in {survey}.").format(title=title, survey=name),
        [
            *top,
            data_table(_(CAPTION), _rows(heat, squares=True)),
            context(_(LEGEND), *more),
            bottom,
        ],
        [*top, *_as_text(heat), context(f"{_(CAPTION)}.", _(TEXT_LEGEND), *more), bottom],
    )


def picture_comment(heat: HeatMap, note: str) -> str:
    """Return the words above the picture; `note` says what stands in it."""
    name = wording.short_text(shown_name(heat.wave.survey_name), wording.NAME_LIMIT)
    title = _("{title} in {survey}.").format(title=_title(heat), survey=f"*{name}*")
    return f"{title} {note}"


def _title(heat: HeatMap) -> str:
    """Say what the rows and the columns are."""
    text = _("{teams} by driver") if heat.wave.drivers else _("{teams} by question")
    return text.format(teams=wording.dimensions_text(heat.dimension))


def written(number: PublishedNumber) -> str:
    """Write a mean in a few characters: `4.2`, `7.5+` for that and more, `2.5−` for less."""
    mark = "−" if number.is_least else "+" if number.is_most else ""
    return f"{wording.one_decimal(number.value)}{mark}"


def cells_of(heat: HeatMap, group: GroupResults | None) -> list[PublishedNumber | None]:
    """Return a row's figures, by the heat map's drivers; those of the company without a group."""
    scores = heat.wave.scores if group is None else group.scores
    means = {score.ref: score.mean for score in scores}
    return [means.get(driver.ref) for driver in heat.drivers]


def _rows(heat: HeatMap, *, squares: bool) -> list[list[str]]:
    names = numbered_labels([group_in_words(each.name) for each in heat.groups], NAME_LIMIT)
    head = [wording.dimension_text(heat.dimension), *_driver_names(heat.drivers)]
    rows = [(_(COMPANY), cells_of(heat, None))]
    rows += [(name, cells_of(heat, group)) for name, group in zip(names, heat.groups, strict=True)]
    return [head, *([name, *(_cell(each, squares) for each in cells)] for name, cells in rows)]


def _driver_names(drivers: tuple[Score, ...]) -> list[str]:
    return numbered_labels([_(each.label) for each in drivers], DRIVER_LIMIT)


def _cell(number: PublishedNumber | None, squares: bool) -> str:
    if number is None:
        return WITHHELD
    if not squares:
        return written(number)
    square = LOW if number.value < LOW_BELOW else MIDDLE if number.value < HIGH_FROM else HIGH
    return f"{square} {written(number)}"


def _as_text(heat: HeatMap) -> list[Block]:
    """Write it in code blocks; the columns have numbers, because labels would be too wide."""
    head, *rows = _rows(heat, squares=False)
    numbers = [f"({number})" for number in range(1, len(head))]
    columns = " · ".join(
        f"({number}) {wording.label_text(score.label, DRIVER_LIMIT)}"
        for number, score in enumerate(heat.drivers, start=1)
    )
    return [section(columns), *map(section, text_tables([[head[0], *numbers], *rows]))]


def _controls(heat: HeatMap) -> Block:
    wave_id = heat.wave.wave_id
    turns = [
        (name, _(name), HeatPosition(wave_id, heat.dimension, page))
        for name, page in (
            (marked("Previous page"), heat.page - 1),
            (marked("Next page"), heat.page + 1),
        )
        if 0 <= page < heat.pages
    ]
    others = [
        (
            f"{dimension.capitalize()}s",
            wording.dimensions_text(dimension),
            HeatPosition(wave_id, dimension),
        )
        for dimension in heat.wave.group_counts
        if dimension != heat.dimension
    ]
    here = HeatPosition(wave_id, heat.dimension, heat.page)
    return actions(
        [
            *(
                button(label, f"{HEAT_MAP}:{name}", to.encode())
                for name, label, to in [*turns, *others]
            ),
            button(_("As a picture"), PICTURE, here.encode()),
            button(_("Back to the overview"), SHOW, PagePosition(wave_id).encode()),
        ]
    )
