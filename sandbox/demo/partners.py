"""What the simulated mentors and mentees press when Attune writes to them."""

import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from bot.mentoring.pairs.blocks import GO_ON, MET, RATE
from bot.mentoring.proposals.blocks import ACCEPT, CONFIRM, NOT_NOW
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
        met = chance.random() < MEETING_HELD
        # Once the other has said "not yet", there is no such button any more.
        return f"{MET}:met" if met else _only_if(f"{MET}:not yet", offered)
    ratings = sorted(each for each in offered if each.startswith(f"{RATE}:"))
    return ratings[chance.choice(RATINGS) - 1] if len(ratings) == len("1234") else None


def _only_if(action_id: str, offered: Collection[str]) -> str | None:
    return action_id if action_id in offered else None


def _action_ids(blocks: Sequence[Json]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "actions":
            yield from (element.get("action_id", "") for element in block["elements"])
