"""What simulated mentors and mentees press: only ever a button that is there."""

import random
from typing import Any

import pytest

from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.proposals import blocks
from sandbox.demo import partners

MET = f"{pair_blocks.MET}:met"
NOT_YET = f"{pair_blocks.MET}:not yet"
RATINGS = [f"{pair_blocks.RATE}:fit:{number}" for number in range(1, 5)]


def message(*action_ids: str) -> list[dict[str, Any]]:
    elements = [{"type": "button", "action_id": each} for each in action_ids]
    return [{"type": "section"}, {"type": "actions", "elements": elements}]


def pressed(*action_ids: str) -> set[str | None]:
    return {partners.press(message(*action_ids), random.Random(seed)) for seed in range(50)}


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((blocks.ACCEPT, blocks.NOT_NOW, blocks.PAUSE_ME), {blocks.ACCEPT, blocks.NOT_NOW}),
        ((blocks.CONFIRM, blocks.WAIT), {blocks.CONFIRM}),
        ((MET, NOT_YET, f"{pair_blocks.MET}:rescheduled"), {MET, NOT_YET}),
        ((MET,), {MET, None}),
        ((pair_blocks.GO_ON, pair_blocks.END), {pair_blocks.GO_ON}),
        (tuple(RATINGS), set(RATINGS[2:])),
        ((pair_blocks.REMATCH, pair_blocks.STAY), {None}),
        (("pulse:answer:1",), {None}),
        ((), {None}),
    ],
)
def test_people_press_what_is_offered(offered: tuple[str, ...], chosen: set[str | None]) -> None:
    assert pressed(*offered) == chosen
    assert partners.is_asked(message(*offered)) is (None not in chosen)
