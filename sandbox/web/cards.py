"""Blocks that look like cards: alerts, cards, carousels, tasks, plans and the like."""

from sandbox.web.buttons import words
from sandbox.web.elements import draw_element, unknown_box
from sandbox.web.media import image
from sandbox.web.mrkdwn import text_html
from sandbox.web.rich_text import rich_text
from sandbox.web.surface import Json, Place, Surface
from sandbox.web.tags import el, icon, raw

ALERTS = {"warning": "warning", "error": "error", "success": "check_circle"}
STATES = {
    "pending": ("○", "to do"),
    "in_progress": ("◐", "in progress"),
    "complete": ("●", "done"),
    "error": ("✕", "failed"),
}


def alert(block: Json, surface: Surface) -> None:
    """Draw a notice in the colour of its level."""
    level = str(block.get("level", "default"))
    with el("div", classes=f"alert alert-{level}", role="note"):
        icon(ALERTS.get(level, "info"))
        raw(text_html(block.get("text", ""), surface.names))


def card(block: Json, surface: Surface) -> None:
    """Draw a card: picture, titles, text and buttons."""
    names = surface.names
    with el("article", classes="card"):
        if block.get("hero_image"):
            image(block["hero_image"], names, "card-hero")
        with el("div", classes="card-head"):
            if block.get("icon"):
                image(block["icon"], names, "picture")
            elif block.get("slack_icon"):
                el("span", "◈", "picture-sign", aria_hidden="true")
            with el("div"):
                for part, style in (("title", "card-title"), ("subtitle", "quiet-text")):
                    if block.get(part):
                        raw(text_html(block[part], names), "div", style)
        for part, style in (("body", "card-body"), ("subtext", "quiet-text")):
            if block.get(part):
                raw(text_html(block[part], names), "div", style)
        if block.get("actions"):
            with el("div", classes="actions"):
                for element in block["actions"]:
                    draw_element(element, Place(surface, block))


def carousel(block: Json, surface: Surface) -> None:
    """Draw cards side by side."""
    with el("div", classes="carousel", role="group", aria_label="Cards", tabindex="0"):
        for element in block.get("elements", []):
            if element.get("type") == "card":
                card({"block_id": block.get("block_id"), **element}, surface)
            else:
                unknown_box("card", element)


def task_card(block: Json, surface: Surface) -> None:
    """Draw a task with its state, details, output and sources."""
    mark, said = STATES.get(str(block.get("status")), ("○", str(block.get("status", ""))))
    with el("div", classes="task"):
        with el("div", classes="task-title"):
            el("span", mark, "task-mark", role="img", aria_label=said)
            el("span", str(block.get("title", "")))
        for part in ("details", "output"):
            if block.get(part):
                raw(rich_text(block[part], surface.names), "div", "task-part")
        if block.get("sources"):
            with el("div", classes="context"):
                for source in block["sources"]:
                    draw_element(source, Place(surface, block))


def plan(block: Json, surface: Surface) -> None:
    """Draw a list of tasks under a title."""
    with el("div", classes="card"):
        el("div", str(block.get("title", "")), "card-title")
        for task in block.get("tasks", []):
            task_card(task, surface)


def call(block: Json, surface: Surface) -> None:
    """Draw a call, which can't be joined here."""
    details = ((block.get("call") or {}).get("v1") or {}).get("name", "")
    with el("div", classes="attachment"):
        icon("call")
        el("span", f" Call {details or block.get('call_id', '')}")
    del surface


def auth_provider(block: Json, surface: Surface) -> None:
    """Draw a connection to another service."""
    connected = bool(block.get("is_connected"))
    with el("div", classes="card"):
        with el("div", classes="card-head"):
            if block.get("icon_url"):
                image({"image_url": block["icon_url"], "alt_text": ""}, surface.names, "picture")
            with el("div"):
                el("div", words(block.get("name")), "card-title")
                el("div", words(block.get("description")), "quiet-text")
            if block.get("accessory"):
                draw_element(block["accessory"], Place(surface, block))
        if connected:
            known = (block.get("connected_identity"), block.get("connected_context"))
            said = ", ".join(filter(None, map(words, known)))
            el("div", f"Connected as {said}" if said else "Connected", "card-body")
        url = block.get("disconnect_url" if connected else "auth_url")
        if url:
            address = {"url": url, "text": "Disconnect" if connected else "Connect"}
            draw_element({"type": "url", **address}, Place(surface, block))
