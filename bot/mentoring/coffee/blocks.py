"""Builds the messages about a coffee."""

from typing import Final

from bot.blockkit.blocks import Message, context, section
from bot.blockkit.text import mention
from bot.languages import _, marked
from bot.mentoring.wording import joined

COFFEE_QUESTION: Final = marked("What are you working on that others here should know about?")


def coffee_message(people: list[str]) -> Message:
    """Introduce two or three people for a coffee."""
    names = joined([mention(person) for person in people])
    text = _("{names}, have a coffee together?").format(names=names)
    how = _(
        "Twenty minutes in the next few days are plenty, in person or on a call. If you read this "
        "first, please suggest a time."
    )
    return Message(
        text,
        [
            section(f"*{text}*\n{how}"),
            section(_("*To start with:* {question}").format(question=_(COFFEE_QUESTION))),
            context(_("You get this because you chose it. `/mentor` changes that.")),
        ],
    )


def alone_message() -> Message:
    """Tell a person that there was nobody to have coffee with."""
    text = _("No coffee this time, sorry: I couldn't find anybody for you.")
    again = _("You're in again next time.")
    return Message(text, [section(f"{text} {again}")])
