"""Writes what is shown as a person reads it, from top to bottom."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import chain
from typing import Any

from bot.blockkit.blocks import Block, Message
from bot.languages import _
from tests.golden.shown import Sentences, Shown, blocks_of

WIDTH = 100
OPTIONS_SHOWN = 12
"""Longer lists, such as that of languages, are no wording."""
TYPED = ("initial_value", "initial_date", "initial_time", "initial_conversation")


INVISIBLE = str.maketrans(
    {char: f"\\u{ord(char):04x}" for char in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"}
)
"""Marks of direction, which would turn a file's text around, are written out."""


def as_text(shown: Shown) -> str:
    """Write a case as readable text: small print in parentheses, things to press in brackets."""
    lines = list(_sentences(shown) if isinstance(shown, Sentences) else _parts(shown))
    text = "\n".join(chain.from_iterable(_wrapped(line) for line in lines))
    return f"{text.rstrip()}\n".translate(INVISIBLE)


def _sentences(sentences: Sentences) -> Iterator[str]:
    """Write texts, looking up those that are still in English, because they are constants."""
    if isinstance(sentences.texts, Mapping):
        for name, text in sentences.texts.items():
            indented = "\n".join(f"    {line}" for line in _read(_(text)).split("\n"))
            yield f"{name}:\n{indented}\n"
    else:
        yield from (f"{_read(_(text))}\n" for text in sentences.texts)


def _parts(shown: Message | dict[str, Any] | Sequence[Block]) -> Iterator[str]:
    if isinstance(shown, Message):
        yield f"Notification: {_read(shown.text)}"
        yield ""
    if isinstance(shown, dict) and "title" in shown:
        yield f"=== {shown['title']['text']} ==="
        yield ""
    for number, block in enumerate(blocks_of(shown)):
        if number:
            yield ""
        yield from _block(block)
    if isinstance(shown, dict) and "title" in shown:
        ends = [shown[name]["text"] for name in ("close", "submit") if name in shown]
        yield ""
        yield f"=== {'  '.join(f'[{end}]' for end in ends)} ==="


def _block(block: Block) -> Iterator[str]:
    kind = block["type"]
    if kind == "header":
        yield f"# {block['text']['text']}"
    elif kind == "section":
        yield _text(block["text"])
        if accessory := block.get("accessory"):
            yield from _elements([accessory])
    elif kind == "context":
        yield from (f"({_text(element)})" for element in block["elements"])
    elif kind == "divider":
        yield "-" * 20
    elif kind == "actions":
        yield from _elements(block["elements"])
    elif kind == "input":
        yield from _field(block)
    elif kind == "data_visualization":
        yield from _chart(block)
    elif kind == "data_table":
        yield f"table: {block['caption']}"
        yield from ("    " + " | ".join(cell["text"] for cell in row) for row in block["rows"])
    else:
        raise ValueError(f"nobody knows how to read {kind}")


def _elements(elements: Iterable[Block]) -> Iterator[str]:
    """Write what can be pressed in one line, and below it what is asked before a press counts."""
    shown = list(elements)
    yield "  ".join(_element(element) for element in shown)
    for element in shown:
        if asks := element.get("confirm"):
            ends = "  ".join(f"[{asks[end]['text']}]" for end in ("deny", "confirm"))
            yield f"    [{element['text']['text']}] asks: {asks['title']['text']}"
            yield f"    {asks['text']['text']}"
            yield f"    {ends}"
        if element["type"] != "button":
            yield from _options(element)


def _element(element: Block) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    return f"[{_entered(element)}]"


def _field(block: Block) -> Iterator[str]:
    optional = " (optional)" if block.get("optional") else ""
    element = block["element"]
    yield f"{block['label']['text']}{optional}: [{_entered(element)}]"
    yield from _options(element)
    if hint := block.get("hint"):
        yield f"    hint: {hint['text']}"


def _entered(element: Block) -> str:
    """Return what a field holds at first, or what stands in its place."""
    if chosen := element.get("initial_option"):
        return str(chosen["text"]["text"])
    if several := element.get("initial_options"):
        return ", ".join(str(each["text"]["text"]) for each in several)
    if people := element.get("initial_users"):
        return ", ".join(f"@{person}" for person in people)
    typed = next((element[name] for name in TYPED if name in element), None)
    return str(typed or element.get("placeholder", {}).get("text", ""))


def _options(element: Block) -> Iterator[str]:
    grouped = [
        (f"{group['label']['text']}: {option['text']['text']}", option)
        for group in element.get("option_groups", ())
        for option in group["options"]
    ]
    listed = [(option["text"]["text"], option) for option in element.get("options", ())]
    options = grouped or listed
    for text, option in options[:OPTIONS_SHOWN]:
        described = option.get("description")
        yield f"    - {text}" + (f": {described['text']}" if described else "")
    if len(options) > OPTIONS_SHOWN:
        yield f"    - and {len(options) - OPTIONS_SHOWN} more"


def _chart(block: Block) -> Iterator[str]:
    chart = block["chart"]
    yield f"chart of {chart['type']}s: {block['title']} ({chart['axis_config']['y_label']})"
    if len(chart["series"]) > 1:
        for series in chart["series"]:
            points = (f"{point['value']} ({point['label']})" for point in series["data"])
            yield f"    {series['name']}: {', '.join(points)}"
    else:
        points = chart["series"][0]["data"]
        yield from (f"    {point['label']}: {point['value']}" for point in points)


def _text(text: Block) -> str:
    return _read(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])


def _read(mrkdwn: str) -> str:
    """Write what Slack makes of mentions, moments and links; its stars and ticks stay."""
    text = re.sub(r"<@(\w+)>", r"@\1", mrkdwn)
    text = re.sub(r"<#(\w+)>", r"#\1", text)
    text = re.sub(r"<!subteam\^(\w+)>", r"@group \1", text)
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<(https?://[^|>]*)\|([^>]*)>", r"\2 (\1)", text)
    return unescape(text)


def _wrapped(line: str) -> Iterator[str]:
    for each in line.split("\n"):
        indent = " " * (len(each) - len(each.lstrip(" ")))
        yield from (
            part.rstrip()
            for part in textwrap.wrap(each, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
            or [""]
        )
