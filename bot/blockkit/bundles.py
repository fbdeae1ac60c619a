"""Several messages as one: each keeps its own buttons, and can be replaced alone.

A block of a part carries the part's name in its `block_id`. Slack sends that back with a press.
"""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import MESSAGE_BLOCKS, MESSAGE_TEXT, Block, Message, divider
from bot.blockkit.text import shorten

_PREFIX: Final = "part:"
_END: Final = "/"


def join(parts: Sequence[tuple[str, Message]]) -> Message:
    """Put messages into one, in order, under their parts' names."""
    if len(parts) == 1:
        return parts[0][1]
    text = shorten("\n".join(message.text for _, message in parts), MESSAGE_TEXT)
    blocks = _joined([_named(part, message.blocks) for part, message in parts])
    plain = _joined([_named(part, message.plain or message.blocks) for part, message in parts])
    return Message(text, blocks, plain if plain != blocks else None)


def fitting(parts: Sequence[tuple[str, Message]]) -> int:
    """Return how many of the first parts fit into one message; at least one."""
    blocks = 0
    for number, (_, message) in enumerate(parts):
        blocks += 1 + max(len(message.blocks), len(message.plain or ()))
        if blocks - 1 > MESSAGE_BLOCKS and number:
            return number
    return len(parts)


def with_part(shown: Sequence[Block], part: str, message: Message) -> Message:
    """Return a message as it is shown now, with another message in the place of one part."""
    return Message(
        message.text,
        _spliced(shown, part, message.blocks),
        _spliced(shown, part, message.plain) if message.plain else None,
    )


def has_part(shown: Sequence[Block], part: str) -> bool:
    """Return True if a message shows blocks of a part."""
    return any(part_of(_id(block)) == part for block in shown)


def part_of(block_id: str) -> str:
    """Return the name of the part that a block belongs to; empty outside of a bundle."""
    if not block_id.startswith(_PREFIX):
        return ""
    return block_id[len(_PREFIX) :].partition(_END)[0]


def own_block_id(block_id: str) -> str:
    """Return the id that a block has within its part."""
    return block_id.partition(_END)[2] if part_of(block_id) else block_id


def _named(part: str, blocks: Sequence[Block]) -> list[Block]:
    return [
        {**block, "block_id": f"{_PREFIX}{part}{_END}{block.get('block_id', number)}"}
        for number, block in enumerate(blocks)
    ]


def _joined(parts: Sequence[list[Block]]) -> list[Block]:
    joined = list(parts[0])
    for blocks in parts[1:]:
        joined += [divider(), *blocks]
    return joined


def _spliced(shown: Sequence[Block], part: str, blocks: Sequence[Block]) -> list[Block]:
    own = [number for number, block in enumerate(shown) if part_of(_id(block)) == part]
    if not own:
        return [*shown]
    before, after = shown[: own[0]], shown[own[-1] + 1 :]
    return [*before, *_named(part, blocks), *after]


def _id(block: Block) -> str:
    return str(block.get("block_id") or "")
