"""The tour: ten steps through three kinds of users, ticked off by what they do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.calls import CallRecord
from sandbox.demo.brightwater import EMPLOYEE, MAYA, MENTOR
from sandbox.state import Change
from sandbox.web.extras import TourStep

TITLE: Final = "Tour"


@dataclass(frozen=True)
class Deed:
    """Something that somebody did and that went through."""

    user: str
    """A Slack id."""
    name: str
    """A command with its words, an element's action id, a form's callback id, or `digest`."""


@dataclass(frozen=True)
class Step:
    """One step, and the deed that ends it."""

    title: str
    detail: str
    handle: str
    """Who does it."""
    place: str
    ends_with: tuple[str, ...]
    """How the deed's name may begin."""
    by_anybody: bool = False

    def is_done_by(self, deed: Deed, user: str) -> bool:
        """Tell whether a deed ends this step, which is `user`'s."""
        is_theirs = self.by_anybody or deed.user == user
        return is_theirs and deed.name.startswith(self.ends_with)


DIGEST: Final = "digest"
END: Final = (
    "That was all. Look around as long as you like.\n\n"
    "*Next: your own team.* <https://api.slack.com/apps?new_app=1|Create a Slack app> from "
    "`manifest.json`, put its tokens into `.env` and run `make run`. The README shows each step "
    "under “Connect a real workspace”."
)

STEPS: Final = (
    Step(
        "You are Maya, HR. Look at the figures",
        "Run `/pulse results weekly`. Twelve weeks of answers are behind it. Which team is worn "
        "out? And why does Legal, with three people, not stand there alone?",
        MAYA,
        "app",
        ("/pulse results",),
    ),
    Step(
        "Find out when it began",
        "Choose an earlier wave from the menu beneath the figures. Support was fine once: look "
        "for the week of its reorganisation. `/pulse results settling` tells a better story in "
        "the same way: newcomers settle in well since each has a buddy, some six weeks now.",
        MAYA,
        "app",
        ("insights:wave",),
    ),
    Step(
        "Ask everybody",
        "Run `/pulse new`, name your survey, pick a question or two from the bank, let it be "
        "asked *now* and go through the preview to *Create survey*.",
        MAYA,
        "app",
        ("surveys:preview",),
    ),
    Step(
        "You are Noor, an engineer. Answer",
        "A few seconds later your question is here. One press stores the answer.",
        EMPLOYEE,
        "app",
        ("pulse:answer:",),
    ),
    Step(
        "Say more, or change your mind",
        "Press *Add a comment* and write a line: before it is saved, Attune shows how HR will read "
        "it. Or press *Change my answer*: until the survey closes, the last word counts.",
        EMPLOYEE,
        "app",
        ("pulse:comment_form", "pulse:change"),
    ),
    Step(
        "Be curious",
        "Noor is not HR. Run `/pulse results` as Noor and see who may look at figures.",
        EMPLOYEE,
        "app",
        ("/pulse results",),
    ),
    Step(
        "Find a mentor",
        "Noor would like to speak at a conference. Run `/mentor`, choose *Public speaking* as "
        "what you look for, and press *Save*.",
        EMPLOYEE,
        "app",
        ("mentoring:form",),
    ),
    Step(
        "You are Maya again. Bring people together",
        "Run `/mentor admin`, have a look at *Preview a round*, close it and press *Start a round "
        "now*.",
        MAYA,
        "app",
        ("mentoring:start",),
    ),
    Step(
        "You are Adam, a designer. Say yes",
        "Attune asks Adam whether he would mentor Noor: press *Accept*. It asks mentors "
        "in their working hours only. If it is late in Lisbon, *+1 hour* or *+1 day* above brings "
        "the message.",
        MENTOR,
        "app",
        ("mentoring:accept",),
    ),
    Step(
        "You are Maya. Let a week pass",
        "Press *+1 week* above. Colleagues answer, reminders go out, surveys close, pairs meet, "
        "and on Monday the digest lands here.",
        MAYA,
        "people-ops",
        (DIGEST,),
        by_anybody=True,
    ),
)


class Tour:
    """How far the visitors are. `find` returns the Slack id of a handle."""

    def __init__(self, find: Callable[[str], str], steps: Sequence[Step] = STEPS) -> None:
        self._steps = [(step, find(step.handle)) for step in steps]
        self._done: set[Step] = set()

    def note(self, deed: Deed | None) -> None:
        """Tick off what a deed ends, in whatever order people go."""
        if deed is not None:
            self._done |= {step for step, user in self._steps if step.is_done_by(deed, user)}

    def steps(self) -> list[TourStep]:
        """Return the steps as the page shows them."""
        return [
            TourStep(
                f"{number}. {step.title}", step.detail, step in self._done, step.handle, step.place
            )
            for number, (step, _) in enumerate(self._steps, 1)
        ]


def deed_of_record(record: CallRecord) -> Deed | None:
    """Read what somebody did from the log of exchanges; None for all else and for what failed."""
    payload: Any = record.arguments
    if record.direction != "to_app" or record.error is not None:
        return None
    if record.method.startswith("command:"):
        return Deed(payload["user_id"], f"{payload['command']} {payload['text'].strip()}")
    if record.method == "interaction:block_actions":
        return Deed(payload["user"]["id"], payload["actions"][0]["action_id"])
    if record.method == "interaction:view_submission" and not _comes_back(record):
        return Deed(payload["user"]["id"], payload["view"]["callback_id"])
    return None


def deed_of_change(change: Change, channel_id: str, bot_user_id: str) -> Deed | None:
    """Read from the workspace's changes that the bot posted a digest in its channel."""
    message = change.message
    if change.kind != "message_posted" or message is None or message.is_ephemeral:
        return None
    if change.channel is None or change.channel.id != channel_id or message.user != bot_user_id:
        return None
    return Deed(bot_user_id, DIGEST)


def _comes_back(record: CallRecord) -> bool:
    """Tell whether a form is shown again: with errors, or to be looked at before it is saved."""
    answer: Any = record.answer
    if not isinstance(answer, dict):
        return False
    shown = answer.get("view") or {}
    is_same = shown.get("callback_id") == record.arguments["view"]["callback_id"]
    # What is only to be read, such as "Saved.", has nothing to submit.
    return answer.get("response_action") == "errors" or (is_same and "submit" in shown)
