"""The parts of a rich text block.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

import re
from collections.abc import Mapping
from typing import Final

from sandbox.blockkit.objects import URL
from sandbox.blockkit.schema import (
    Boolean,
    Enum,
    Integer,
    List,
    Object,
    Properties,
    String,
    Tagged,
    pick,
)

_FLAGS: Final = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight")

STYLE: Final = Object(optional={**dict.fromkeys(_FLAGS, Boolean()), "unlink": Boolean()})

_SLACK_ID: Final = String(min_length=1)
_BORDER: Final = Enum((0, 1))


def _inline(name: str, required: Properties, optional: Properties | None = None) -> Object:
    return Object({"type": Enum((name,)), **required}, {**(optional or {}), "style": STYLE})


INLINE: Final[Mapping[str, Object]] = {
    "text": _inline("text", {"text": String(min_length=1)}),
    "link": _inline("link", {"url": URL}, {"text": String(), "unsafe": Boolean()}),
    "emoji": _inline(
        "emoji",
        {"name": String(min_length=1)},
        {"unicode": String(), "skin_tone": Integer(1, 6), "url": URL},
    ),
    "user": _inline("user", {"user_id": _SLACK_ID}),
    "usergroup": _inline("usergroup", {"usergroup_id": _SLACK_ID}),
    "channel": _inline("channel", {"channel_id": _SLACK_ID}),
    "team": _inline("team", {"team_id": _SLACK_ID}),
    "broadcast": _inline("broadcast", {"range": Enum(("here", "channel", "everyone"))}),
    "color": _inline(
        "color", {"value": String(pattern=re.compile("#[0-9A-Fa-f]{6}"), form="color")}
    ),
    "date": _inline(
        "date",
        {"timestamp": Integer(0), "format": String(min_length=1)},
        {"url": URL, "fallback": String()},
    ),
}

_ANY_INLINE: Final = List(Tagged(INLINE))

_SECTION: Final = Object(
    required={"type": Enum(("rich_text_section",)), "elements": _ANY_INLINE},
)

RICH_TEXT_ELEMENTS: Final[Mapping[str, Object]] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Object(
        required={
            "type": Enum(("rich_text_list",)),
            "style": Enum(("bullet", "ordered")),
            "elements": List(Tagged({"rich_text_section": _SECTION})),
        },
        optional={"indent": Integer(0, 8), "offset": Integer(0), "border": _BORDER},
    ),
    "rich_text_quote": Object(
        required={"type": Enum(("rich_text_quote",)), "elements": _ANY_INLINE},
        optional={"border": _BORDER},
    ),
    "rich_text_preformatted": Object(
        required={
            "type": Enum(("rich_text_preformatted",)),
            "elements": List(pick(INLINE, "text", "link")),
        },
        optional={"border": _BORDER, "language": String()},
    ),
}
