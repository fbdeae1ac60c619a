"""Tells the demo's story on the terminal: who does what, and what they see."""

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH = 92
MENTION = re.compile("<@([^>]*)>")
MARKED = re.compile(r"(?<!\w)([*_~])(?=\S)([^\n]*?\S)\1(?!\w)")
Json = dict[str, Any]

JOINER = "\u00a0"
"""A space at which a line is not broken: a button stays whole."""


def heading(text: str) -> None:
    """Start a step of the story."""
    print(f"\n\033[1m{text}\033[0m", flush=True)


def says(text: str) -> None:
    """Say what somebody does."""
    print(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "), flush=True)


def shows(who: str, content: Json | None, names: Mapping[str, str]) -> None:
    """Draw what somebody sees: a message, a form or a Home tab. `names` are by Slack id."""
    if content is None:
        return
    title = content.get("title", {}).get("text")
    print(f"  ┌─ {who} sees{f' “{title}”' if title else ''}")
    for raw in lines_of(content):
        line = MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", raw)
        wrapped = textwrap.wrap(line, WIDTH - 6, subsequent_indent=_hanging(line)) or [""]
        for part in wrapped:
            print(f"  │ {part.replace(JOINER, ' ')}")
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
        return _whole(f"[ {element['text']['text']} ]")
    if "options" in element and "select" not in element["type"]:
        chosen = element.get("initial_option")
        return "  ".join(
            _whole(f"({'•' if option == chosen else ' '}) {option['text']['text']}")
            for option in element["options"]
        )
    if "initial_option" in element:
        return _whole(f"[ {element['initial_option']['text']['text']} ▾ ]")
    if "placeholder" in element:
        return _whole(f"[ {element['placeholder']['text']} ]")
    return _whole(f"[ {element.get('initial_time', '…')} ]")


def _whole(text: str) -> str:
    return text.replace(" ", JOINER)


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
    """Write mrkdwn as plain text: links as their label, dates as their fallback."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<[@#!]?[^|>]*\|([^>]*)>", r"\1", text)
    # Every second piece stands in a code span, where nothing is formatted.
    pieces = [
        piece if number % 2 else _unmarked(piece)
        for number, piece in enumerate(re.split(r"`([^`\n]+)`", text))
    ]
    return "".join(pieces).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unmarked(text: str) -> str:
    """Take the marks of bold, italic and struck text away, those within others too."""
    while (inner := MARKED.sub(r"\2", text)) != text:
        text = inner
    return text
