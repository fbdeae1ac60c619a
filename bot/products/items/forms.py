"""The forms in which an item is written, taken up and changed.

People read the problem. If names in it are hidden, its author sees that before anything is stored.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    context,
    divider,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState, fingerprint
from bot.blockkit.text import shorten, storable
from bot.errors import OutdatedError
from bot.languages import _, marked
from bot.products import wording
from bot.products.board.forms import owner_field
from bot.products.board.service import OWNER_FIELD
from bot.products.items.reading import ItemView
from bot.products.items.service import PROBLEM_FIELD, PROBLEM_LENGTH, Written
from bot.surveys.pure.bank import load_bank

TAKE_UP_FORM: Final = "products:take_up_form"
WRITE_FORM: Final = "products:write_form"
SUGGESTION_FORM: Final = "products:suggestion_form"
CHANGE_FORM: Final = "products:change_form"
PRODUCT_FIELD: Final = "products:of_product"
DRIVER_FIELD: Final = "products:driver"
TEAM_FIELD: Final = "products:team"

_NO_DRIVER: Final = "none"
_OWN_WORDS: Final = marked(
    "*Say it in your own words.* Everybody reads this sentence, and could know the author by "
    "theirs. What comes of it appears in the conversation, too."
)

About = tuple[str, int]
"""The id of an item, with its version, or of a conversation."""
Names = Sequence[tuple[str, str]]
"""Products by (id, name)."""


def take_up_form(item: ItemView, products: Names) -> View:
    """Build the form to take up a proposal."""
    return _form(
        _("Take it up"),
        TAKE_UP_FORM,
        [
            _problem_field(item.line.problem),
            _product_field(products, item.product_id),
            owner_field(item.owner_id),
        ],
        (item.line.id, item.version),
    )


def write_form(
    products: Names,
    product_id: str | None,
    teams: Sequence[str] = (),
    problem: str = "",
    driver: str | None = None,
) -> View:
    """Build the form to write an item by hand; `teams` are those of a manager, the first chosen."""
    return _form(
        _("Write an item"),
        WRITE_FORM,
        [
            _problem_field(problem),
            *([_team_field(teams)] if teams else []),
            _product_field(products, product_id),
            _driver_field(driver),
            owner_field(None),
        ],
        (product_id or "", 0),
    )


def suggestion_form(products: Names, thread_id: str) -> View:
    """Build the form to make an item of a conversation; none of its text is in it."""
    fields = [_problem_field(""), _product_field(products, None), _driver_field()]
    return _form(
        _("Make it an item"),
        SUGGESTION_FORM,
        [section(_(_OWN_WORDS)), *fields, owner_field(None)],
        (thread_id, 0),
    )


def change_form(item: ItemView, products: Names) -> View:
    """Build the form to give an item another product or owner."""
    return _form(
        _("Owner and product"),
        CHANGE_FORM,
        [
            section(f"*{wording.problem_words(item.line.problem)}*"),
            _product_field(products, item.product_id),
            owner_field(item.owner_id),
        ],
        (item.line.id, item.version),
    )


def with_preview(form: View, typed: str, masked: str) -> View:
    """Return a form with what people will read of its problem, above the same fields.

    The fields keep their ids, so that what was typed stays in them.
    """
    about, _shown = json.loads(form["private_metadata"])
    head: list[Block] = [
        section(f"{_('*This is how people will read it:*')}\n{wording.problem_words(masked)}"),
        context(
            _(
                "I hide what is in [brackets]. Nothing is stored yet. Save it, or change it "
                "here and look once more."
            )
        ),
        divider(),
    ]
    return {
        **form,
        "blocks": [*head, *form["blocks"]],
        "private_metadata": json.dumps([about, fingerprint(typed)]),
    }


def written_in(view: Mapping[str, Any]) -> Written:
    """Read what was written in any of the forms."""
    state = FormState(view)
    driver = state.one(DRIVER_FIELD)
    return Written(
        problem=storable(state.one(PROBLEM_FIELD)),
        product_id=state.one(PRODUCT_FIELD),
        owner_id=state.one(OWNER_FIELD) or None,
        driver=driver if driver in {each.key for each in load_bank().drivers} else None,
        team=state.one(TEAM_FIELD) or None,
    )


def about_in(view: Mapping[str, Any]) -> About:
    """Return what a form is about; raise OutdatedError for what no form of ours holds."""
    try:
        (id_, version), _shown = json.loads(str(view["private_metadata"]))
        return str(id_), int(version)
    except (ValueError, TypeError):
        raise OutdatedError from None


def was_shown(view: Mapping[str, Any], typed: str) -> bool:
    """Return True if exactly this problem was shown as people will read it."""
    _about, shown = json.loads(str(view["private_metadata"]))
    return bool(shown == fingerprint(typed))


def _form(title: str, callback_id: str, blocks: list[Block], about: About) -> View:
    return modal(
        title,
        blocks,
        callback_id=callback_id,
        submit=_("Take it up") if callback_id == TAKE_UP_FORM else _("Save"),
        close=_("Cancel"),
        private_metadata=json.dumps([about, ""]),
    )


def _problem_field(problem: str) -> Block:
    return field_input(
        _("The problem, in one sentence"),
        text_input(PROBLEM_FIELD, max_length=PROBLEM_LENGTH, initial=shorten(problem, 200)),
        block_id=PROBLEM_FIELD,
        hint=_("People read it on their Home tab from now on. Names are hidden."),
    )


def _product_field(products: Names, chosen: str | None) -> Block:
    options = [option(shorten(_(name), 75), product_id) for product_id, name in products]
    element = select("static_select", PRODUCT_FIELD, placeholder=_("Choose"), options=options)
    if initial := next((each for each in options if each["value"] == chosen), None):
        element["initial_option"] = initial
    return field_input(_("Product"), element, block_id=PRODUCT_FIELD)


def _team_field(teams: Sequence[str]) -> Block:
    options = [option(shorten(team, 75), shorten(team, 150)) for team in teams[:100]]
    element = select("static_select", TEAM_FIELD, options=options, initial_option=options[0])
    return field_input(_("Your team"), element, block_id=TEAM_FIELD)


def _driver_field(chosen: str | None = None) -> Block:
    options = [
        option(_("None of these"), _NO_DRIVER),
        *(option(_(each.label), each.key) for each in load_bank().drivers),
    ]
    initial = next((each for each in options if each["value"] == chosen), options[0])
    element = select("static_select", DRIVER_FIELD, options=options, initial_option=initial)
    return field_input(_("What it is about"), element, block_id=DRIVER_FIELD)
