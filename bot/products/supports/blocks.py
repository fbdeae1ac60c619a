"""The button "Same for me", what it answers, and how the count is said."""

from typing import Final

from bot.blockkit.blocks import Block, View, actions, button, context, modal, section
from bot.products import wording
from bot.products.supports.service import Supported

SUPPORT: Final = "products:support"
TAKE_BACK: Final = "products:take_back"
SUPPORT_VIEW: Final = "products:support_view"
TITLE: Final = "Same for me"
_COUNTED: Final = (
    "On Mondays I count who feels the same, and everybody, HR included, sees only that number: in "
    "steps of {k}, from {k} people on. Nobody sees who it is, and when HR has decided, I forget it."
)


def support_button(item_id: str) -> Block:
    """Build the button beside something that waits for a decision."""
    return button(TITLE, SUPPORT, item_id)


def support_view(support: Supported) -> View:
    """Say what a press has done, with the way back."""
    said, again = "Taken back: you are not counted.", support_button(support.item_id)
    if support.is_on:
        said = "Noted: you feel the same."
        again = button("Take it back", TAKE_BACK, support.item_id)
    return modal(
        TITLE,
        [
            section(f"*{wording.problem_words(support.problem)}*\n{said}"),
            context(_COUNTED.format(k=support.k)),
            actions([again]),
        ],
        callback_id=SUPPORT_VIEW,
    )
