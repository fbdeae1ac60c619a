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
from bot.languages import DayStyle, _, marked, write_day

HAND_OVER: Final = "leaving:hand_over"
HAND_OVER_FORM: Final = "leaving:hand_over_form"
END: Final = "leaving:end"
SUCCESSOR: Final = "leaving:successor"
PAIRS_SHOWN: Final = 10

LATER: Final = marked(
    "*What you can ask for later.* `/pulse my-data` gives you all that I hold about you until your "
    "last day. For 30 days after it HR can have it sent to you; then it is erased. Results that "
    "your answers went into stay, and nobody can tell which are yours."
)
HANDED_OVER: Final = marked(
    "Thank you. I'll tell {mentee} kindly. They are first in line, and I'm looking for their next "
    "mentor now."
)


def thanks_message(leaving: Leaving) -> Message:
    """Thank somebody who leaves, list their mentoring pairs, and say what can be asked later."""
    text = _("Thank you for your time here.")
    goodbye = _("Your last day is {day}. I hope it becomes a good goodbye.").format(
        day=write_day(leaving.leaves_on, DayStyle.WEEKDAY)
    )
    blocks: list[Block] = [section(f"*{text}*\n{goodbye}")]
    if leaving.pairs:
        blocks.append(section(_("*Your mentoring.* Nobody should find out by themselves:")))
        blocks += [_pair(each) for each in leaving.pairs[:PAIRS_SHOWN]]
    blocks.append(section(_(LATER)))
    if leaving.help_person:
        person = mention(leaving.help_person)
        blocks.append(
            section(
                _("*To talk about it:* {person} has time for you, in confidence.").format(
                    person=person
                )
            )
        )
    return Message(text, [*blocks, context(_("All the best, wherever you go next."))])


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
        _("Hand over"),
        [
            section(
                _(
                    "Your meetings end here. I'll tell your mentee kindly, and they are first in "
                    "line for their next mentor."
                )
            ),
            field_input(
                _("Somebody in mentoring who could take over"),
                select_element("users_select", SUCCESSOR, placeholder=_("Nobody in mind")),
                block_id=SUCCESSOR,
                hint=_(
                    "I'll ask them first, and they may say no. If it doesn't fit, I'll look for "
                    "somebody else."
                ),
                optional=True,
            ),
        ],
        callback_id=HAND_OVER_FORM,
        submit=_("Hand over"),
        close=_("Cancel"),
        private_metadata=origin.encode(),
    )


def handed_over_view(mentee_id: str) -> View:
    """Say what happens now."""
    text = _(HANDED_OVER).format(mentee=mention(mentee_id))
    return modal(_("Hand over"), [section(text)], callback_id=HAND_OVER_FORM)


def _pair(pair: OpenPair) -> Block:
    other = mention(pair.other_id)
    if pair.is_mentor:
        return section(
            _("You mentor {other}.").format(other=other),
            button(_("Hand over"), HAND_OVER, pair.match_id),
        )
    return section(
        _("{other} mentors you.").format(other=other),
        button(
            _("End it kindly"),
            END,
            pair.match_id,
            confirm=confirmation(
                _("End it kindly?"),
                _("Your meetings end here, and I'll tell them that it's nobody's fault."),
                yes=_("End it"),
                no=_("Go on"),
            ),
        ),
    )
