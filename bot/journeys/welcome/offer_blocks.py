"""Builds what a newcomer is offered once: a mentor on day 3, coffee with somebody new in week 2."""

from typing import Final

from bot.blockkit.blocks import Message, actions, button, context, section
from bot.languages import _, marked
from bot.mentoring.profiles.forms import PROFILE

COFFEE: Final = "welcome:coffee"
ONCE: Final = marked(
    "An offer, and no more: I won't ask again, and HR isn't told what you do with it."
)


def mentor_offer_message() -> Message:
    """Offer a mentor."""
    text = _("Would you like a mentor?")
    return Message(
        text,
        [
            section(
                f"*{text}*\n"
                + _(
                    "Somebody from another team who has learnt what you want to learn, for half an "
                    "hour now and then. Choose a topic, and I'll look for somebody who fits."
                )
            ),
            actions([button(_("Find a mentor"), PROFILE)]),
            context(_(ONCE)),
        ],
    )


def coffee_offer_message() -> Message:
    """Offer coffee with somebody new."""
    text = _("A coffee with somebody new?")
    return Message(
        text,
        [
            section(
                f"*{text}*\n"
                + _(
                    "Now and then I bring together two or three people who don't know each other "
                    "yet. Twenty minutes are plenty, in person or on a call."
                )
            ),
            actions([button(_("Count me in"), COFFEE)]),
            context(_(ONCE)),
        ],
    )


def coffee_joined_message() -> Message:
    """Say what happens after joining the coffee."""
    text = _("You're in. At the next round I'll bring you together with somebody.")
    return Message(text, [section(" ".join([text, _("`/mentor` changes that.")]))])
