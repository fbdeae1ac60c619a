"""The simulated colleagues: what they press, and that one who can't act stops nobody else."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.proposals import blocks
from sandbox.clock import Clock
from sandbox.demo.company import people, workspace
from sandbox.demo.crowd import ANSWER, Crowd, mentoring_press
from sandbox.demo.moods import Moods
from sandbox.outcome import CannotError, Outcome
from sandbox.server import Sandbox
from sandbox.state import Message
from sandbox.workspace import build_world

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
MET = f"{pair_blocks.MET}:met"
NOT_YET = f"{pair_blocks.MET}:not yet"
RATINGS = [f"{pair_blocks.RATE}:fit:{number}" for number in range(1, 5)]


def message(*action_ids: str) -> list[dict[str, Any]]:
    text = {"type": "plain_text", "text": "Press me"}
    elements = [{"type": "button", "text": text, "action_id": each} for each in action_ids]
    return [{"type": "section"}, {"type": "actions", "block_id": "row", "elements": elements}]


class Quiet:
    """A company in which everybody is asked and the bot is silent, and what its people pressed."""

    def __init__(self, error: Exception | None = None) -> None:
        described = {**workspace(), "app": {"name": "Attune"}}
        self.sandbox = Sandbox(build_world(described, Clock(lambda: NOW)))
        self.staff = people()
        stands_in: Any = self  # for Hosted: it has a sandbox and can settle
        self.crowd = Crowd(stands_in, self.staff, Moods(NOW))
        self.tried: list[str] = []

        async def press(user: str, *_: Any, **__: Any) -> Outcome:
            self.tried.append(user)
            if error is not None:
                raise error
            return Outcome()

        self.sandbox.press = press  # type: ignore[assignment] # what a person does, without a bot
        world, bot = self.sandbox.world, self.sandbox.app.bot_user_id
        for person in self.staff:
            channel, _ = world.direct_channel([bot, person.id])
            asked = message(f"{ANSWER}1")
            world.post(channel, Message(world.stamps.next(), channel.id, bot, "", blocks=asked))

    async def settled(self) -> None:
        """There is nothing to wait for."""

    async def act(self) -> None:
        """Let everybody act whose time has come two days later."""
        await self.crowd.act(NOW + timedelta(days=2))
        await self.sandbox.engine.close()


@pytest.mark.parametrize("error", [CannotError("element_not_found"), None])
async def test_nobody_is_stopped_by_another_who_cannot_act_or_waits_in_vain(
    error: Exception | None,
) -> None:
    company = Quiet(error)
    await company.act()
    assert len(company.tried) > len(company.staff) / 2
    assert len(set(company.tried)) == len(company.tried), "nobody tries twice"
    assert company.crowd.next_at() is None


async def test_nobody_acts_for_people_whom_a_visitor_plays() -> None:
    company = Quiet()
    played = {person.id for person in company.staff[::2]}
    company.crowd.leave_alone(played)
    await company.act()
    assert company.tried
    assert not played & set(company.tried)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((blocks.ACCEPT, blocks.NOT_NOW, blocks.PAUSE_ME), {blocks.ACCEPT, blocks.NOT_NOW}),
        ((blocks.CONFIRM, blocks.WAIT), {blocks.CONFIRM}),
        ((MET, NOT_YET, f"{pair_blocks.MET}:rescheduled"), {MET, NOT_YET}),
        ((MET,), {MET}),
        ((pair_blocks.GO_ON, pair_blocks.END), {pair_blocks.GO_ON}),
        (tuple(RATINGS), set(RATINGS[2:])),
        ((pair_blocks.REMATCH, pair_blocks.STAY), {None}),
        (("pulse:answer:1",), {None}),
        ((), {None}),
    ],
)
def test_mentors_and_mentees_press_what_is_offered(
    offered: tuple[str, ...], chosen: set[str | None]
) -> None:
    assert {mentoring_press(message(*offered), random.Random(n)) for n in range(50)} == chosen
