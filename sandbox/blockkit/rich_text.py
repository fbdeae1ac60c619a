"""The parts of a rich text block.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Mapping
from typing import Final

from sandbox.blockkit.elements import SLACK_ID, URL, typed
from sandbox.blockkit.schema import (
    Object,
    Properties,
    array,
    boolean,
    enum,
    integer,
    string,
    tagged,
)

_STYLE: Final = Object(
    {}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean)
)
_BORDER: Final[Properties] = {"border": enum(0, 1)}


def _inline(name: str, required: Properties, optional: Properties | None = None) -> Object:
    return typed(name, required, {**(optional or {}), "style": _STYLE})


INLINE: Final[Mapping[str, Object]] = {
    "text": _inline("text", {"text": string(least=1)}),
    "link": _inline("link", {"url": URL}, {"text": string(), "unsafe": boolean}),
    "emoji": _inline("emoji", {"name": string(least=1)}, {"unicode": string()}),
    "user": _inline("user", {"user_id": SLACK_ID}),
    "usergroup": _inline("usergroup", {"usergroup_id": SLACK_ID}),
    "channel": _inline("channel", {"channel_id": SLACK_ID}),
    "broadcast": _inline("broadcast", {"range": enum("here", "channel", "everyone")}),
    "date": _inline(
        "date",
        {"timestamp": integer(0), "format": string(least=1)},
        {"url": URL, "fallback": string()},
    ),
}

_INLINES: Final = array(tagged(INLINE))
_SECTION: Final = typed("rich_text_section", {"elements": _INLINES})

RICH_TEXT_ELEMENTS: Final[Mapping[str, Object]] = {
    "rich_text_section": _SECTION,
    "rich_text_list": typed(
        "rich_text_list",
        {
            "style": enum("bullet", "ordered"),
            "elements": array(tagged({"rich_text_section": _SECTION})),
        },
        {"indent": integer(0, 8), "offset": integer(0), **_BORDER},
    ),
    "rich_text_quote": typed("rich_text_quote", {"elements": _INLINES}, _BORDER),
    "rich_text_preformatted": typed(
        "rich_text_preformatted",
        {"elements": array(tagged(INLINE, "text", "link"))},
        {**_BORDER, "language": string()},
    ),
}
