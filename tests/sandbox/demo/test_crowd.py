"""The simulated colleagues, with a sandbox in which nothing works: time goes on all the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.demo import crowd as crowds
from sandbox.demo.company import people, workspace
from sandbox.demo.crowd import Crowd
from sandbox.demo.moods import CompanyStory
from sandbox.demo.staff import DemoPerson
from sandbox.outcome import CannotError, Outcome
from sandbox.server import Sandbox
from sandbox.state import Message
from sandbox.workspace import build_world

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Agree"},
    "action_id": f"{crowds.ANSWER}1",
}
QUESTION: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "How was your week?"}},
    {"type": "actions", "block_id": "answers", "elements": [BUTTON]},
]


class Quiet:
    """A company in which everybody has been asked, and what its people pressed."""

    def __init__(self, error: Exception | None) -> None:
        described = {**workspace(), "app": {"name": "Attune"}}
        self.sandbox = Sandbox(build_world(described, Clock(lambda: NOW)))
        self.staff = people()
        self.crowd = Crowd(self.sandbox, self.staff, CompanyStory(NOW))
        self.tried: list[str] = []

        async def press(user: str, *_: Any, **__: Any) -> Outcome:
            self.tried.append(user)
            if error is not None:
                raise error
            return Outcome()

        self.sandbox.press = press  # type: ignore[assignment] # what a person does, without a bot
        for person in self.staff:
            self._ask(person)

    async def act(self) -> None:
        """Let everybody act whose time has come by then."""
        await self.crowd.act(LATER)
        await self.sandbox.engine.close()

    def _ask(self, person: DemoPerson) -> None:
        world, bot = self.sandbox.world, self.sandbox.app.bot_user_id
        channel, _ = world.direct_channel([bot, person.id])
        stamp = world.stamps.next()
        world.post(channel, Message(stamp, channel.id, bot, "How was it?", blocks=QUESTION))


async def test_who_cannot_act_does_not_keep_others_from_it() -> None:
    company = Quiet(CannotError("element_not_found"))
    await company.act()
    assert len(company.tried) > len(company.staff) / 2
    assert len(set(company.tried)) == len(company.tried), "nobody tries twice"
    assert company.crowd.next_at() is None


async def test_who_waits_for_a_silent_bot_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "REPLACED_SECONDS", 0.001)
    company = Quiet(None)
    await company.act()
    assert len(company.tried) > len(company.staff) / 2


async def test_nobody_acts_for_whom_a_visitor_plays() -> None:
    company = Quiet(CannotError("element_not_found"))
    played = {person.id for person in company.staff[::2]}
    company.crowd.leave_alone(played)
    await company.act()
    assert company.tried
    assert not played & set(company.tried)
