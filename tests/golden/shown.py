"""What a case may show, and where its blocks stand in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.blockkit.blocks import Block, Message, View


@dataclass(frozen=True)
class Sentences:
    """Several short texts, each by what it is about where that helps."""

    texts: Mapping[str, str] | Sequence[str]


Shown = Message | View | Sequence[Block] | Sentences
"""A message, a modal or Home tab, blocks of a message, or texts alone."""
Cases = Mapping[str, Callable[[], Shown]]
"""Cases by name. They are called late, so that one that fails does so in a test of its own."""


def blocks_of(shown: Shown) -> list[Block]:
    """Return what is shown from top to bottom."""
    if isinstance(shown, Sentences):
        return []
    if isinstance(shown, Message):
        return shown.blocks
    return list(shown["blocks"]) if isinstance(shown, dict) else list(shown)


def formatted_texts(node: Any) -> list[str]:
    """Return all texts in which Slack reads formatting, wherever they stand in blocks."""
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "mrkdwn" else []
        return own + [text for value in node.values() for text in formatted_texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in formatted_texts(value)]
    return []
