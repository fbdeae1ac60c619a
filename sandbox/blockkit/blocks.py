"""Blocks, views, and where they may stand: https://docs.slack.dev/reference/block-kit/blocks."""

from collections.abc import Mapping
from typing import Final

from sandbox.blockkit import rules
from sandbox.blockkit.elements import (
    ALT_TEXT,
    ELEMENTS,
    ID,
    SELECTS,
    SLACK_FILE,
    WEB_URL,
    plain_text,
    text,
    text_kinds,
    typed,
)
from sandbox.blockkit.rich_text import RICH_TEXT_ELEMENTS
from sandbox.blockkit.schema import (
    EVERYWHERE,
    MESSAGES,
    MODALS,
    Check,
    Object,
    Properties,
    Surface,
    array,
    boolean,
    enum,
    integer,
    number,
    string,
    tagged,
)

MAX_BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}


def _block(
    name: str,
    required: Properties,
    optional: Properties | None = None,
    *relations: Check,
    surfaces: frozenset[Surface] = EVERYWHERE,
    at_most: int | None = None,
) -> Object:
    optional = {"block_id": ID, **(optional or {})}
    return typed(name, required, optional, *relations, surfaces=surfaces, at_most=at_most)


_CHOICES: Final = ("checkboxes", "radio_buttons", "datepicker", "timepicker", *SELECTS)
ACTIONS: Final = tagged(ELEMENTS, "button", "overflow", *_CHOICES)
ACCESSORIES: Final = tagged(ELEMENTS, "button", "overflow", "image", *_CHOICES)
INPUTS: Final = tagged(ELEMENTS, "plain_text_input", "number_input", "file_input", *_CHOICES)
CONTEXT_ELEMENTS: Final = tagged({"image": ELEMENTS["image"], **text_kinds()})
_IMAGE: Final = tagged(ELEMENTS, "image")

_LABEL: Final = string(20, 1)
_AXES: Final = Object(
    {"categories": array(_LABEL, 20, 1)}, {"x_label": string(50), "y_label": string(50)}
)
_SERIES: Final = Object(
    {"name": _LABEL, "data": array(Object({"label": _LABEL, "value": number()}), 20, 1)}
)


def _series_chart(name: str) -> Object:
    # The page once said 6 series or segments, which older clients still hold to; 12 is newer.
    return typed(
        name,
        {"series": array(_SERIES, 12, 1), "axis_config": _AXES},
        {},
        rules.unique("series", "name"),
        rules.covers_every_category,
    )


_SEGMENT: Final = Object({"label": _LABEL, "value": number(above=0)})
CHARTS: Final[Mapping[str, Object]] = {
    "pie": typed("pie", {"segments": array(_SEGMENT, 12, 1)}),
    "bar": _series_chart("bar"),
    "line": _series_chart("line"),
    "area": _series_chart("area"),
}

RICH_TEXT: Final = _block("rich_text", {"elements": array(tagged(RICH_TEXT_ELEMENTS), None, 1)})
CELLS: Final = tagged(
    {
        "raw_text": typed("raw_text", {"text": string(least=1)}),
        "raw_number": typed("raw_number", {"value": number(), "text": string(least=1)}),
        "rich_text": RICH_TEXT,
    }
)

# Slack's examples show cards in messages only; other surfaces are not documented.
CARD: Final = _block(
    "card",
    {},
    {
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": array(tagged(ELEMENTS, "button"), 3, 1),
    },
    rules.any_of("hero_image", "title", "actions", "body"),
    rules.unique("actions", "action_id"),
    surfaces=MESSAGES,
)

BLOCKS: Final[Mapping[str, Object]] = {
    "section": _block(
        "section",
        {},
        {
            "text": text(),
            "fields": array(text(2000), 10, 1),
            "accessory": ACCESSORIES,
            "expand": boolean,
        },
        rules.any_of("text", "fields"),
    ),
    "divider": _block("divider", {}),
    # `level` is missing from slack_sdk and Slack's page; slack-go says 1 to 4, as H1 to H4.
    "header": _block("header", {"text": plain_text(150)}, {"level": integer(1, 4)}),
    "context": _block("context", {"elements": array(CONTEXT_ELEMENTS, 10, 1)}),
    "actions": _block(
        "actions", {"elements": array(ACTIONS, 25, 1)}, {}, rules.unique("elements", "action_id")
    ),
    "input": _block(
        "input",
        {"label": plain_text(2000), "element": INPUTS},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": _block(
        "image",
        {"alt_text": ALT_TEXT},
        {"image_url": WEB_URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        rules.exactly_one("image_url", "slack_file"),
    ),
    "file": _block(
        "file", {"external_id": string(255, 1), "source": enum("remote")}, surfaces=MESSAGES
    ),
    "rich_text": RICH_TEXT,
    "alert": _block(
        "alert",
        {"text": text(200)},
        {"level": enum("default", "info", "warning", "error", "success")},
        surfaces=MODALS,
    ),
    "card": CARD,
    "carousel": _block(
        "carousel", {"elements": array(tagged({"card": CARD}), 10, 1)}, surfaces=MESSAGES
    ),
    "data_visualization": _block(
        "data_visualization",
        {"title": string(50, 1), "chart": tagged(CHARTS)},
        surfaces=MESSAGES,
        at_most=2,
    ),
    # Slack's page once said 101 rows; 201 is the newer figure.
    "data_table": _block(
        "data_table",
        {"caption": string(least=1), "rows": array(array(CELLS, 20, 1), 201, 2)},
        {"page_size": integer(1, 100), "row_header_column_index": integer(0, 19)},
        rules.rectangular,
        rules.characters_in_cells,
        surfaces=frozenset({"message", "home"}),
    ),
}

_TITLE: Final = plain_text(24)
_VIEW: Final[Properties] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
}


def blocks_for(surface: Surface) -> Check:
    """Return the check for all blocks of a message or view."""
    return array(tagged(BLOCKS), MAX_BLOCKS[surface], 0 if surface == "message" else 1)


VIEWS: Final[Mapping[str, Object]] = {
    "modal": typed(
        "modal",
        {"title": _TITLE, "blocks": blocks_for("modal")},
        {
            "submit": _TITLE,
            "close": _TITLE,
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            **_VIEW,
        },
    ),
    # slack_sdk refuses title, submit and close here; Slack documents none of the modal's extras.
    "home": typed("home", {"blocks": blocks_for("home")}, _VIEW),
}
"""https://docs.slack.dev/reference/views"""
