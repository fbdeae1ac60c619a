"""Tells the demo's story on the terminal: who does what, and what they see."""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

WIDTH = 92
Json = dict[str, Any]

EMOJI = {":lock:": "🔒", ":wave:": "👋", ":speech_balloon:": "💬"}


def heading(text: str) -> None:
    """Start a step of the story."""
    print(f"\n\033[1m{text}\033[0m", flush=True)


def says(text: str) -> None:
    """Say what somebody does."""
    print(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "), flush=True)


def shows(who: str, content: Json | None) -> None:
    """Draw what somebody sees: a message, a form or a Home tab."""
    if content is None:
        return
    title = content.get("title", {}).get("text")
    print(f"  ┌─ {who} sees{f' “{title}”' if title else ''}")
    for line in lines_of(content):
        wrapped = textwrap.wrap(line, WIDTH - 6, subsequent_indent=_hanging(line)) or [""]
        for part in wrapped:
            print(f"  │ {part}")
    print("  └─", flush=True)


def _hanging(line: str) -> str:
    return "  " if line.startswith(("• ", "◦ ")) else ""


def lines_of(content: Json) -> Iterator[str]:
    """Write a message or view as plain lines, a block after the other."""
    blocks = content.get("blocks") or []
    if not blocks:
        yield from plain(content.get("text", "")).splitlines()
    for block in blocks:
        yield from _block_lines(block)
    if submit := content.get("submit"):
        yield f"[ {content['close']['text']} ]  [ {submit['text']} ]"


def _block_lines(block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind == "header":
        yield block["text"]["text"].upper()
    elif kind == "section":
        yield from _section_lines(block)
    elif kind == "context":
        for element in block["elements"]:
            yield from plain(element.get("text", "")).splitlines()
    elif kind in ("actions", "context_actions"):
        yield "  ".join(_element(element) for element in block["elements"])
    elif kind == "input":
        yield f"{block['label']['text']}: {_element(block['element'])}"
    elif kind == "data_visualization":
        yield from _chart_lines(block)
    elif kind == "divider":
        yield "─" * 40
    else:
        yield f"({kind})"


def _section_lines(block: Json) -> Iterator[str]:
    if "text" in block:
        yield from plain(block["text"]["text"]).splitlines()
    for field in block.get("fields", []):
        yield from plain(field["text"]).splitlines()
    if "accessory" in block:
        yield _element(block["accessory"])


def _element(element: Json) -> str:
    if element["type"] == "button":
        return f"[ {element['text']['text']} ]"
    if "options" in element and "select" not in element["type"]:
        return "  ".join(f"( ) {option['text']['text']}" for option in element["options"])
    if "placeholder" in element:
        return f"[ {element['placeholder']['text']} ▾ ]"
    return "[ … ]"


def _chart_lines(block: Json) -> Iterator[str]:
    """Draw a bar chart with bars of text, other charts as their numbers."""
    yield block.get("title", "")
    chart = block["chart"]
    for series in chart.get("series", []):
        for point in series["data"]:
            bar = "█" * round(point["value"] * 2)
            yield f"  {point['label']:<20} {bar} {point['value']:g}"
    for segment in chart.get("segments", []):
        yield f"  {segment['label']:<20} {segment['value']:g}"


def plain(text: str) -> str:
    """Write mrkdwn as plain text: links by their label, dates by their fallback."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<[@#!]?[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<([@#])([^>]*)>", r"\1\2", text)
    text = re.sub(r"(?<!\w)[*_`]([^*_`\n]+)[*_`](?!\w)", r"\1", text)
    for code, sign in EMOJI.items():
        text = text.replace(code, sign)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
