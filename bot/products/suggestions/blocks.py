"""The form in which HR says to which item a conversation belongs."""

from collections.abc import Mapping
from typing import Any, Final

from bot.blockkit.blocks import OPTION_TEXT, View, field_input, modal, option, section, select
from bot.blockkit.form_state import FormState
from bot.blockkit.text import shorten
from bot.languages import _, marked
from bot.products.suggestions.service import Links

LINK_FORM: Final = "products:link_form"
ITEM_FIELD: Final = "products:belongs_to"
NO_ITEM: Final = "none"
NO_ITEMS: Final = marked(
    "There is no item for everybody yet. Go back, and make one of this conversation."
)
_WHAT_HAPPENS: Final = marked(
    "The author reads the item's sentence in the conversation, and what comes of it. Nothing in "
    "the item leads to them. Items about one team are not here: the author may be elsewhere."
)


def link_form(links: Links) -> View:
    """Build the form; the item that the conversation belongs to is chosen."""
    options = [option(_("No item"), NO_ITEM)]
    options += [option(shorten(problem, OPTION_TEXT), item_id) for item_id, problem in links.items]
    chosen = next((each for each in options if each["value"] == links.item_id), options[0])
    field = field_input(
        _("It belongs to"),
        select("static_select", ITEM_FIELD, options=options, initial_option=chosen),
        block_id=ITEM_FIELD,
    )
    return modal(
        _("Belongs to an item"),
        [section(_(_WHAT_HAPPENS) if links.items else _(NO_ITEMS)), field],
        callback_id=LINK_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=links.thread_id,
    )


def linked_in(view: Mapping[str, Any]) -> tuple[str, str | None]:
    """Read (conversation's id, item's id); None for no item."""
    chosen = FormState(view).one(ITEM_FIELD)
    return str(view["private_metadata"]), None if chosen in ("", NO_ITEM) else chosen
