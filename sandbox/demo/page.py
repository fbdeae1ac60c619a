"""The company in a web page: a clock to move, people to play, and the story as a tour."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sandbox.calls import CallRecord
from sandbox.demo.company import ADAM, CAST, HR_CHANNEL, MAYA, MILA, NOOR, SUPPORT
from sandbox.demo.engine import Demo
from sandbox.demo.errors import DemoError
from sandbox.demo.story import STEPS, Step
from sandbox.demo.terminal import says
from sandbox.state import Change
from sandbox.web import Extras, Role, TourStep, mount

PREPARING: Final = (
    "Making the company's past: {part}. Look around meanwhile. "
    "The clock and the tour start when it's ready."
)
END: Final = (
    "That was all. Look around as long as you like.\n\n"
    "*Next: your own team.* <https://api.slack.com/apps?new_app=1|Create a Slack app> from "
    "`manifest.json`, put its tokens into `.env` and run `make run`. The README shows each step "
    "under “Connect a real workspace”."
)

DIGEST: Final = "Pulse digest"
"""How a digest begins, and an alert does not."""


@dataclass(frozen=True)
class Deed:
    """Something that somebody did successfully."""

    user: str
    """A Slack id."""
    name: str
    """A command with its words, an element's action id, a form's id, `home` or `digest`."""


class Tour:
    """Ticks off the story's steps. `find` returns the Slack id of a handle."""

    def __init__(self, find: Callable[[str], str]) -> None:
        self._find = find
        self._done: set[str] = set()

    def note(self, deed: Deed | None) -> None:
        """Tick off the first open step that a deed ends."""
        ended = (step for step in STEPS if deed and self._is_ended(step, deed))
        if step := next(ended, None):
            self._done.add(step.key)

    def steps(self) -> list[TourStep]:
        """Return the steps as the page shows them."""
        return [
            TourStep(
                step.heading, f"{step.do} {step.look}", step.key in self._done, step.who, step.place
            )
            for step in STEPS
        ]

    def _is_ended(self, step: Step, deed: Deed) -> bool:
        is_open = step.key not in self._done and (not step.after or step.after in self._done)
        is_theirs = step.by_anybody or deed.user == self._find(step.who)
        return is_open and is_theirs and deed.name.startswith(tuple(step.ends_with))


class Page:
    """What the page shows beside the workspace, mounted on a demo that hasn't started yet."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._preparing = PREPARING.format(part="its people")
        ids = {person.handle: person.id for person in demo.company.people}
        self.tour = Tour(ids.__getitem__)
        self._visited = {ids[handle] for handle in CAST}
        """Everybody whom visitors have played; nobody else acts for them."""
        self.is_open = False
        mount(demo.sandbox.asgi, demo.sandbox.engine, self.extras())

    def extras(self) -> Extras:
        """Return the demo's parts of the page."""
        people = self._demo.company.people
        lead = next(person for person in people if person.team.name == SUPPORT)
        return Extras(
            advance=self._advance,
            preparing=lambda: self._preparing,
            roles=[
                Role(MAYA, "HR admin"),
                Role(NOOR, "Employee, an engineer"),
                Role(ADAM, "Mentor, a designer"),
                Role(MILA, f"Employee in {SUPPORT}"),
                Role(lead.handle, f"Leads {SUPPORT}"),
            ],
            became=self._became,
            tour_steps=self.tour.steps,
            tour_title="Tour",
            tour_end=END,
            start_as=MAYA,
            start_in=HR_CHANNEL,
        )

    def prepare(self, part: str) -> None:
        """Show which part of the past is made next."""
        self._preparing = PREPARING.format(part=part)
        self._demo.sandbox.world.tell("clock_moved")  # the pages read the clock and the banner

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hand the clock of the running demo to visitors, and watch what they do."""
        self.is_open, self._preparing = True, ""
        sandbox = self._demo.sandbox
        self._demo.crowd.leave_alone(self._visited)
        sandbox.engine.log.subscribe(self._recorded)
        sandbox.world.subscribe(self._changed)
        sandbox.world.tell("clock_moved")
        async with self._demo.passing():
            yield

    def _recorded(self, record: CallRecord) -> None:
        self.tour.note(deed_of_record(record))
        if record.method.startswith("command:"):
            payload = record.arguments
            says(f"{payload['user_name']}: {payload['command']} {payload['text']}".strip())

    def _changed(self, change: Change) -> None:
        self.tour.note(deed_of_change(change, HR_CHANNEL, self._demo.sandbox.app.bot_user_id))

    def _became(self, user_id: str) -> None:
        self._visited.add(user_id)
        if self.is_open:
            self._demo.crowd.leave_alone({user_id})

    async def _advance(self, by: timedelta) -> None:
        if not self.is_open:
            raise DemoError("The company's past isn't ready yet.")
        await self._demo.timeline.advance(by)
        says(f"It's {self._demo.timeline.now():%a %d %b %H:%M} UTC.")


def deed_of_record(record: CallRecord) -> Deed | None:
    """Read a deed from the log of exchanges; None for everything else and for what failed."""
    payload: Any = record.arguments
    if record.direction != "to_app" or record.error is not None:
        return None
    if record.method.startswith("command:"):
        return Deed(payload["user_id"], f"{payload['command']} {payload['text'].strip()}")
    if record.method == "event:app_home_opened":
        event = payload["event"]
        return Deed(event["user"], "home") if event["tab"] == "home" else None
    if record.method == "interaction:block_actions":
        return Deed(payload["user"]["id"], payload["actions"][0]["action_id"])
    if record.method == "interaction:view_submission" and not _comes_back(record):
        return Deed(payload["user"]["id"], payload["view"]["callback_id"])
    return None


def deed_of_change(change: Change, channel_id: str, bot_user_id: str) -> Deed | None:
    """Return a deed if the bot posted a digest that all of a channel can see."""
    message = change.message
    if change.kind != "message_posted" or message is None or message.is_ephemeral:
        return None
    if change.channel is None or change.channel.id != channel_id or message.user != bot_user_id:
        return None
    return Deed(bot_user_id, "digest") if message.text.startswith(DIGEST) else None


def _comes_back(record: CallRecord) -> bool:
    """Return whether a form is shown again: with errors, or as a preview before it's saved."""
    answer: Any = record.answer
    if not isinstance(answer, dict):
        return False
    shown = answer.get("view") or {}
    is_same = shown.get("callback_id") == record.arguments["view"]["callback_id"]
    # A view that only says "Saved." has nothing to submit.
    return answer.get("response_action") == "errors" or (is_same and "submit" in shown)
