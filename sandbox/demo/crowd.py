"""The simulated colleagues at work: they see a message and answer when it suits them.

They act through the sandbox, as people do; what they press goes to the bot as a signed request.
"""

import asyncio
import heapq
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sandbox.demo import partners
from sandbox.demo.staff import DemoPerson
from sandbox.demo.temper import Occasion, Story
from sandbox.outcome import CannotError
from sandbox.server import Sandbox
from sandbox.state import Change, Channel, Message

logger = logging.getLogger(__name__)

Json = dict[str, Any]

ANSWER: Final = "pulse:answer:"
WRITE: Final = "pulse:answer:text"
COMMENT_AFTER_THANKS: Final = "pulse:comment_after_thanks"
COMMENT_TEXT: Final = "pulse:comment_text"

AT_ONCE: Final = 8
"""So many people act side by side; SQLite takes one writer at a time anyway."""
REPLACED_SECONDS: Final = 5.0


@dataclass(order=True)
class Plan:
    """Somebody will answer a message."""

    at: datetime
    number: int
    person: DemoPerson = field(compare=False)
    occasion: Occasion = field(compare=False)
    channel: Channel = field(compare=False)
    message: Message = field(compare=False)
    is_of_partner: bool = field(compare=False)
    """Whether it is about mentoring."""


class Crowd:
    """All simulated people of a company, without those whom a visitor plays."""

    def __init__(self, sandbox: Sandbox, people: Sequence[DemoPerson], story: Story) -> None:
        self._sandbox = sandbox
        self._people = {person.id: person for person in people}
        self._story = story
        self._plans: list[Plan] = []
        self._asked: Counter[str] = Counter()
        self._played: set[str] = set()
        self._replaced: dict[str, asyncio.Event] = {}
        self._end = sandbox.world.subscribe(self._seen)

    def leave_alone(self, people: Collection[str]) -> None:
        """Let a visitor act for these people (Slack ids) from now on."""
        self._played.update(people)
        self._plans = [plan for plan in self._plans if plan.person.id not in self._played]
        heapq.heapify(self._plans)

    def close(self) -> None:
        """See no more messages."""
        self._end()

    def next_at(self) -> datetime | None:
        """Return when the next person will answer, or None."""
        return self._plans[0].at if self._plans else None

    async def act(self, now: datetime) -> bool:
        """Let everybody answer whose time has come; tell whether that may make jobs due.

        An answer to a survey makes none, an answer of a mentor does: somebody else is written to.
        """
        due: list[Plan] = []
        while self._plans and self._plans[0].at <= now:
            due.append(heapq.heappop(self._plans))
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._answer(plan) for plan in due[start : start + AT_ONCE]))
        return any(plan.is_of_partner for plan in due)

    def _seen(self, change: Change) -> None:
        channel, message = change.channel, change.message
        if channel is None or message is None:
            return
        if change.kind == "message_changed" and message.ts in self._replaced:
            self._replaced[message.ts].set()
        is_question = message.user == self._sandbox.app.bot_user_id and channel.is_direct
        if change.kind != "message_posted" or not is_question:
            return
        for member in channel.members:
            person = self._people.get(member)
            if person and member not in self._played:
                self._plan(person, channel, message)

    def _plan(self, person: DemoPerson, channel: Channel, message: Message) -> None:
        is_of_partner = partners.is_asked(message.blocks)
        if not is_of_partner and not answer_buttons(message.blocks):
            return
        self._asked[person.id] += 1
        occasion = Occasion(self._story, person, self._asked[person.id])
        if occasion.answers:
            at = self._sandbox.world.clock.now() + occasion.delay
            number = self._asked.total()
            plan = Plan(at, number, person, occasion, channel, message, is_of_partner)
            heapq.heappush(self._plans, plan)

    async def _answer(self, plan: Plan) -> None:
        """Do what somebody planned. Where that can't be done they let it be, as people would.

        The message may have changed since, or the bot is silent; time goes on for all others.
        """
        if plan.person.id in self._played:
            return  # a visitor has come to be this person meanwhile
        try:
            if plan.is_of_partner:
                await self._answer_partner(plan)
            else:
                await self._answer_question(plan)
        except CannotError as error:
            logger.info("a colleague could not act: %s", error.code)
        except TimeoutError:
            logger.info("a colleague gave up waiting for the bot")

    async def _answer_partner(self, plan: Plan) -> None:
        """Press what a mentor or mentee would; by now the other of the two may have answered."""
        if action_id := partners.press(plan.message.blocks, plan.occasion.chance):
            await self._sandbox.press(
                plan.person.id, action_id, channel=plan.channel.id, message_ts=plan.message.ts
            )

    async def _answer_question(self, plan: Plan) -> None:
        occasion, message = plan.occasion, plan.message
        now = self._sandbox.world.clock.now()
        question = ""
        while ids := answer_buttons(message.blocks):
            question = question_of(message.blocks)
            if ids == [WRITE]:
                await self._write(plan, WRITE, occasion.write(question, now))
            else:
                await self._press(plan, ids[occasion.choose(question, len(ids), now)])
        if question and occasion.comments:
            await self._write(plan, COMMENT_AFTER_THANKS, occasion.write(question, now))

    async def _press(self, plan: Plan, action_id: str) -> None:
        replaced = self._expect(plan.message)
        await self._sandbox.press(
            plan.person.id, action_id, channel=plan.channel.id, message_ts=plan.message.ts
        )
        await self._wait(plan.message, replaced)

    async def _write(self, plan: Plan, action_id: str, text: str) -> None:
        """Write into the form behind a button."""
        replaced = self._expect(plan.message)
        opened = await self._sandbox.press(
            plan.person.id, action_id, channel=plan.channel.id, message_ts=plan.message.ts
        )
        view = opened.view
        if view is not None:
            shown = await self._sandbox.submit(plan.person.id, view["id"], {COMMENT_TEXT: text})
            # The form comes back, to show how HR will read the comment.
            if shown.view is not None:
                await self._sandbox.submit(plan.person.id, shown.view["id"])
        await self._wait(plan.message, replaced)

    def _expect(self, message: Message) -> asyncio.Event:
        return self._replaced.setdefault(message.ts, asyncio.Event())

    async def _wait(self, message: Message, replaced: asyncio.Event) -> None:
        """Wait for the bot, which replaces a message after it acknowledged the press."""
        try:
            async with asyncio.timeout(REPLACED_SECONDS):
                await replaced.wait()
        finally:
            self._replaced.pop(message.ts, None)


def answer_buttons(blocks: Sequence[Json]) -> list[str]:
    """Return the action ids of a question's answers, in order; none when nothing is asked."""
    return [
        element["action_id"]
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element.get("action_id", "").startswith(ANSWER)
    ]


def question_of(blocks: Sequence[Json]) -> str:
    """Return all text of a message: the question is in it."""
    return "\n".join(
        block["text"]["text"] for block in blocks if block["type"] == "section" and "text" in block
    )
