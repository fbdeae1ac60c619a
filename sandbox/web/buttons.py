"""Elements that are pressed: buttons of all kinds, and the overflow menu."""

from typing import Any

from nicegui.element import Element

from sandbox.web.emoji import with_emoji
from sandbox.web.markup import safe_url
from sandbox.web.surface import Json, Place
from sandbox.web.tags import EMIT_PRESS, el, icon, menu, put
from sandbox.web.tags import icon_button as framed_icon

ICONS = {"trash": "delete"}


def words(text: Json | None) -> str:
    """Return a plain text object's text with its emoji."""
    return with_emoji((text or {}).get("text", ""))


def button(element: Json, place: Place) -> None:
    """Draw a button; one with a URL opens it and is sent to the app as well."""
    kind = f"button {element.get('style', '')}".strip()
    url = safe_url(element["url"]) if element.get("url") else None
    attributes: dict[str, Any] = {"aria_label": element.get("accessibility_label")}
    if url:
        link = {"href": url, "target": "_blank", "rel": "noopener noreferrer"}
        drawn = el("a", words(element["text"]), kind, **link, **attributes)
    else:
        drawn = el("button", words(element["text"]), kind, type="button", **attributes)
    pressing(drawn, element, place, element.get("value"))


def pressing(drawn: Element, element: Json, place: Place, given: Any) -> None:
    """Let a drawn element act when it is pressed, once at a time."""
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

    drawn.on("click", press, js_handler=EMIT_PRESS)


def busy(drawn: Element, is_busy: bool) -> None:
    """Show that the app is being asked."""
    if not drawn.is_deleted:
        put(drawn, aria_busy="true" if is_busy else None, aria_disabled="true" if is_busy else None)


def workflow_button(element: Json, place: Place) -> None:
    """Draw a button that starts a workflow; there are none here, so it says so."""
    kind = f"button {element.get('style', '')}".strip()
    title = "Workflows do not run in the sandbox"
    el("button", words(element["text"]), kind, type="button", disabled=True, title=title)
    del place


def icon_button(element: Json, place: Place) -> None:
    """Draw a button with an icon; its text is what it is called."""
    label = element.get("accessibility_label") or words(element["text"])
    drawn = framed_icon(ICONS.get(element.get("icon", ""), "radio_button_checked"), label)
    pressing(drawn, element, place, element.get("value"))


def feedback_buttons(element: Json, place: Place) -> None:
    """Draw the pair of buttons that say helpful or not."""
    for side, mark in (("positive_button", "thumb_up"), ("negative_button", "thumb_down")):
        one = element[side]
        label = one.get("accessibility_label")
        with el("button", classes="button quiet", type="button", aria_label=label) as drawn:
            icon(mark)
            el("span", words(one["text"]))
        pressing(drawn, element, place, one.get("value") or one["text"]["text"])


def overflow(element: Json, place: Place) -> None:
    """Draw a menu with up to five choices."""
    details, panel = menu("More actions", "overflow", "more_horiz")
    with panel:
        for option in element["options"]:
            url = safe_url(option["url"]) if option.get("url") else None
            if url:
                drawn = el("a", words(option["text"]), "menu-item", href=url, target="_blank")
                put(drawn, rel="noopener noreferrer")
            else:
                drawn = el("button", words(option["text"]), "menu-item", type="button")
            given = option.get("value") or option["text"]["text"]
            drawn.on(
                "click",
                js_handler="(event) => event.target.closest('details').open = false",
            )
            pressing(drawn, element, place, given)
    place.controls.append(details)
