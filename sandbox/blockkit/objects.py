"""Composition objects: https://docs.slack.dev/reference/block-kit/composition-objects."""

import re
from functools import cache
from typing import Final

from sandbox.blockkit import rules
from sandbox.blockkit.schema import Boolean, Enum, List, Object, Properties, String, Tagged

ID: Final = String(255, min_length=1)
"""`block_id`, `action_id`, `callback_id` and `external_id`."""

STYLE: Final = Enum(("primary", "danger"))

URL: Final = String(3000, 1, re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+"), "uri")
"""Any scheme: a button may open `slack://` or `mailto:`."""

WEB_URL: Final = String(3000, 1, re.compile(r"https?://\S+"), "uri")
HTTPS_URL: Final = String(3000, 1, re.compile(r"https://\S+"), "uri")

ALT_TEXT: Final = String(2000, 1)
"""Not documented whether it may be empty; we demand words, for screen readers."""

MAX_TEXT: Final = 3000


@cache
def text(max_length: int = MAX_TEXT, min_length: int = 1) -> Tagged:
    """Return a text object of either type, with so many characters."""
    content = String(max_length, min_length)
    return Tagged(
        {
            "plain_text": _typed("plain_text", {"text": content}, {"emoji": Boolean()}),
            "mrkdwn": _typed("mrkdwn", {"text": content}, {"verbatim": Boolean()}),
        }
    )


@cache
def plain_text(max_length: int = MAX_TEXT) -> Tagged:
    """Return a `plain_text` object with so many characters."""
    return Tagged({"plain_text": text(max_length).kinds["plain_text"]})


def _typed(name: str, required: Properties, optional: Properties) -> Object:
    return Object({"type": Enum((name,)), **required}, optional)


CONFIRM: Final = Object(
    required={
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    optional={"style": STYLE},
)

# An empty value is refused by menus; 75 in older pages, 150 since 2024 and in slack_sdk.
OPTION_VALUE: Final = String(150, 1)

OPTION: Final = Object(
    required={"text": plain_text(75), "value": OPTION_VALUE},
    optional={"description": plain_text(75)},
)
"""In select menus."""

CHOICE: Final = Object(
    required={"text": text(75), "value": OPTION_VALUE},
    optional={"description": text(75)},
)
"""In checkboxes and radio buttons, which format their text."""

OVERFLOW_OPTION: Final = Object(
    required={"text": plain_text(75), "value": OPTION_VALUE},
    optional={"description": plain_text(75), "url": URL},
)
"""In overflow menus, the only ones that open links."""

OPTION_GROUP: Final = Object(
    required={"label": plain_text(75), "options": List(OPTION, 100, 1)},
)

CONVERSATION_FILTER: Final = Object(
    optional={
        "include": List(Enum(("im", "mpim", "private", "public")), 4, 1),
        "exclude_external_shared_channels": Boolean(),
        "exclude_bot_users": Boolean(),
    },
    rules=(
        rules.any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
        rules.no_duplicates("include"),
    ),
)

DISPATCH_ACTION_CONFIG: Final = Object(
    optional={
        "trigger_actions_on": List(Enum(("on_enter_pressed", "on_character_entered")), 2, 1),
    },
    rules=(rules.no_duplicates("trigger_actions_on"),),
)

SLACK_FILE: Final = Object(
    optional={"id": String(min_length=1), "url": WEB_URL},
    rules=(rules.exactly_one("id", "url"),),
)

SLACK_ICON: Final = Object(required={"type": Enum(("icon",)), "name": String(min_length=1)})

TRIGGER: Final = Object(
    required={"url": WEB_URL},
    optional={
        "customizable_input_parameters": List(
            Object(required={"name": String(min_length=1), "value": String()}),
        ),
    },
)

WORKFLOW: Final = Object(required={"trigger": TRIGGER})

FEEDBACK_BUTTON: Final = Object(
    required={"text": plain_text(75), "value": String(2000)},
    optional={"accessibility_label": String(75)},
)
