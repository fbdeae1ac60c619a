"""Elements to type into: texts, numbers, dates, times and files."""

import base64
import binascii
from datetime import datetime
from typing import Any

from nicegui import events
from nicegui.element import Element

from sandbox.web.buttons import words
from sandbox.web.names import Names
from sandbox.web.surface import Json, Place
from sandbox.web.tags import EMIT_NOTHING, EMIT_VALUE, el, put, set_text

KINDS = {
    "plain_text_input": "text",
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "text",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}
READ_FILE = """(event) => {
  const file = event.target.files[0]
  if (!file) return
  const reader = new FileReader()
  reader.onload = () => emit([file.name, reader.result.split(',')[1] || ''])
  reader.readAsDataURL(file)
}"""
ENTER = "(event) => { if (event.key === 'Enter' && !event.shiftKey) emit() }"


def text_input(element: Json, place: Place) -> None:
    """Draw a field for text, an address or a number."""
    multiline = bool(element.get("multiline"))
    drawn = el(
        "textarea" if multiline else "input",
        classes="field",
        defaultValue=place.current(element) or "",
        placeholder=words(element.get("placeholder")) or None,
        maxlength=element.get("max_length"),
        autofocus=True if element.get("focus_on_load") and place.surface.takes_focus else None,
        **place.aria(element),
    )
    if multiline:
        put(drawn, rows=4)
    else:
        put(drawn, type=KINDS[element["type"]], autocomplete="off")
    if element["type"] == "number_input":
        put(drawn, inputmode="decimal" if element.get("is_decimal_allowed") else "numeric")
    typing(drawn, element, place)


def typing(drawn: Element, element: Json, place: Place) -> None:
    """Keep what is typed, and tell the app when the element asks for it."""
    typed = {"value": str(place.current(element) or "")}

    def note(event: events.GenericEventArguments) -> None:
        typed["value"] = str(event.args)
        place.surface.fill(place.block, element, typed["value"])

    async def send() -> None:
        await place.changed(element, typed["value"])

    drawn.on("input", note, js_handler=EMIT_VALUE)
    if place.sends:
        when = (element.get("dispatch_action_config") or {}).get("trigger_actions_on")
        if "on_character_entered" in (when or []):
            drawn.on("input", send, js_handler=EMIT_NOTHING, throttle=0.5, leading_events=False)
        if when is None or "on_enter_pressed" in when:
            drawn.on("keydown", send, js_handler=ENTER)
    place.controls.append(drawn)


def rich_text_input(element: Json, place: Place) -> None:
    """Draw a field for longer text; its formatting is not edited here."""
    value = place.current(element)
    rows = max(int(element.get("min_lines") or 3), 2)
    drawn = el(
        "textarea",
        classes="field",
        defaultValue=flat_text(value) if isinstance(value, dict) else "",
        placeholder=words(element.get("placeholder")) or None,
        rows=rows,
        **place.aria(element),
    )

    def note(event: events.GenericEventArguments) -> None:
        place.surface.fill(place.block, element, str(event.args))

    drawn.on("input", note, js_handler=EMIT_VALUE)
    place.controls.append(drawn)


def flat_text(rich: Json) -> str:
    """Return the words of a rich text, a line for each part."""
    parts = []
    for part in rich.get("elements", []):
        inner = part.get("elements", [])
        deeper = any("elements" in child for child in inner)
        text = flat_text(part) if deeper else "".join(child.get("text", "") for child in inner)
        parts.append(text)
    return "\n".join(parts)


def date_input(element: Json, place: Place) -> None:
    """Draw the browser's own field for a date, a time or both."""
    value = place.current(element)
    is_moment = element["type"] == "datetimepicker"
    drawn = el(
        "input",
        classes="field date-field",
        type=KINDS[element["type"]],
        defaultValue=local_moment(value, place.names) if is_moment else value or "",
        **place.aria(element),
    )

    async def changed(event: events.GenericEventArguments) -> None:
        given: Any = str(event.args) or None
        if given and is_moment:
            local = datetime.fromisoformat(given).replace(tzinfo=place.names.zone)
            given = int(local.timestamp())
        await place.changed(element, given)

    drawn.on("change", changed, js_handler=EMIT_VALUE)
    place.controls.append(drawn)


def local_moment(timestamp: int | None, names: Names) -> str:
    """Return a moment as the browser's field takes it, in the viewer's zone."""
    return names.moment(timestamp).strftime("%Y-%m-%dT%H:%M") if timestamp else ""


def file_input(element: Json, place: Place) -> None:
    """Draw a field for one file at a time; several add up."""
    types = [f".{name}" for name in element.get("filetypes") or []]
    held: list[Json] = list(place.current(element) or [])
    drawn = el("input", classes="field", type="file", **place.aria(element))
    put(drawn, accept=",".join(types) or None)
    shown = el("p", file_names(held), "quiet-text", role="status")

    async def chosen(event: events.GenericEventArguments) -> None:
        name, content = event.args
        try:
            file = place.surface.upload(str(name), base64.b64decode(str(content)))
        except binascii.Error:
            return
        most = int(element.get("max_files") or 10)
        held[:] = [*held, file][-most:]
        set_text(shown, file_names(held))
        await place.changed(element, list(held))

    drawn.on("change", chosen, js_handler=READ_FILE)
    place.controls.append(drawn)


def file_names(files: list[Json]) -> str:
    """Return the names of files."""
    return ", ".join(str(file.get("name")) for file in files)
