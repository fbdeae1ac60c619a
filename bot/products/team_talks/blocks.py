"""Help for a team talk as a manager gets it: closed, and opened by a press."""

from collections.abc import Mapping
from typing import Final

from bot.blockkit.blocks import Block, Message, actions, button, context, section
from bot.insights.wording import LABEL_LIMIT, short_text
from bot.languages import _, marked, within_sentence
from bot.products.team_talks.pure.signs import Sign
from bot.products.team_talks.service import Talk
from bot.surveys.pure.bank import driver_label, load_bank
from bot.surveys.pure.team_talks import source, talk_about
from bot.surveys.pure.wellbeing import BURNOUT

OPEN: Final = "team_talks:open"
TAKE_UP: Final = "team_talks:take_up"
NO_MORE: Final = "team_talks:no_more"

OFFER: Final = marked("I have three questions for your next team talk, and one thing to try.")
SEEN_BY_YOU: Final = marked(
    "This is from figures of your team that `/pulse results` shows you. They are about a group: "
    "they say nothing about any single person."
)
LAST_ONE: Final = marked("If you leave this one closed as well, I send you no more of these.")
ASK_ALL: Final = marked("Ask the team as a whole. Nobody has to say how they are.")
STOPPED: Final = marked(
    "All right, I send you no more of these. `/pulse preferences` lets you have them again."
)
_SAYS: Final[Mapping[Sign, str]] = {
    Sign.STRAIN_UP: marked("In {team}, more people {strained} than before."),
    Sign.STRAIN_HIGH: marked("In {team}, many people {strained}."),
    Sign.CAUSE_DOWN: marked("In {team}, {cause} has become worse."),
    Sign.CAUSE_LOW: marked("In {team}, {cause} looks low."),
}


def closed_message(talk: Talk, *, is_last: bool) -> Message:
    """Say what it is about; `is_last` if no other one follows unless this one is opened."""
    text = f"{_says(talk)} {_(OFFER)}"
    blocks = [
        section(text),
        actions([button(_("Show them"), OPEN, talk.encode(), style="primary"), _no_more(talk)]),
        context(_(SEEN_BY_YOU), *([_(LAST_ONE)] if is_last else [])),
    ]
    return Message(text, blocks)


def opened_message(talk: Talk) -> Message:
    """Show the questions and the thing to try."""
    found = talk_about(talk.cause)
    questions = "\n".join(f"{number}. {_(each)}" for number, each in enumerate(found.questions, 1))
    about = _("*For your next team talk, about {about}*").format(about=_(found.about))
    text = _says(talk)
    blocks = [
        section(text),
        section(f"{about}\n{questions}"),
        section(_("*One thing to try:* {attempt}").format(attempt=_(found.try_))),
        actions([button(_("Take it up in /improve"), TAKE_UP, talk.encode()), _no_more(talk)]),
        context(
            f"{_(ASK_ALL)} {_(SEEN_BY_YOU)}",
            _("Own wording; {source}.").format(source=_(source())),
        ),
    ]
    return Message(text, blocks)


def stopped_message() -> Message:
    """Confirm that no further one comes."""
    return Message(_(STOPPED), [section(_(STOPPED))])


def problem_of(talk: Talk) -> str:
    """Say the problem in one sentence of plain text, for an item that is written by hand."""
    return _words(talk, talk.team).rstrip(".")


def _says(talk: Talk) -> str:
    return _words(talk, f"*{short_text(talk.team, LABEL_LIMIT)}*")


def _words(talk: Talk, team: str) -> str:
    strained = _(load_bank().get(BURNOUT).strain_label)
    cause = within_sentence(_(driver_label(talk.driver)))
    return _(_SAYS[talk.sign]).format(team=team, strained=strained, cause=cause)


def _no_more(talk: Talk) -> Block:
    return button(_("No more of these"), NO_MORE, talk.encode())
