"""Buttons, menus and fields, and the function that draws each kind of element."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final

from nicegui import events
from nicegui.element import Element

from sandbox.acting.uploads import upload
from sandbox.state import Json
from sandbox.web.choices import checkboxes, radio_buttons, select
from sandbox.web.markup import safe_url
from sandbox.web.mrkdwn import words
from sandbox.web.names import Names
from sandbox.web.picker import Picker
from sandbox.web.surface import Place
from sandbox.web.tags import EMIT_FILE, EMIT_NOTHING, EMIT_PRESS, EMIT_VALUE, el, menu, put

FILES = "/files-web"
"""Where the page takes the workspace's files from, without a token."""
ENTER = "(event) => { if (event.key === 'Enter' && !event.shiftKey) emit() }"
FOLD = "(event) => { event.target.closest('details').open = false }"


def button(element: Json, place: Place) -> None:
    """Draw a button; one with a URL opens it and is sent to the app as well."""
    draw_pressable(element, element, place, f"button {element.get('style', '')}".strip())


def overflow(element: Json, place: Place) -> None:
    """Draw a menu with up to five choices."""
    details, panel = menu("More actions", "overflow", "more_horiz")
    with panel:
        for option in element["options"]:
            draw_pressable(option, element, place, "menu-item").on("click", js_handler=FOLD)
    place.controls.append(details)


def draw_pressable(shown: Json, element: Json, place: Place, classes: str) -> Element:
    """Draw a button or an option of a menu, as a link where it has an address."""
    url = safe_url(shown["url"]) if shown.get("url") else None
    label = shown.get("accessibility_label")
    if url:
        link = {"href": url, "target": "_blank", "rel": "noopener noreferrer"}
        drawn = el("a", words(shown["text"]), classes, aria_label=label, **link)
    else:
        drawn = el("button", words(shown["text"]), classes, aria_label=label, type="button")
    given = shown.get("value")
    put(drawn, data_focus=place.focus_key(element, str(given)))

    async def press() -> None:
        if "aria-busy" in drawn.props:
            return
        if "confirm" in element and not await place.surface.confirmed(element["confirm"]):
            return
        busy(drawn, True)
        try:
            await place.surface.press(place.block, element, given)
        finally:
            busy(drawn, False)

    return drawn.on("click", press, js_handler=EMIT_PRESS)


def busy(drawn: Element, is_busy: bool) -> None:
    """Show that the app is being asked."""
    if not drawn.is_deleted:
        put(drawn, aria_busy="true" if is_busy else None, aria_disabled="true" if is_busy else None)


def text_input(element: Json, place: Place) -> None:
    """Draw a field for a text or a number."""
    typed = {"value": str(place.current(element) or "")}
    multiline = bool(element.get("multiline"))
    drawn = el(
        "textarea" if multiline else "input",
        classes="field",
        defaultValue=typed["value"],
        placeholder=words(element.get("placeholder")) or None,
        maxlength=element.get("max_length"),
        rows=4 if multiline else None,
        autocomplete="off",
        inputmode="decimal" if element["type"] == "number_input" else None,
        **place.aria(element),
    )

    def note(event: events.GenericEventArguments) -> None:
        typed["value"] = str(event.args)
        place.surface.fill(place.block, element, typed["value"])

    async def send() -> None:
        await place.changed(element, typed["value"])

    drawn.on("input", note, js_handler=EMIT_VALUE)
    when = (element.get("dispatch_action_config") or {}).get("trigger_actions_on") or []
    if place.sends and "on_character_entered" in when:
        drawn.on("input", send, js_handler=EMIT_NOTHING, throttle=0.5, leading_events=False)
    if place.sends and when != ["on_character_entered"]:
        drawn.on("keydown", send, js_handler=ENTER)
    place.controls.append(drawn)


def date_input(element: Json, place: Place) -> None:
    """Draw the browser's own field for a date or a time."""
    kind = element["type"].removesuffix("picker")
    value = place.current(element) or ""
    attributes = {"type": kind, "defaultValue": value, **place.aria(element)}
    drawn = el("input", classes="field date-field", **attributes)

    async def changed(event: events.GenericEventArguments) -> None:
        await place.changed(element, str(event.args) or None)

    drawn.on("change", changed, js_handler=EMIT_VALUE)
    place.controls.append(drawn)


def picture(element: Json, place: Place) -> None:
    """Draw an image element."""
    image(element, place.names, "picture")


def image(content: Json, names: Names, classes: str) -> None:
    """Draw a picture from the web or the workspace's files; without an address its description."""
    file_id = (content.get("slack_file") or {}).get("id")
    known = f"{FILES}/{file_id}" if file_id in names.world.files else None
    source = safe_url(content["image_url"]) if content.get("image_url") else known
    alt = str(content.get("alt_text") or "")
    if source is None:
        el("div", alt or "A picture that can't be opened", "unknown-box", role="img")
        return
    el("img", classes=classes, src=source, alt=alt, loading="lazy", referrerpolicy="no-referrer")


def file_input(element: Json, place: Place) -> None:
    """Draw a field for a file, which the browser sends as base64."""
    kinds = ",".join(f".{kind}" for kind in element.get("filetypes", []))
    drawn = el("input", classes="field", type="file", accept=kinds or None, **place.aria(element))

    def note(event: events.GenericEventArguments) -> None:
        name, content = event.args
        engine, viewer = place.surface.engine, place.names.viewer.id
        file = upload(engine, viewer, name, b64decode(content.partition(",")[2]))
        place.surface.fill(place.block, element, [file])

    drawn.on("change", note, js_handler=EMIT_FILE)
    place.controls.append(drawn)


def unknown_element(element: Json, place: Place) -> None:
    """Draw a box in the place of an element that is not known."""
    del place
    unknown_box("element", element)


def unknown_box(what: str, content: Json) -> None:
    """Draw a box that says what could not be drawn."""
    kind = str(content.get("type", "without a type"))
    el("div", f"This {what} is not shown here: {kind}", "unknown-box", role="note")


DRAW_ELEMENT: Final[dict[str, Callable[[Json, Place], Any]]] = {
    "button": button,
    "overflow": overflow,
    "checkboxes": checkboxes,
    "radio_buttons": radio_buttons,
    "static_select": select,
    "users_select": select,
    "channels_select": select,
    "conversations_select": select,
    "external_select": Picker,
    "multi_static_select": Picker,
    "multi_external_select": Picker,
    "multi_users_select": Picker,
    "multi_channels_select": Picker,
    "multi_conversations_select": Picker,
    "datepicker": date_input,
    "timepicker": date_input,
    "plain_text_input": text_input,
    "number_input": text_input,
    "file_input": file_input,
    "image": picture,
}


def draw_element(element: Json, place: Place) -> None:
    """Draw an element; one that is not known here as a box with its name."""
    DRAW_ELEMENT.get(str(element.get("type")), unknown_element)(element, place)
