"""Builds the messages about a coffee."""

from typing import Final

from bot.blockkit.blocks import Message, context, section
from bot.blockkit.text import mention
from bot.mentoring.wording import joined

COFFEE_QUESTION: Final = "What are you working on that others here should know about?"


def coffee_message(people: list[str]) -> Message:
    """Introduce two or three people for a coffee."""
    names = joined([mention(person) for person in people])
    text = f"{names}, have a coffee together?"
    return Message(
        text,
        [
            section(
                f"*{text}*\nTwenty minutes in the next few days are plenty, in person or on a "
                "call. If you read this first, please suggest a time."
            ),
            section(f"*To start with:* {COFFEE_QUESTION}"),
            context("You get this because you chose it. `/mentor` changes that."),
        ],
    )


def alone_message() -> Message:
    """Tell a person that there was nobody to have coffee with."""
    text = "No coffee this time, sorry: I couldn't find anybody for you."
    return Message(text, [section(f"{text} You're in again next time.")])
