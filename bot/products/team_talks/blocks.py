"""Help for a team talk as a manager gets it: closed, and opened by a press."""

from collections.abc import Mapping
from typing import Final

from bot.blockkit.blocks import Block, Message, actions, button, context, section
from bot.insights.wording import LABEL_LIMIT, short_text
from bot.products.team_talks.pure.signs import Sign
from bot.products.team_talks.service import Talk
from bot.surveys.pure.bank import driver_label, load_bank
from bot.surveys.pure.team_talks import source, talk_about
from bot.surveys.pure.wellbeing import BURNOUT

OPEN: Final = "team_talks:open"
TAKE_UP: Final = "team_talks:take_up"
NO_MORE: Final = "team_talks:no_more"

OFFER: Final = "I have three questions for your next team talk, and one thing to try."
SEEN_BY_YOU: Final = (
    "This is from figures of your team that `/pulse results` shows you. They are about a group: "
    "they say nothing about any single person."
)
LAST_ONE: Final = "If you leave this one closed as well, I send you no more of these."
ASK_ALL: Final = "Ask the team as a whole. Nobody has to say how they are."
STOPPED: Final = (
    "All right, I send you no more of these. `/pulse preferences` lets you have them again."
)
_SAYS: Final[Mapping[Sign, str]] = {
    Sign.STRAIN_UP: "In {team}, more people {strained} than before.",
    Sign.STRAIN_HIGH: "In {team}, many people {strained}.",
    Sign.CAUSE_DOWN: "In {team}, {cause} has become worse.",
    Sign.CAUSE_LOW: "In {team}, {cause} looks low.",
}


def closed_message(talk: Talk, *, is_last: bool) -> Message:
    """Say what it is about; `is_last` if no other one follows unless this one is opened."""
    text = f"{_says(talk)} {OFFER}"
    blocks = [
        section(text),
        actions([button("Show them", OPEN, talk.encode(), style="primary"), _no_more(talk)]),
        context(SEEN_BY_YOU, *([LAST_ONE] if is_last else [])),
    ]
    return Message(text, blocks)


def opened_message(talk: Talk) -> Message:
    """Show the questions and the thing to try."""
    found = talk_about(talk.cause)
    questions = "\n".join(f"{number}. {each}" for number, each in enumerate(found.questions, 1))
    text = _says(talk)
    blocks = [
        section(text),
        section(f"*For your next team talk, about {found.about}*\n{questions}"),
        section(f"*One thing to try:* {found.try_}"),
        actions([button("Take it up in /improve", TAKE_UP, talk.encode()), _no_more(talk)]),
        context(f"{ASK_ALL} {SEEN_BY_YOU}", f"Own wording; {source()}."),
    ]
    return Message(text, blocks)


def stopped_message() -> Message:
    """Confirm that no further one comes."""
    return Message(STOPPED, [section(STOPPED)])


def problem_of(talk: Talk) -> str:
    """Say the problem in one sentence of plain text, for an item that is written by hand."""
    return _words(talk, talk.team).rstrip(".")


def _says(talk: Talk) -> str:
    return _words(talk, f"*{short_text(talk.team, LABEL_LIMIT)}*")


def _words(talk: Talk, team: str) -> str:
    label = driver_label(talk.driver)
    strained = load_bank().get(BURNOUT).strain_label
    cause = label[:1].lower() + label[1:]
    return _SAYS[talk.sign].format(team=team, strained=strained, cause=cause)


def _no_more(talk: Talk) -> Block:
    return button("No more of these", NO_MORE, talk.encode())
