"""Builds the thanks to somebody who leaves, and the form that hands over a mentee."""

import json
from dataclasses import astuple, dataclass
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    button,
    confirmation,
    context,
    field_input,
    modal,
    section,
)
from bot.blockkit.blocks import select as select_element
from bot.blockkit.pressed_message import PressedMessage
from bot.blockkit.text import mention
from bot.journeys.welcome.leaving import Leaving, OpenPair

HAND_OVER: Final = "leaving:hand_over"
HAND_OVER_FORM: Final = "leaving:hand_over_form"
END: Final = "leaving:end"
SUCCESSOR: Final = "leaving:successor"
PAIRS_SHOWN: Final = 10

LATER: Final = (
    "*What you can ask for later.* `/pulse my-data` gives you all that I hold about you until your "
    "last day. For 30 days after it HR can have it sent to you; then it is erased. Results that "
    "your answers went into stay, and nobody can tell which are yours."
)
HANDED_OVER: Final = (
    "Thank you. I'll tell {mentee} kindly. They are first in line, and I'm looking for their next "
    "mentor now."
)


def thanks_message(leaving: Leaving) -> Message:
    """Thank somebody who leaves, list their mentoring pairs, and say what can be asked later."""
    text = "Thank you for your time here."
    day = f"{leaving.leaves_on:%A, %-d %B}"
    blocks: list[Block] = [
        section(f"*{text}*\nYour last day is {day}. I hope it becomes a good goodbye.")
    ]
    if leaving.pairs:
        blocks.append(section("*Your mentoring.* Nobody should find out by themselves:"))
        blocks += [_pair(each) for each in leaving.pairs[:PAIRS_SHOWN]]
    blocks.append(section(LATER))
    if leaving.help_person:
        person = mention(leaving.help_person)
        blocks.append(section(f"*To talk about it:* {person} has time for you, in confidence."))
    return Message(text, [*blocks, context("All the best, wherever you go next.")])


@dataclass(frozen=True)
class Origin:
    """The press that opened the form; travels in the form's private_metadata."""

    match_id: str
    response_url: str | None
    pressed: PressedMessage

    def encode(self) -> str:
        """Write it as JSON."""
        return json.dumps([self.match_id, self.response_url, astuple(self.pressed)])

    @classmethod
    def decode(cls, private_metadata: str) -> "Origin":
        """Read what `encode` wrote, which only Slack has held since."""
        match_id, response_url, pressed = json.loads(private_metadata)
        return cls(match_id, response_url, PressedMessage(*pressed))


def hand_over_view(origin: Origin) -> View:
    """Build the form in which a mentor may name who takes over."""
    return modal(
        "Hand over",
        [
            section(
                "Your meetings end here. I'll tell your mentee kindly, and they are first in line "
                "for their next mentor."
            ),
            field_input(
                "Somebody in mentoring who could take over",
                select_element("users_select", SUCCESSOR, placeholder="Nobody in mind"),
                block_id=SUCCESSOR,
                hint="I'll ask them first, and they may say no. If it doesn't fit, I'll look for "
                "somebody else.",
                optional=True,
            ),
        ],
        callback_id=HAND_OVER_FORM,
        submit="Hand over",
        close="Cancel",
        private_metadata=origin.encode(),
    )


def handed_over_view(mentee_id: str) -> View:
    """Say what happens now."""
    text = HANDED_OVER.format(mentee=mention(mentee_id))
    return modal("Hand over", [section(text)], callback_id=HAND_OVER_FORM)


def _pair(pair: OpenPair) -> Block:
    other = mention(pair.other_id)
    if pair.is_mentor:
        return section(f"You mentor {other}.", button("Hand over", HAND_OVER, pair.match_id))
    return section(
        f"{other} mentors you.",
        button(
            "End it kindly",
            END,
            pair.match_id,
            confirm=confirmation(
                "End it kindly?",
                "Your meetings end here, and I'll tell them that it's nobody's fault.",
                yes="End it",
                no="Go on",
            ),
        ),
    )
