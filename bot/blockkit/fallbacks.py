"""Simpler forms of a message, for workspaces that refuse some of its blocks."""

from collections.abc import Iterable

from bot.blockkit.blocks import (
    MESSAGE_BLOCKS,
    MESSAGE_TEXT,
    SECTION_TEXT,
    Block,
    Message,
    actions,
    section,
)
from bot.blockkit.text import escape, shorten


def fallbacks_of(message: Message) -> list[list[Block]]:
    """Return the forms to try in turn: the blocks, their plain form, sections and actions only."""
    forms: list[list[Block]] = []
    for blocks in (message.blocks, message.plain, simpler_blocks(message.plain or message.blocks)):
        if blocks and blocks not in forms:
            forms.append(blocks)
    return forms


def simpler_blocks(blocks: Iterable[Block]) -> list[Block]:
    """Return a message with sections and actions only, the blocks that every server knows.

    Blocks keep their ids, which name the part of a bundle. Those without words are left out. Empty
    if the result has more blocks than a message may have.
    """
    made: list[Block] = []
    for block in blocks:
        made += _plainer(block)
    return made if len(made) <= MESSAGE_BLOCKS else []


def as_plain_text(message: Message) -> str:
    """Return a message's whole content as text, for servers that take no blocks."""
    said = [text for block in simpler_blocks(message.blocks) if (text := _text_of(block))]
    return shorten("\n\n".join(said), MESSAGE_TEXT) or message.text


def _plainer(block: Block) -> list[Block]:
    if block["type"] == "section":
        accessory: Block = block.get("accessory") or {}
        kept = {name: value for name, value in block.items() if name != "accessory"}
        own_id = block.get("block_id")
        button_id = f"{own_id}:button" if own_id else None
        return [kept, actions([accessory], button_id)] if "action_id" in accessory else [kept]
    if block["type"] == "actions":
        return [block]
    if block["type"] == "header":
        return [section(f"*{escape(block['text']['text'])}*", block_id=block.get("block_id"))]
    if block["type"] == "context":
        texts = [each["text"] for each in block["elements"] if each["type"] == "mrkdwn"]
        if not texts:
            return []
        return [section(shorten("\n".join(texts), SECTION_TEXT), block_id=block.get("block_id"))]
    return []


def _text_of(block: Block) -> str:
    text = block.get("text")
    return str(text["text"]) if isinstance(text, dict) else ""
