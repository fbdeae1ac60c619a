"""Every Block Kit element, with the function that draws it."""

from collections.abc import Callable
from typing import Final

from sandbox.web.buttons import button, feedback_buttons, icon_button, overflow, workflow_button
from sandbox.web.choices import checkboxes, radio_buttons, select
from sandbox.web.inputs import date_input, file_input, rich_text_input, text_input
from sandbox.web.markup import link
from sandbox.web.media import picture
from sandbox.web.pickers import picker
from sandbox.web.surface import Json, Place
from sandbox.web.tags import el, raw


def source_link(element: Json, _place: Place) -> None:
    """Draw a link to where something comes from."""
    raw(link(element["url"], element.get("text") or element["url"]), "span", "source-link")


DRAW: Final[dict[str, Callable[[Json, Place], None]]] = {
    "button": button,
    "workflow_button": workflow_button,
    "icon_button": icon_button,
    "feedback_buttons": feedback_buttons,
    "overflow": overflow,
    "checkboxes": checkboxes,
    "radio_buttons": radio_buttons,
    "static_select": select,
    "users_select": select,
    "channels_select": select,
    "conversations_select": select,
    "external_select": picker,
    "multi_static_select": picker,
    "multi_external_select": picker,
    "multi_users_select": picker,
    "multi_channels_select": picker,
    "multi_conversations_select": picker,
    "datepicker": date_input,
    "timepicker": date_input,
    "datetimepicker": date_input,
    "plain_text_input": text_input,
    "email_text_input": text_input,
    "url_text_input": text_input,
    "number_input": text_input,
    "rich_text_input": rich_text_input,
    "file_input": file_input,
    "image": picture,
    "url": source_link,
}


def draw_element(element: Json, place: Place) -> None:
    """Draw an element; one that is not known here as a box with its name."""
    draw = DRAW.get(str(element.get("type")))
    if draw is None:
        unknown_box("element", element)
    else:
        draw(element, place)


def unknown_box(what: str, content: Json) -> None:
    """Draw a box that says what could not be drawn."""
    kind = str(content.get("type", "without a type"))
    el("div", f"This {what} is not shown here: {kind}", "unknown-box", role="note")
