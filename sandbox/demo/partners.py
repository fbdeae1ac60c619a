"""What the simulated mentors and mentees press when Attune writes to them."""

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from bot.mentoring.blocks import ACCEPT, CONFIRM, GO_ON, MET, NOT_NOW, RATE
from sandbox.demo.mentoring import MET as MEETING_HELD
from sandbox.demo.mentoring import YES

Json = dict[str, Any]

RATINGS: Final = (3, 3, 4, 4, 4)


def is_asked(blocks: Sequence[Json]) -> bool:
    """Tell whether a message asks something of mentoring."""
    return press(blocks, random.Random(0)) is not None


def press(blocks: Sequence[Json], chance: random.Random) -> str | None:
    """Return the action id that somebody presses beneath a message of mentoring.

    None for a message that asks nothing of mentoring.
    """
    offered = set(_action_ids(blocks))
    if ACCEPT in offered:
        return ACCEPT if chance.random() < YES else NOT_NOW
    if CONFIRM in offered:
        return CONFIRM
    if GO_ON in offered:
        return GO_ON
    if f"{MET}:met" in offered:
        return f"{MET}:met" if chance.random() < MEETING_HELD else f"{MET}:not yet"
    ratings = sorted(each for each in offered if each.startswith(f"{RATE}:"))
    return ratings[chance.choice(RATINGS) - 1] if len(ratings) == len("1234") else None


def _action_ids(blocks: Sequence[Json]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "actions":
            yield from (element.get("action_id", "") for element in block["elements"])
