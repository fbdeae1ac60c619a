"""The company's people when they are asked: each has a mood, a habit, and sometimes a comment."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from sandbox.demo.staff import DemoPerson
from sandbox.server import Sandbox

Json = dict[str, Any]

ANSWER = "pulse:answer:"
SKIP = "pulse:skip"
COMMENT = "pulse:comment"
COMMENT_AFTER_THANKS = "pulse:comment_after_thanks"

PARTICIPATION = 0.86
"""Share of people who answer at once; the others wait for the reminder."""
AFTER_REMINDER = 0.5
ANSWER_SECONDS = 10.0

COMMENTS = {
    "Support": (
        "Since the reorganisation the queue never gets shorter.",
        "Two people left and nobody took over their tickets.",
        "I like my team, but the evenings are getting long.",
        "Please stop changing priorities every week.",
    ),
    "Engineering": (
        "Really enjoyed the quiet weeks without meetings.",
        "The new review process is great.",
        "Planning is still a bit confusing.",
    ),
    "Sales": (
        "Great quarter, and the new onboarding helped a lot.",
        "Thanks for the better leads.",
    ),
    "Design": ("Good balance at the moment.", "We are happy with the new tools."),
    "People": ("Proud of how we handled the office move.",),
    "Legal": ("Fine, just busy.",),
}


@dataclass
class Colleagues:
    """Acts for people who have a question before them; the same every time for a seed."""

    sandbox: Sandbox
    seed: int = 11

    def __post_init__(self) -> None:
        """Begin the sequence of chances."""
        self._chance = random.Random(self.seed)

    async def answer(self, person: DemoPerson, share: float) -> bool:
        """Let somebody answer all their questions, with a chance of `share`; tell whether."""
        if self._chance.random() > share:
            return False
        answered = False
        while ids := _answer_buttons(self.newest(person)):
            await self.press(person, self._choose(person, ids))
            answered = True
        if answered and self._chance.random() < 0.4:
            await self.comment(person, self._chance.choice(COMMENTS[person.team.name]))
        return answered

    async def press(self, person: DemoPerson, action_id: str) -> None:
        """Press a button of somebody's newest message, and wait for what takes its place."""
        before = self.newest(person)
        await self.sandbox.press(person.id, action_id, channel="dm", message_ts=before["ts"])
        await self._until_changed(person, before)

    async def comment(self, person: DemoPerson, text: str) -> Json | None:
        """Write a comment and save it; return the form that shows how HR will read it."""
        before = self.newest(person)
        pressed = await self.sandbox.press(
            person.id, COMMENT_AFTER_THANKS, channel="dm", message_ts=before["ts"]
        )
        if pressed.view is None:
            return None
        form = pressed.view
        preview = await self.sandbox.submit(person.id, form["id"], {"pulse:comment_text": text})
        if preview.view is not None:
            await self.sandbox.submit(person.id, preview.view["id"])
        await self._until_changed(person, before)
        return preview.view

    def newest(self, person: DemoPerson) -> Json:
        """Return the newest message that Attune sent somebody; empty when there is none."""
        channel = self.sandbox.world.direct_channel([self.sandbox.app.bot_user_id, person.id])[0]
        return next(reversed(self.sandbox.messages(channel.id)), {})

    def _choose(self, person: DemoPerson, ids: list[str]) -> str:
        """Draw an answer around the team's mood (1 to 5), scaled to the number of answers."""
        mood = (person.team.mood - 1) / 4 * (len(ids) - 1)
        drawn = round(self._chance.gauss(mood, 0.22 * len(ids)))
        return ids[min(max(drawn, 0), len(ids) - 1)]

    async def _until_changed(self, person: DemoPerson, before: Json) -> None:
        """Wait for the bot, which replaces a message after it acknowledged the press."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while self.newest(person) == before:
                await asyncio.sleep(0.01)


def _answer_buttons(message: Json) -> list[str]:
    """Return the action ids of a question's answers, in order; none when nothing is asked."""
    return [
        element["action_id"]
        for block in message.get("blocks", [])
        if block["type"] == "actions"
        for element in block["elements"]
        if element.get("action_id", "").startswith(ANSWER)
    ]
