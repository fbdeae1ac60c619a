"""The button "Same for me", what it answers, and how the count is said."""

from typing import Final

from bot.blockkit.blocks import Block, View, actions, button, context, modal, section
from bot.languages import _, marked
from bot.products import wording
from bot.products.supports.service import Supported

SUPPORT: Final = "products:support"
TAKE_BACK: Final = "products:take_back"
SUPPORT_VIEW: Final = "products:support_view"
TITLE: Final = marked("Same for me")
_COUNTED: Final = marked(
    "On Mondays I count who feels the same, and everybody, HR included, sees only that number: in "
    "steps of {k}, from {k} people on. Nobody sees who it is, and when HR has decided, I forget it."
)


def support_button(item_id: str) -> Block:
    """Build the button beside something that waits for a decision."""
    return button(_(TITLE), SUPPORT, item_id)


def support_view(support: Supported) -> View:
    """Say what a press has done, with the way back."""
    said, again = _("Taken back: you are not counted."), support_button(support.item_id)
    if support.is_on:
        said = _("Noted: you feel the same.")
        again = button(_("Take it back"), TAKE_BACK, support.item_id)
    return modal(
        _(TITLE),
        [
            section(f"*{wording.problem_words(support.problem)}*\n{said}"),
            context(_(_COUNTED).format(k=support.k)),
            actions([again]),
        ],
        callback_id=SUPPORT_VIEW,
    )
