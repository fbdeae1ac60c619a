"""Plain HTML elements as NiceGUI elements: light, and accessible without further work.

Inputs are uncontrolled (``defaultValue``): an update of another part of the page never overwrites
what somebody types.
"""

import json
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from sandbox.web.markup import Html

EMIT_FILE = """(e) => {
  const file = e.target.files[0], reader = new FileReader()
  reader.onload = () => emit([file.name, reader.result])
  if (file) reader.readAsDataURL(file)
}"""
EMIT_VALUE = "(event) => emit(event.target.value)"
EMIT_CHECKED = "(event) => emit(event.target.checked)"
EMIT_NOTHING = "() => emit()"
EMIT_OPEN = "(event) => emit(event.target.open)"
EMIT_PRESS = (
    "(event) => { const pressed = event.currentTarget;"
    " if (event.detail > 1 && pressed.dataset.pressed) return;"
    " pressed.dataset.pressed = 'yes'; emit() }"
)
"""The second click of a double click on the same button is not sent."""
CLOSE_WHEN_LEFT = "(event) => closeWhenLeft(event)"
CLOSE_ON_ESCAPE = (
    "(event) => { if (event.key === 'Escape' && event.currentTarget.open) {"
    " event.stopPropagation(); event.preventDefault(); event.currentTarget.open = false;"
    " event.currentTarget.querySelector('summary').focus() } }"
)


class Tag(TextElement):
    """An HTML element with a text, which is never read as HTML."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(tag=name, text=text)


def el(name: str, /, text: str | None = None, classes: str = "", **attributes: Any) -> Element:
    """Make an element; ``aria_label`` becomes aria-label, ``for_`` for; None leaves out."""
    made = ui.element(name) if text is None else Tag(name, text)
    if classes:
        made.classes(classes)
    put(made, **attributes)
    return made


def set_text(element: Element, text: str) -> None:
    """Change the text of an element that was made with one."""
    if isinstance(element, Tag) and not element.is_deleted:
        element.set_text(text)


def put(element: Element, **attributes: Any) -> None:
    """Set attributes of an element; None takes one away."""
    for key, value in attributes.items():
        name = key.strip("_").replace("_", "-") if key.islower() else key
        if value is None:
            element.props.pop(name, None)
        else:
            element.props[name] = value
    element.update()


def raw(html: Html, name: str = "div", classes: str = "") -> ui.html:
    """Show markup that sandbox.web.markup made."""
    made = ui.html(html, sanitize=False, tag=name)
    if classes:
        made.classes(classes)
    return made


def icon(name: str) -> Element:
    """Draw an icon of the font that NiceGUI ships, for the eye alone."""
    return el("i", name, "icon", aria_hidden="true")


def icon_button(name: str, label: str) -> Element:
    """Make a button that shows an icon and is called ``label``."""
    with el("button", classes="icon-button", type="button", aria_label=label, title=label) as made:
        icon(name)
    return made


def menu(label: str, classes: str, icon_name: str, text: str = "") -> tuple[Element, Element]:
    """Make a button with a panel that opens beneath it; returns both, the panel to be filled."""
    details = el("details", classes=f"menu {classes}")
    details.on("focusout", js_handler=CLOSE_WHEN_LEFT).on("keydown", js_handler=CLOSE_ON_ESCAPE)
    with details:
        with el("summary", text or None, "icon-button", aria_label=label, title=label):
            icon(icon_name)
        panel = el("div", classes="menu-panel")
    return details, panel


def run_on_page(element: Element, function: str, *given: str) -> None:
    """Call one of the page's own functions (page.js), on the page that an element is on."""
    element.client.run_javascript(f"{function}(...{json.dumps(given)})")
