"""Blocks with pictures: images, files, alerts, cards and carousels."""

from sandbox.state import Json
from sandbox.web.elements import draw_element, image
from sandbox.web.mrkdwn import text_html, words
from sandbox.web.surface import Place, Surface
from sandbox.web.tags import el, icon, raw

ALERTS = {"warning": "warning", "error": "error", "success": "check_circle"}


def image_block(block: Json, surface: Surface) -> None:
    """Draw a picture with its title."""
    with el("figure", classes="figure"):
        if block.get("title"):
            el("figcaption", words(block["title"]))
        image(block, surface.names, "large-picture")


def file(block: Json, _surface: Surface) -> None:
    """Draw a file from elsewhere."""
    with el("div", classes="attachment"):
        icon("attach_file")
        el("span", f" File {block.get('external_id', '')}")


def alert(block: Json, surface: Surface) -> None:
    """Draw a notice in the colour of its level."""
    level = str(block.get("level", "default"))
    with el("div", classes=f"alert alert-{level}", role="note"):
        icon(ALERTS.get(level, "info"))
        raw(text_html(block["text"], surface.names))


def card(block: Json, surface: Surface) -> None:
    """Draw a card: picture, titles, text and buttons."""
    with el("article", classes="card"):
        for part, classes in (("hero_image", "large-picture"), ("icon", "picture")):
            if block.get(part):
                image(block[part], surface.names, classes)
        for part in ("title", "subtitle", "body", "subtext"):
            if block.get(part):
                raw(text_html(block[part], surface.names), classes=f"card-{part}")
        if block.get("actions"):
            with el("div", classes="actions"):
                for element in block["actions"]:
                    draw_element(element, Place(surface, block))


def carousel(block: Json, surface: Surface) -> None:
    """Draw cards side by side."""
    with el("div", classes="carousel", role="group", aria_label="Cards", tabindex="0"):
        for element in block["elements"]:
            # The engine knows what lies inside by the outer block's id.
            card({**element, "block_id": block.get("block_id")}, surface)
