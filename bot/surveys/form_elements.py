"""Menus of the compose form."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.blockkit.blocks import (
    OPTION_TEXT,
    SELECT_OPTIONS,
    Block,
    field_input,
    long_select,
    option,
    select,
)
from bot.blockkit.text import shorten
from bot.languages import _, marked

NEEDED: Final = marked("Needed for this choice.")
"""These fields must be optional for Slack, or a changed choice could not be sent."""
INVITE_FIRST: Final = marked("In a private channel, write /invite @Attune first.")


def choice(
    label: str,
    field: str,
    texts: Mapping[str, str],
    chosen: str,
    *,
    kind: str = "static_select",
    hint: str | None = None,
    dispatch: bool = False,
) -> Block:
    """Build a field to choose one of `texts`, by value; the first if `chosen` is none of them."""
    options = [option(text, value) for value, text in texts.items()]
    element = select(kind, field, options=options)
    element["initial_option"] = next(
        (each for each in options if each["value"] == chosen), options[0]
    )
    return field_input(label, element, block_id=field, hint=hint, dispatch=dispatch)


def long_choice(
    label: str,
    field: str,
    pairs: Sequence[tuple[str, str]],
    chosen: str,
    *,
    hint: str | None = None,
    dispatch: bool = True,
) -> Block:
    """Build a select of (value, text) pairs, grouped if there are more than a hundred."""
    options = [option(shorten(text, OPTION_TEXT), value) for value, text in pairs]
    element = long_select("static_select", field, options, _("Choose"))
    initial = next((each for each in options if each["value"] == chosen), None)
    if initial:
        element["initial_option"] = initial
    return field_input(
        label,
        element,
        block_id=field,
        hint=hint or _(NEEDED),
        optional=True,
        dispatch=dispatch,
    )


def channel_choice(
    label: str,
    field: str,
    chosen: str | None,
    *,
    hint: str,
    optional: bool = True,
    dispatch: bool = False,
) -> Block:
    """Build a menu of the workspace's own channels."""
    element = select("conversations_select", field, placeholder=_("Choose a channel"))
    element["filter"] = {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
        "exclude_bot_users": True,
    }
    if chosen:
        element["initial_conversation"] = chosen
    return field_input(
        label, element, block_id=field, hint=hint, optional=optional, dispatch=dispatch
    )


def several(label: str, field: str, names: Sequence[str], chosen: Sequence[str]) -> Block:
    """Build a menu to choose several names; of more than a hundred, Slack asks as HR types.

    Names are stored as values: at most 150 characters, which every directory's column keeps to.
    """
    options = [name_option(name) for name in names]
    if len(options) <= SELECT_OPTIONS:
        element = select("multi_static_select", field, placeholder=_("Any"), options=options)
    else:
        element = select("multi_external_select", field, placeholder=_("Any"), min_query_length=0)
    element["max_selected_items"] = SELECT_OPTIONS
    if initial := [name_option(name) for name in chosen if name in names]:
        element["initial_options"] = initial
    return field_input(label, element, block_id=field, optional=True, dispatch=True)


def name_option(name: str) -> Block:
    """Build the option of a team, department or location."""
    return option(shorten(name, OPTION_TEXT), name)
