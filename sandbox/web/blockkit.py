"""Draws Block Kit: every block with the function for it, and a box for what is not known.

`Blocks` holds the blocks of one message or view and redraws only those that changed, so that
nobody loses the focus or what they are typing when an app updates the rest.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from nicegui.element import Element

from sandbox.state import Json
from sandbox.web.cards import alert, card, carousel, file, image_block
from sandbox.web.charts import data_visualization
from sandbox.web.elements import draw_element, unknown_box
from sandbox.web.mrkdwn import text_html, words
from sandbox.web.rich_text import rich_text
from sandbox.web.surface import Place, Surface
from sandbox.web.tables import data_table
from sandbox.web.tags import el, put, raw

log = logging.getLogger(__name__)


def section(block: Json, surface: Surface) -> None:
    """Draw text, fields and an accessory beside them."""
    names = surface.names
    label = words(block.get("text"))[:80]
    with el("div", classes="section"):
        with el("div", classes="section-text"):
            if block.get("text"):
                raw(text_html(block["text"], names))
            if block.get("fields"):
                with el("div", classes="fields"):
                    for one in block["fields"]:
                        raw(text_html(one, names))
        if block.get("accessory"):
            with el("div", classes="accessory"):
                draw_element(block["accessory"], Place(surface, block, label))


def divider(_block: Json, _surface: Surface) -> None:
    """Draw a line."""
    el("hr", classes="divider")


def header(block: Json, _surface: Surface) -> None:
    """Draw a heading; levels 1 to 4 become h2 to h5, beneath the page's own."""
    level = min(max(int(block.get("level") or 1), 1), 4) + 1
    el(f"h{level}", words(block.get("text")), "header")


def context(block: Json, surface: Surface) -> None:
    """Draw small texts and pictures in a row."""
    with el("div", classes="context"):
        for element in block.get("elements", []):
            if element.get("type") in {"mrkdwn", "plain_text"}:
                raw(text_html(element, surface.names), "span")
            else:
                draw_element(element, Place(surface, block))


def actions(block: Json, surface: Surface) -> None:
    """Draw elements in a row."""
    with el("div", classes="actions"):
        for element in block.get("elements", []):
            draw_element(element, Place(surface, block))


def input_block(block: Json, surface: Surface) -> None:
    """Draw a field with its label, hint and room for what is wrong with it."""
    element = block.get("element") or {}
    optional = bool(block.get("optional"))
    label_text = words(block.get("label"))
    with el("div", classes="input-block"):
        label = el("label", label_text, "label")
        with label:
            if optional:
                el("span", " (optional)", "optional")
        surface.controls.pop(block.get("block_id", ""), None)
        place = Place(surface, block, label_text, label.html_id, required=not optional)
        hint = el("div", words(block.get("hint")), "hint") if block.get("hint") else None
        place.described_by = hint.html_id if hint else None
        draw_element(element, place)
        if hint is not None:
            hint.move(target_index=-1)
        if place.controls and place.controls[0].tag in {"input", "select", "textarea"}:
            put(label, for_=place.controls[0].html_id)


def rich_text_block(block: Json, surface: Surface) -> None:
    """Draw rich text."""
    raw(rich_text(block, surface.names), classes="rich-text")


DRAW_BLOCK: Final[dict[str, Callable[[Json, Surface], None]]] = {
    "section": section,
    "divider": divider,
    "header": header,
    "context": context,
    "actions": actions,
    "input": input_block,
    "image": image_block,
    "file": file,
    "rich_text": rich_text_block,
    "alert": alert,
    "card": card,
    "carousel": carousel,
    "data_table": data_table,
    "data_visualization": data_visualization,
}


def draw_block(block: Json, surface: Surface) -> Element:
    """Draw one block; one that is not known, or can't be drawn, as a box that says so."""
    kind = str(block.get("type"))
    with el("div", classes=f"block block-{kind.replace('_', '-')}") as frame:
        draw = DRAW_BLOCK.get(kind)
        if draw is None:
            unknown_box("block", block)
            return frame
        try:
            draw(block, surface)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            # Blocks are validated before they get here; a gap between the two must stay visible.
            log.exception("A %s block could not be drawn", kind)
            frame.clear()
            unknown_box("block", block)
    return frame


def without_initial(content: Any) -> Any:
    """Return a block without the values that its elements begin with."""
    if isinstance(content, dict):
        return {
            key: without_initial(value)
            for key, value in content.items()
            if not key.startswith("initial_")
        }
    return [without_initial(one) for one in content] if isinstance(content, list) else content


class Blocks:
    """The blocks of one message or view, within an element of its own."""

    def __init__(self, surface: Surface, classes: str = "blocks") -> None:
        self.surface = surface
        self.root = el("div", classes=classes)
        self._drawn: list[tuple[Json, Element]] = []

    def show(self, blocks: list[Json]) -> None:
        """Show these blocks; those that stayed the same are kept as they are."""
        kept = list(self._drawn)
        drawn: list[tuple[Json, Element]] = []
        for index, block in enumerate(blocks):
            same = (i for i, (old, _) in enumerate(kept) if self._is_same(old, block))
            position = next(same, None)
            if position is not None:
                for _, gone in kept[:position]:
                    gone.delete()
                drawn.append((block, kept[position][1]))
                kept = kept[position + 1 :]
                continue
            with self.root:
                made = draw_block(block, self.surface)
            if kept:
                made.move(target_index=index)
            drawn.append((block, made))
        for _, gone in kept:
            gone.delete()
        self._drawn = drawn

    def _is_same(self, old: Json, new: Json) -> bool:
        """Return True if what is drawn for one block can stand for another.

        In an input, and in all of a view, what somebody typed or chose stays while block and action
        ids do: an initial value is for the first time only, as in Slack.
        """
        if old == new:
            return True
        keeps = self.surface.keeps_values or new.get("type") == "input"
        return keeps and without_initial(old) == without_initial(new)

    def element_of(self, block_id: str) -> Element | None:
        """Return what was drawn for a block."""
        return next((e for block, e in self._drawn if block.get("block_id") == block_id), None)
