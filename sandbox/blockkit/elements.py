"""Block elements: https://docs.slack.dev/reference/block-kit/block-elements.

Which surface takes an element is said in the table of
https://api.slack.com/reference/block-kit/block-elements; which block takes it, in `blocks.py`.
"""

import re
from collections.abc import Mapping
from typing import Final

from sandbox.blockkit import rules
from sandbox.blockkit.objects import (
    ALT_TEXT,
    CHOICE,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_ACTION_CONFIG,
    FEEDBACK_BUTTON,
    ID,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    STYLE,
    URL,
    WEB_URL,
    WORKFLOW,
    plain_text,
)
from sandbox.blockkit.rich_text import RICH_TEXT_ELEMENTS
from sandbox.blockkit.schema import (
    EVERYWHERE,
    MESSAGES,
    MODALS,
    Boolean,
    Enum,
    Integer,
    List,
    Object,
    Properties,
    Rule,
    String,
    Surface,
    Tagged,
)

_PLACEHOLDER: Final[Properties] = {"placeholder": plain_text(150)}
_CONFIRM: Final[Properties] = {"confirm": CONFIRM}
_FOCUS: Final[Properties] = {"focus_on_load": Boolean()}
_DISPATCH: Final[Properties] = {"dispatch_action_config": DISPATCH_ACTION_CONFIG}
_MENU: Final[Properties] = {**_PLACEHOLDER, **_CONFIRM, **_FOCUS}
_MULTI_MENU: Final[Properties] = {**_MENU, "max_selected_items": Integer(1)}
_TYPED_INPUT: Final[Properties] = {**_PLACEHOLDER, **_FOCUS, **_DISPATCH}
_RESPONSE_URL: Final[Properties] = {"response_url_enabled": Boolean()}

_SLACK_ID: Final = String(min_length=1)
_SLACK_IDS: Final = List(_SLACK_ID)
_NUMBER: Final = String(pattern=re.compile(r"-?[0-9]+(\.[0-9]+)?"), form="number")
_DATE: Final = String(pattern=re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), form="date")
_TIME: Final = String(pattern=re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]"), form="time")

_RICH_TEXT_VALUE: Final = Tagged(
    {
        "rich_text": Object(
            required={
                "type": Enum(("rich_text",)),
                "elements": List(Tagged(RICH_TEXT_ELEMENTS)),
            },
            optional={"block_id": ID},
        )
    }
)


def _element(
    name: str,
    required: Properties,
    optional: Properties,
    *relations: Rule,
    surfaces: frozenset[Surface] = EVERYWHERE,
) -> Object:
    """Describe an interactive element; Slack makes up an `action_id` that is missing."""
    return Object(
        {"type": Enum((name,)), **required},
        {"action_id": ID, **optional},
        rules=relations,
        surfaces=surfaces,
    )


_ONE_SOURCE: Final = rules.exactly_one("options", "option_groups")
_MENU_OPTIONS: Final[Properties] = {
    "options": List(OPTION, 100, 1),
    "option_groups": List(OPTION_GROUP, 100, 1),
}

ELEMENTS: Final[Mapping[str, Object]] = {
    "button": _element(
        "button",
        {"text": plain_text(75)},
        {
            "url": URL,
            "value": String(2000),
            "style": STYLE,
            "accessibility_label": String(75),
            "agent_prompt": String(4000),
            "agent_prompt_display": String(),
            "visible_to_user_ids": _SLACK_IDS,
            **_CONFIRM,
        },
    ),
    "workflow_button": _element(
        "workflow_button",
        {"text": plain_text(75), "workflow": WORKFLOW},
        {"style": STYLE, "accessibility_label": String(75)},
        surfaces=MESSAGES,
    ),
    "checkboxes": _element(
        "checkboxes",
        {"options": List(CHOICE, 10, 1)},
        {"initial_options": List(CHOICE, 10, 1), **_CONFIRM, **_FOCUS},
        rules.initial_among_options,
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": List(CHOICE, 10, 1)},
        {"initial_option": CHOICE, **_CONFIRM, **_FOCUS},
        rules.initial_among_options,
    ),
    "overflow": _element("overflow", {"options": List(OVERFLOW_OPTION, 5, 1)}, _CONFIRM),
    "datepicker": _element("datepicker", {}, {"initial_date": _DATE, **_MENU}, rules.real_date),
    "timepicker": _element(
        "timepicker", {}, {"initial_time": _TIME, "timezone": String(min_length=1), **_MENU}
    ),
    "datetimepicker": _element(
        "datetimepicker",
        {},
        {"initial_date_time": Integer(1_000_000_000, 9_999_999_999), **_CONFIRM, **_FOCUS},
        surfaces=MODALS | MESSAGES,
    ),
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            "initial_value": String(3000),
            "multiline": Boolean(),
            "min_length": Integer(0, 3000),
            "max_length": Integer(1, 3000),
            **_TYPED_INPUT,
        },
        rules.in_order("min_length", "max_length"),
    ),
    "email_text_input": _element(
        "email_text_input", {}, {"initial_value": String(), **_TYPED_INPUT}, surfaces=MODALS
    ),
    "url_text_input": _element(
        "url_text_input", {}, {"initial_value": String(), **_TYPED_INPUT}, surfaces=MODALS
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": Boolean()},
        {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER, **_TYPED_INPUT},
        rules.whole_unless_decimal,
        rules.number_bounds,
        surfaces=MODALS,
    ),
    "rich_text_input": _element(
        "rich_text_input",
        {},
        {
            "initial_value": _RICH_TEXT_VALUE,
            "min_lines": Integer(1, 100),
            "max_lines": Integer(1, 100),
            **_TYPED_INPUT,
        },
        rules.in_order("min_lines", "max_lines"),
        surfaces=frozenset({"modal", "home"}),
    ),
    "file_input": _element(
        "file_input",
        {},
        {"filetypes": List(String(min_length=1), None, 1), "max_files": Integer(1, 10)},
        surfaces=MODALS,
    ),
    "static_select": _element(
        "static_select",
        {},
        {**_MENU_OPTIONS, "initial_option": OPTION, **_MENU},
        _ONE_SOURCE,
        rules.initial_among_options,
    ),
    "multi_static_select": _element(
        "multi_static_select",
        {},
        {**_MENU_OPTIONS, "initial_options": List(OPTION, 100, 1), **_MULTI_MENU},
        _ONE_SOURCE,
        rules.initial_among_options,
    ),
    "external_select": _element(
        "external_select", {}, {"initial_option": OPTION, "min_query_length": Integer(0), **_MENU}
    ),
    "multi_external_select": _element(
        "multi_external_select",
        {},
        {
            "initial_options": List(OPTION, 100, 1),
            "min_query_length": Integer(0),
            **_MULTI_MENU,
        },
    ),
    "users_select": _element("users_select", {}, {"initial_user": _SLACK_ID, **_MENU}),
    "multi_users_select": _element(
        "multi_users_select", {}, {"initial_users": _SLACK_IDS, **_MULTI_MENU}
    ),
    "channels_select": _element(
        "channels_select", {}, {"initial_channel": _SLACK_ID, **_RESPONSE_URL, **_MENU}
    ),
    "multi_channels_select": _element(
        "multi_channels_select", {}, {"initial_channels": _SLACK_IDS, **_MULTI_MENU}
    ),
    "conversations_select": _element(
        "conversations_select",
        {},
        {
            "initial_conversation": _SLACK_ID,
            "default_to_current_conversation": Boolean(),
            "filter": CONVERSATION_FILTER,
            **_RESPONSE_URL,
            **_MENU,
        },
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select",
        {},
        {
            "initial_conversations": _SLACK_IDS,
            "default_to_current_conversation": Boolean(),
            "filter": CONVERSATION_FILTER,
            **_MULTI_MENU,
        },
    ),
    "feedback_buttons": _element(
        "feedback_buttons",
        {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON},
        {},
        surfaces=MESSAGES,
    ),
    "icon_button": _element(
        "icon_button",
        {"icon": Enum(("trash",)), "text": plain_text(75)},
        {
            "value": String(2000),
            "accessibility_label": String(75),
            "visible_to_user_ids": List(_SLACK_ID, 10),
            **_CONFIRM,
        },
        surfaces=MESSAGES,
    ),
    "image": Object(
        required={"type": Enum(("image",)), "alt_text": ALT_TEXT},
        optional={"image_url": WEB_URL, "slack_file": SLACK_FILE},
        rules=(rules.exactly_one("image_url", "slack_file"),),
    ),
    "url": Object(
        required={"type": Enum(("url",)), "url": URL, "text": String(min_length=1)},
        surfaces=MESSAGES,
    ),
}
