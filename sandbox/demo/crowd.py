"""The simulated colleagues: they see a message and answer when it suits them.

They act through the sandbox, as people do, so the bot gets their presses as signed requests.
"""

import asyncio
import heapq
import logging
import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.blockkit.bundles import part_of
from bot.mentoring.pairs.blocks import GO_ON, MET, RATE
from bot.mentoring.proposals.blocks import ACCEPT, CONFIRM, NOT_NOW
from sandbox.demo.company import CAST, DemoPerson
from sandbox.demo.habits import answer_about_work, asks_about_work, pickers_in
from sandbox.demo.hosting import Hosted
from sandbox.demo.moods import Moods, Occasion
from sandbox.outcome import CannotError
from sandbox.state import Change, Channel, Message

logger = logging.getLogger(__name__)

Json = dict[str, Any]

ANSWER: Final = "pulse:answer:"
WRITE: Final = "pulse:answer:text"
COMMENT_AFTER_THANKS: Final = "pulse:comment_after_thanks"
COMMENT_TEXT: Final = "pulse:comment_text"

AT_ONCE: Final = 8
"""People who act side by side; SQLite takes one writer at a time anyway."""
SAYS_YES: Final = 0.85
"""The chance that a mentor says yes."""
HAS_MET: Final = 0.75
"""The chance that a pair has met since it was last asked."""
RATINGS: Final = (3, 3, 4, 4, 4)
WORK_SEED: Final = 12


@dataclass(order=True)
class Plan:
    """One person's plan to answer a message."""

    at: datetime
    number: int
    person: DemoPerson = field(compare=False)
    occasion: Occasion = field(compare=False)
    channel: Channel = field(compare=False)
    message: Message = field(compare=False)


class Crowd:
    """Everybody in the company except those whom a visitor plays.

    `settled` are the people whom managers pick as newcomers' buddies.
    """

    def __init__(
        self,
        hosted: Hosted,
        people: Sequence[DemoPerson],
        moods: Moods,
        settled: Sequence[DemoPerson] = (),
    ) -> None:
        self._sandbox = hosted.sandbox
        self._settled = hosted.settled
        self.people = {person.id: person for person in people}
        self._moods = moods
        self._settled_people = settled
        self._plans: list[Plan] = []
        self._planned = 0
        self._asked: Counter[str] = Counter()
        self._at_work: Counter[str] = Counter()
        self._played: set[str] = set()
        self.is_quick = False
        """In the company's past, people act at once."""
        hosted.sandbox.world.subscribe(self._seen)

    def leave_alone(self, people: Collection[str]) -> None:
        """Let a visitor act for these people (Slack ids) from now on."""
        self._played.update(people)
        self._plans = [plan for plan in self._plans if plan.person.id not in self._played]
        heapq.heapify(self._plans)

    def next_at(self) -> datetime | None:
        """Return when the next person will act, or None."""
        return self._plans[0].at if self._plans else None

    def occasion(self, person_id: str) -> Occasion:
        """Return a person's next occasion to answer something."""
        self._asked[person_id] += 1
        return Occasion(self._moods, self.people[person_id], self._asked[person_id])

    def other_occasion(self, person_id: str) -> Occasion:
        """Return a person's next occasion of another kind: it moves none of `occasion`."""
        self._at_work[person_id] += 1
        return Occasion(self._moods, self.people[person_id], self._at_work[person_id], WORK_SEED)

    async def act(self, now: datetime) -> bool:
        """Let everybody act whose time has come; return whether that may make jobs due.

        A survey's answer makes none; after the other answers, somebody else may get a message.
        """
        due: list[Plan] = []
        while self._plans and self._plans[0].at <= now:
            due.append(heapq.heappop(self._plans))
        may_make_jobs_due = any(
            mentoring_press(plan.message.blocks) or asks_about_work(offered_in(plan.message.blocks))
            for plan in due
        )
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*(self._answer(plan) for plan in due[start : start + AT_ONCE]))
        return may_make_jobs_due

    def _seen(self, change: Change) -> None:
        channel, message = change.channel, change.message
        if change.kind != "message_posted" or channel is None or message is None:
            return
        if message.user != self._sandbox.app.bot_user_id or not channel.is_direct:
            return
        for member in channel.members:
            if member in self.people and member not in self._played:
                self._plan(self.people[member], channel, message)

    def _plan(self, person: DemoPerson, channel: Channel, message: Message) -> None:
        is_work = asks_about_work(offered_in(message.blocks))
        if answer_buttons(message.blocks) or mentoring_press(message.blocks):
            occasion = self.occasion(person.id)
        elif is_work:
            occasion = self.other_occasion(person.id)
        else:
            return
        if is_work or occasion.answers:
            delay = timedelta(0) if self.is_quick else occasion.delay
            at = self._sandbox.world.clock.now() + delay
            self._planned += 1
            heapq.heappush(self._plans, Plan(at, self._planned, person, occasion, channel, message))

    async def _answer(self, plan: Plan) -> None:
        """Do what somebody planned; if that's no longer possible, time goes on for the others."""
        if plan.person.id in self._played:
            return  # a visitor plays this person by now
        offered = offered_in(plan.message.blocks)
        try:
            if plan.occasion.answers:
                await self._answer_surveys(plan)
                if action_id := mentoring_press(plan.message.blocks, plan.occasion.chance):
                    await self.press(plan, action_id)
            if asks_about_work(offered):
                await answer_about_work(_Hands(self, plan), offered, plan.occasion.chance)
                await self.close_forms(plan.person.id)
        except CannotError as error:
            logger.info("a colleague could not act: %s", error.code)
        except TimeoutError:
            logger.info("a colleague gave up waiting for the bot")

    async def _answer_surveys(self, plan: Plan) -> None:
        occasion, message = plan.occasion, plan.message
        now = self._sandbox.world.clock.now()
        question = ""
        while ids := answer_buttons(blocks := message.blocks):
            question = question_of(blocks)
            if ids == [WRITE]:
                await self._write(plan, WRITE, occasion.write(question, now))
            else:
                await self.press(plan, ids[occasion.choose(question, len(ids), now)])
            if message.blocks == blocks:
                raise TimeoutError
        if question and occasion.comments:
            await self._write(plan, COMMENT_AFTER_THANKS, occasion.write(question, now))

    async def press(self, plan: Plan, action_id: str, selected: str | None = None) -> Json | None:
        """Use a button or a menu, wait for the bot, and return the form that opened, if any."""
        pressed = await self._sandbox.press(
            plan.person.id,
            action_id,
            channel=plan.channel.id,
            message_ts=plan.message.ts,
            selected=selected,
        )
        await self._settled()
        return pressed.view

    async def pick_buddy(self, plan: Plan, picker: str) -> None:
        """Pick a colleague of the manager's team as a newcomer's buddy; visitors pick their own."""
        team = [each for each in self._settled_people if each.team == plan.person.team]
        if (
            team
            and plan.person.handle not in CAST
            and self._moods.have_buddies(self._sandbox.world.clock.now())
        ):
            await self.press(plan, picker, selected=plan.occasion.chance.choice(team).id)

    async def _write(self, plan: Plan, action_id: str, text: str) -> None:
        """Write into the form behind a button, and save what it shows before it is saved."""
        if form := await self.press(plan, action_id):
            user = plan.person.id
            preview = await self._sandbox.submit(user, form["id"], {COMMENT_TEXT: text})
            if preview.view is not None:
                await self._sandbox.submit(user, preview.view["id"])
            await self._settled()

    async def press_in(self, user: str, action_id: str, view: Json) -> Json | None:
        """Press a button of a form; return the form that is open then."""
        pressed = await self._sandbox.press(user, action_id, view_id=view["id"])
        await self._settled()
        return pressed.view

    async def submit(self, user: str, view: Json, answers: Json) -> Json | None:
        """Fill in a form and send it; return the form that is open then."""
        sent = await self._sandbox.submit(user, view["id"], answers)
        await self._settled()
        return sent.view

    async def close_forms(self, user: str) -> None:
        """Close what somebody has open."""
        if view := self._sandbox.views(user)["view"]:
            await self._sandbox.close(user, view["id"], everything=True)


@dataclass(frozen=True)
class _Hands:
    """Acts for the person of a plan."""

    crowd: Crowd
    plan: Plan

    async def press(self, action_id: str, view: Json | None = None) -> Json | None:
        if view is None:
            return await self.crowd.press(self.plan, action_id)
        return await self.crowd.press_in(self.plan.person.id, action_id, view)

    async def submit(self, view: Json, answers: Json) -> Json | None:
        return await self.crowd.submit(self.plan.person.id, view, answers)

    async def pick_buddy(self, picker: str) -> None:
        await self.crowd.pick_buddy(self.plan, picker)


def mentoring_press(blocks: Sequence[Json], chance: random.Random | None = None) -> str | None:
    """Return the button that somebody presses in a message about mentoring.

    None if it asks nothing, or if the other of the two has already answered.
    """
    chance = chance or random.Random(0)
    offered = set(action_ids(blocks))
    if ACCEPT in offered:
        return ACCEPT if chance.random() < SAYS_YES else NOT_NOW
    for only in (CONFIRM, GO_ON):
        if only in offered:
            return only
    met, not_yet = f"{MET}:met", f"{MET}:not yet"
    if met in offered:
        return met if chance.random() < HAS_MET or not_yet not in offered else not_yet
    ratings = sorted(each for each in offered if each.startswith(f"{RATE}:"))
    return ratings[chance.choice(RATINGS) - 1] if len(ratings) == len("1234") else None


def answer_buttons(blocks: Sequence[Json]) -> list[str]:
    """Return the action ids of the first question's answers, in order; none if nothing is asked."""
    return [each for each in action_ids(_first_asking(blocks)) if each.startswith(ANSWER)]


def _first_asking(blocks: Sequence[Json]) -> Sequence[Json]:
    """Return the part of a message that asks the first question, or the whole message."""
    for block in blocks:
        if any(each.startswith(ANSWER) for each in action_ids([block])):
            part = part_of(block.get("block_id", ""))
            return [each for each in blocks if part_of(each.get("block_id", "")) == part]
    return blocks


def action_ids(blocks: Sequence[Json]) -> list[str]:
    """Return the action ids of a message's rows of buttons, in order."""
    return [
        element.get("action_id", "")
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def offered_in(blocks: Sequence[Json]) -> list[str]:
    """Return the action ids of what colleagues use in a message, apart from its questions."""
    menus = [str(block.get("accessory", {}).get("action_id", "")) for block in blocks]
    return [*action_ids(blocks), *pickers_in(menus)]


def question_of(blocks: Sequence[Json]) -> str:
    """Return all text of the part that asks; the question is in it."""
    return "\n".join(
        block["text"]["text"]
        for block in _first_asking(blocks)
        if block["type"] == "section" and "text" in block
    )
