"""The forms of a product, of merging it, and of the promise to decide in time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import shorten, storable
from bot.errors import FieldErrors
from bot.insights.wording import short_text
from bot.languages import _, marked
from bot.products.board.blocks import NAME_LIMIT
from bot.products.board.pure.starting import MENTORING
from bot.products.board.service import (
    INTO_FIELD,
    NAME_FIELD,
    NAME_LENGTH,
    OWNER_FIELD,
    PURPOSE_FIELD,
    PURPOSE_LENGTH,
    NewProduct,
    Product,
)
from bot.products.decisions.pure.clock import LEAST_DAYS, MOST_DAYS
from bot.products.decisions.service import DAYS_FIELD, wrong_days
from bot.surveys.pure.bank import load_bank

PRODUCT_FORM: Final = "products:product_form"
MERGE_FORM: Final = "products:merge_form"
SETTINGS_FORM: Final = "products:settings_form"
DRIVERS_FIELD: Final = "products:drivers"
SIGNS_FIELD: Final = "products:signs"
_NO_SIGNS: Final = "none"
_SIGNS: Final = {
    _NO_SIGNS: marked("Nothing that Attune sees"),
    MENTORING: marked("Attune's mentoring"),
}


def product_form(product: Product | None) -> View:
    """Build the form of a product, empty for a new one."""
    return modal(
        _("Change product") if product else _("New product"),
        [
            field_input(
                _("Name"),
                text_input(
                    NAME_FIELD,
                    max_length=NAME_LENGTH,
                    placeholder=_("Onboarding"),
                    initial=product.name if product else None,
                ),
                block_id=NAME_FIELD,
            ),
            field_input(
                _("What it is for"),
                text_input(
                    PURPOSE_FIELD,
                    max_length=PURPOSE_LENGTH,
                    initial=product.purpose if product else None,
                ),
                block_id=PURPOSE_FIELD,
                hint=_("One sentence."),
            ),
            owner_field(product.owner_id if product else None),
            _drivers_field(product.drivers if product else ()),
            _signs_field(product.signs if product else None),
        ],
        callback_id=PRODUCT_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=product.id if product else "",
    )


def product_in(view: Mapping[str, Any]) -> NewProduct:
    """Read a product from its form."""
    state = FormState(view)
    known = {each.key for each in load_bank().drivers}
    signs = state.one(SIGNS_FIELD)
    return NewProduct(
        storable(state.one(NAME_FIELD)),
        " ".join(storable(state.one(PURPOSE_FIELD)).split()),
        state.one(OWNER_FIELD) or None,
        tuple(each for each in state.many(DRIVERS_FIELD) if each in known),
        MENTORING if signs == MENTORING else None,
    )


def merge_form(product: Product, others: Sequence[tuple[str, str]]) -> View:
    """Ask which product, by (id, name), takes the items and drivers of one that is to go."""
    options = [option(shorten(_(name), 75), product_id) for product_id, name in others]
    items = sum(product.counts.values())
    name = short_text(_(product.name), NAME_LIMIT)
    text = (
        _("*{name}* has no items, so it can be deleted.").format(name=name)
        if not items
        else _(
            "*{name}* has items. They keep their history and go to the product that you choose."
        ).format(name=name)
    )
    element = select("static_select", INTO_FIELD, placeholder=_("Choose"), options=options)
    field = field_input(
        _("Its items and drivers go to"),
        element,
        block_id=INTO_FIELD,
        hint=_("Without items, you may leave this empty."),
        optional=True,
    )
    return modal(
        _("Merge or delete"),
        [section(text), field],
        callback_id=MERGE_FORM,
        submit=_("Delete it"),
        close=_("Cancel"),
        private_metadata=product.id,
    )


def merge_in(view: Mapping[str, Any]) -> str | None:
    """Read the product that takes over; None if none was chosen."""
    return FormState(view).one(INTO_FIELD) or None


def settings_form(days: int) -> View:
    """Build the form of the promise to decide in time."""
    element: Block = {
        "type": "number_input",
        "action_id": DAYS_FIELD,
        "is_decimal_allowed": False,
        "min_value": str(LEAST_DAYS),
        "max_value": str(MOST_DAYS),
        "initial_value": str(days),
    }
    hint = _(
        "Counted from the day on which results are published. After that, HR's admins are "
        "reminded, and after twice as many days everybody can see that the answer is missing. It "
        "counts for items from now on."
    )
    return modal(
        _("Settings"),
        [field_input(_("Days to decide"), element, block_id=DAYS_FIELD, hint=hint)],
        callback_id=SETTINGS_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def days_in(view: Mapping[str, Any]) -> int:
    """Read the days; raise FieldErrors unless they are a whole number."""
    typed = FormState(view).one(DAYS_FIELD)
    if not typed.isdecimal():
        raise FieldErrors({DAYS_FIELD: wrong_days()})
    return int(typed)


def owner_field(owner_id: str | None) -> Block:
    """Build the field for the person who looks after a product or an item."""
    element = select("users_select", OWNER_FIELD, placeholder=_("Choose somebody"))
    if owner_id:
        element["initial_user"] = owner_id
    return field_input(
        _("Who looks after it"),
        element,
        block_id=OWNER_FIELD,
        hint=_("Left empty, HR's admins do so together."),
        optional=True,
    )


def _drivers_field(chosen: Sequence[str]) -> Block:
    options = [
        option(_(each.label), each.key, _(each.measures)[:75]) for each in load_bank().drivers
    ]
    element = select(
        "multi_static_select", DRIVERS_FIELD, placeholder=_("Choose drivers"), options=options
    )
    if initial := [each for each in options if each["value"] in chosen]:
        element["initial_options"] = initial
    return field_input(
        _("Drivers that it serves"),
        element,
        block_id=DRIVERS_FIELD,
        hint=_("Their figures stand beside the product, and what stands out in them comes here."),
        optional=True,
    )


def _signs_field(chosen: str | None) -> Block:
    options = [option(_(text), value) for value, text in _SIGNS.items()]
    initial = next(each for each in options if each["value"] == (chosen or _NO_SIGNS))
    element = select("static_select", SIGNS_FIELD, options=options, initial_option=initial)
    return field_input(_("Signs that it is used come from"), element, block_id=SIGNS_FIELD)
