"""Builds what a newcomer is offered once: a mentor on day 3, coffee with somebody new in week 2."""

from typing import Final

from bot.blockkit.blocks import Message, actions, button, context, section
from bot.mentoring.profiles.forms import PROFILE

COFFEE: Final = "welcome:coffee"
ONCE: Final = "An offer, and no more: I won't ask again, and HR isn't told what you do with it."


def mentor_offer_message() -> Message:
    """Offer a mentor."""
    text = "Would you like a mentor?"
    return Message(
        text,
        [
            section(
                f"*{text}*\nSomebody from another team who has learnt what you want to learn, for "
                "half an hour now and then. Choose a topic, and I'll look for somebody who fits."
            ),
            actions([button("Find a mentor", PROFILE)]),
            context(ONCE),
        ],
    )


def coffee_offer_message() -> Message:
    """Offer coffee with somebody new."""
    text = "A coffee with somebody new?"
    return Message(
        text,
        [
            section(
                f"*{text}*\nNow and then I bring together two or three people who don't know each "
                "other yet. Twenty minutes are plenty, in person or on a call."
            ),
            actions([button("Count me in", COFFEE)]),
            context(ONCE),
        ],
    )


def coffee_joined_message() -> Message:
    """Say what happens after joining the coffee."""
    text = "You're in. At the next round I'll bring you together with somebody."
    return Message(text, [section(f"{text} `/mentor` changes that.")])
