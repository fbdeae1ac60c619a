"""Draws on the terminal what people see: messages and forms."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 92
MENTION = re.compile("<@([^>]*)>")
MARKED = re.compile(r"(?<!\w)([*_~])(?=\S)([^\n]*?\S)\1(?!\w)")
Json = dict[str, Any]

JOINER = "\u00a0"
"""A space at which no line breaks, so that a button stays whole."""


def heading(text: str) -> None:
    """Print the title of a step."""
    print(f"\n\033[1m{text}\033[0m", flush=True)


def says(text: str) -> None:
    """Print a sentence or two, in ``mrkdwn``."""
    filled = textwrap.fill(plain(text), WIDTH, initial_indent="  ", subsequent_indent="  ")
    print(filled, flush=True)


def shows(who: str, content: Json | None, names: Mapping[str, str]) -> None:
    """Draw a message, a form or a Home tab. `names` are by Slack id."""
    if content is None:
        return
    title = (content.get("title") or {}).get("text")
    print(f"  ┌─ {who} sees{f' “{title}”' if title else ''}")
    for raw in lines_of(content):
        line = MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", raw)
        hanging = "  " if line.startswith(("• ", "◦ ")) else ""
        wrapped = textwrap.wrap(line, WIDTH - 6, subsequent_indent=hanging) or [""]
        for part in wrapped:
            print(f"  │ {part.replace(JOINER, ' ')}")
    print("  └─", flush=True)


def lines_of(content: Json) -> Iterator[str]:
    """Write a message or view as plain lines, block by block."""
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
        for text in (block.get("text"), *block.get("fields", [])):
            yield from plain(text["text"] if text else "").splitlines()
        if "accessory" in block:
            yield _element(block["accessory"])
    elif kind == "context":
        for element in block["elements"]:
            yield from plain(element.get("text", "")).splitlines()
    elif kind in ("actions", "context_actions"):
        yield "  ".join(_element(element) for element in block["elements"])
    elif kind == "input":
        yield f"{block['label']['text']}: {_element(block['element'])}"
    elif kind == "divider":
        yield "─" * 40
    else:
        yield from _chart_lines(block) if kind == "data_visualization" else [f"({kind})"]


def _chart_lines(block: Json) -> Iterator[str]:
    yield block["title"]
    for series in block["chart"].get("series", []):
        values = " · ".join(str(point["value"]) for point in series["data"])
        yield f"{series['name']}: {values}"


def _element(element: Json) -> str:
    chosen = element.get("initial_option")
    if "options" in element and "select" not in element["type"]:
        return "  ".join(
            _whole(f"({'•' if option == chosen else ' '}) {option['text']['text']}")
            for option in element["options"]
        )
    if chosen:
        return _whole(f"[ {chosen['text']['text']} ▾ ]")
    label = element.get("text") or element.get("placeholder")
    return _whole(f"[ {label['text'] if label else element.get('initial_time', '…')} ]")


def _whole(text: str) -> str:
    return text.replace(" ", JOINER)


def plain(text: str) -> str:
    """Write mrkdwn as plain text: links become their label, dates their fallback."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<[@#!]?[^|>]*\|([^>]*)>", r"\1", text)
    # Every second piece is a code span, where nothing is formatted.
    pieces = [
        piece if number % 2 else _unmarked(piece)
        for number, piece in enumerate(re.split(r"`([^`\n]+)`", text))
    ]
    return "".join(pieces).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unmarked(text: str) -> str:
    """Remove the marks of bold, italic and struck text, nested ones too."""
    while (inner := MARKED.sub(r"\2", text)) != text:
        text = inner
    return text
