"""What carries blocks: messages, views and attachments."""

from collections.abc import Mapping
from typing import Final

from sandbox.blockkit import rules
from sandbox.blockkit.blocks import ANY_BLOCK
from sandbox.blockkit.objects import ID, URL, plain_text
from sandbox.blockkit.schema import (
    Anything,
    Boolean,
    Enum,
    List,
    Object,
    Properties,
    String,
    Surface,
)

MAX_BLOCKS: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}

_WORDS: Final = plain_text(24)
_VIEW: Final[Properties] = {
    "private_metadata": String(3000),
    "callback_id": String(255),
    "external_id": ID,
}


def _view_blocks(surface: Surface) -> List:
    return List(ANY_BLOCK, MAX_BLOCKS[surface], 1)


VIEWS: Final[Mapping[str, Object]] = {
    "modal": Object(
        required={"type": Enum(("modal",)), "title": _WORDS, "blocks": _view_blocks("modal")},
        optional={
            "submit": _WORDS,
            "close": _WORDS,
            "clear_on_close": Boolean(),
            "notify_on_close": Boolean(),
            **_VIEW,
        },
    ),
    # slack_sdk refuses title, submit and close here; Slack documents none of the modal's extras.
    "home": Object(
        required={"type": Enum(("home",)), "blocks": _view_blocks("home")}, optional=_VIEW
    ),
}
"""https://docs.slack.dev/reference/views"""

MAX_ATTACHMENTS: Final = 100

ATTACHMENT: Final = Object(
    optional={
        "blocks": List(ANY_BLOCK, MAX_BLOCKS["message"]),
        **dict.fromkeys(("fallback", "color", "pretext", "text", "title", "footer"), String()),
        **dict.fromkeys(("author_name", "author_subname", "callback_id"), String()),
        **dict.fromkeys(("title_link", "author_link", "author_icon", "footer_icon"), URL),
        **dict.fromkeys(("image_url", "thumb_url", "app_unfurl_url"), URL),
        **dict.fromkeys(("ts", "mrkdwn_in", "actions", "preview"), Anything()),
        "attachment_type": String(),
        "fields": List(Object(optional={"title": String(), "value": String(), "short": Boolean()})),
    },
    rules=(
        rules.any_of(
            "blocks", "text", "fallback", "pretext", "title", "fields", "image_url", "thumb_url"
        ),
    ),
)
"""https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments"""
