"""Composition objects and block elements: https://docs.slack.dev/reference/block-kit.

Which block takes an element is said in `blocks`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from sandbox.blockkit import rules
from sandbox.blockkit.schema import (
    EVERYWHERE,
    MODALS,
    Check,
    Object,
    Properties,
    Surface,
    array,
    boolean,
    enum,
    integer,
    string,
    tagged,
)

ID: Final = string(255, 1)
"""`block_id`, `action_id`, `callback_id` and `external_id`."""
SLACK_ID: Final = string(least=1)
URL: Final = string(3000, 1, r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "uri")
"""Any scheme: a button may open `slack://` or `mailto:`."""
WEB_URL: Final = string(3000, 1, r"https?://\S+", "uri")
ALT_TEXT: Final = string(2000, 1)
"""Not documented whether it may be empty; screen readers need words."""


def typed(
    name: str,
    required: Properties | None = None,
    optional: Properties | None = None,
    *relations: Check,
    surfaces: frozenset[Surface] = EVERYWHERE,
    at_most: int | None = None,
) -> Object:
    """Return an object with the given `type`."""
    properties = {"type": enum(name), **(required or {})}
    return Object(properties, optional or {}, relations, surfaces, at_most)


def text_kinds(most: int = 3000) -> dict[str, Object]:
    """Return both types of text object, with up to `most` characters."""
    content = string(most, 1)
    return {
        "plain_text": typed("plain_text", {"text": content}, {"emoji": boolean}),
        "mrkdwn": typed("mrkdwn", {"text": content}, {"verbatim": boolean}),
    }


@cache
def text(most: int = 3000) -> Check:
    """Return a text object of either type, with up to `most` characters."""
    return tagged(text_kinds(most))


@cache
def plain_text(most: int = 3000) -> Check:
    """Return a `plain_text` object with up to `most` characters."""
    return tagged(text_kinds(most), "plain_text")


_STYLE: Final = enum("primary", "danger")
_CONFIRM_OBJECT: Final = Object(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": _STYLE},
)


def _option(words: Check, **more: Check) -> Object:
    # An empty value is refused by menus; 75 in older pages, 150 since 2024 and in slack_sdk.
    return Object({"text": words, "value": string(150, 1)}, {"description": words, **more})


_OPTION: Final = _option(plain_text(75))
_CHOICE: Final = _option(text(75))
"""In checkboxes and radio buttons, which format their text."""
_OPTION_GROUP: Final = Object({"label": plain_text(75), "options": array(_OPTION, 100, 1)})
_FILTER: Final = Object(
    {},
    {
        "include": array(enum("im", "mpim", "private", "public"), 4, 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    (
        rules.any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
        rules.no_duplicates("include"),
    ),
)
_DISPATCH: Final = Object(
    {},
    {"trigger_actions_on": array(enum("on_enter_pressed", "on_character_entered"), 2, 1)},
    (rules.no_duplicates("trigger_actions_on"),),
)
SLACK_FILE: Final = Object({}, {"id": SLACK_ID, "url": WEB_URL}, (rules.exactly_one("id", "url"),))

_CONFIRM: Final[Properties] = {"confirm": _CONFIRM_OBJECT}
_FOCUS: Final[Properties] = {"focus_on_load": boolean}
_MENU: Final[Properties] = {"placeholder": plain_text(150), **_CONFIRM, **_FOCUS}
_TYPING: Final[Properties] = {
    "placeholder": plain_text(150),
    "dispatch_action_config": _DISPATCH,
    **_FOCUS,
}
_NUMBER: Final = string(pattern=r"-?[0-9]+(\.[0-9]+)?", form="number")
_DATE: Final = string(pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", form="date")
_TIME: Final = string(pattern=r"([01][0-9]|2[0-3]):[0-5][0-9]", form="time")


def _element(
    name: str,
    required: Properties,
    optional: Properties,
    *relations: Check,
    surfaces: frozenset[Surface] = EVERYWHERE,
) -> Object:
    """Describe an interactive element; Slack makes up an `action_id` that is missing."""
    optional = {"action_id": ID, **optional}
    return typed(name, required, optional, *relations, surfaces=surfaces)


def _selects(
    kind: str, one: str, several: str, initial: Check, optional: Properties, *relations: Check
) -> dict[str, Object]:
    """Describe the select of one value and its `multi_` sibling of several."""
    many = {
        several: array(initial, None if initial is SLACK_ID else 100),
        "max_selected_items": integer(1),
    }
    return {
        kind: _element(kind, {}, {one: initial, **optional, **_MENU}, *relations),
        f"multi_{kind}": _element(f"multi_{kind}", {}, {**many, **optional, **_MENU}, *relations),
    }


SELECTS: Final[Mapping[str, Object]] = {
    **_selects(
        "static_select",
        "initial_option",
        "initial_options",
        _OPTION,
        {"options": array(_OPTION, 100, 1), "option_groups": array(_OPTION_GROUP, 100, 1)},
        rules.exactly_one("options", "option_groups"),
        rules.initial_among_options,
    ),
    **_selects(
        "external_select",
        "initial_option",
        "initial_options",
        _OPTION,
        {"min_query_length": integer(0)},
    ),
    **_selects("users_select", "initial_user", "initial_users", SLACK_ID, {}),
    **_selects("channels_select", "initial_channel", "initial_channels", SLACK_ID, {}),
    **_selects(
        "conversations_select",
        "initial_conversation",
        "initial_conversations",
        SLACK_ID,
        {"default_to_current_conversation": boolean, "filter": _FILTER},
    ),
}

ELEMENTS: Final[Mapping[str, Object]] = {
    "button": _element(
        "button",
        {"text": plain_text(75)},
        {
            "url": URL,
            "value": string(2000),
            "style": _STYLE,
            "accessibility_label": string(75),
            **_CONFIRM,
        },
    ),
    "overflow": _element(
        "overflow", {"options": array(_option(plain_text(75), url=URL), 5, 1)}, _CONFIRM
    ),
    "checkboxes": _element(
        "checkboxes",
        {"options": array(_CHOICE, 10, 1)},
        {"initial_options": array(_CHOICE, 10, 1), **_CONFIRM, **_FOCUS},
        rules.initial_among_options,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": array(_CHOICE, 10, 1)},
        {"initial_option": _CHOICE, **_CONFIRM, **_FOCUS},
        rules.initial_among_options,
    ),
    "datepicker": _element("datepicker", {}, {"initial_date": _DATE, **_MENU}, rules.real_date),
    "timepicker": _element(
        "timepicker", {}, {"initial_time": _TIME, "timezone": string(least=1), **_MENU}
    ),
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
            **_TYPING,
        },
        rules.in_order("min_length", "max_length"),
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER, **_TYPING},
        rules.number_bounds,
        surfaces=MODALS,
    ),
    "file_input": _element(
        "file_input",
        {},
        {"filetypes": array(string(least=1), None, 1), "max_files": integer(1, 10)},
        surfaces=MODALS,
    ),
    "image": typed(
        "image",
        {"alt_text": ALT_TEXT},
        {"image_url": WEB_URL, "slack_file": SLACK_FILE},
        rules.exactly_one("image_url", "slack_file"),
    ),
    **SELECTS,
}
