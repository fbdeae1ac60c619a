"""One rich, valid example of every block and every element, as an app would send them.

For tests of the validator and of whatever draws blocks. `BLOCKS` maps a block's type to a
block, `ELEMENTS` an element's type to an element, `RICH_TEXT` holds every kind of formatting,
`VIEWS` one view of each type. `block_around` puts an element into a block that takes it.
"""

from typing import Final

from sandbox.blockkit.example_elements import (
    ELEMENTS,
    IMAGE_URL,
    RICH_TEXT,
    Json,
    mrkdwn,
    plain,
)

__all__ = ["BLOCKS", "ELEMENTS", "PIE", "RICH_TEXT", "VIEWS", "block_around"]

CARD: Final[Json] = {
    "type": "card",
    "block_id": "card",
    "hero_image": ELEMENTS["image"],
    "icon": ELEMENTS["image"],
    "title": mrkdwn("*Ada* could be your mentor"),
    "subtitle": plain("Engineering, Vienna"),
    "body": mrkdwn("Twelve years of databases and of teaching them."),
    "subtext": mrkdwn("Matched on _growth_"),
    "actions": [
        {"type": "button", "text": plain("Accept"), "action_id": "accept", "style": "primary"},
        {"type": "button", "text": plain("Not now"), "action_id": "decline"},
    ],
}

BLOCKS: Final[dict[str, Json]] = {
    "section": {
        "type": "section",
        "block_id": "section",
        "text": mrkdwn("*How was your week?* <https://example.com|Why we ask> :wave:"),
        "fields": [mrkdwn("*Asked by*\nPeople team"), plain("Open until Friday")],
        "accessory": ELEMENTS["button"],
        "expand": True,
    },
    "divider": {"type": "divider", "block_id": "divider"},
    "header": {"type": "header", "block_id": "header", "text": plain("Weekly pulse"), "level": 2},
    "context": {
        "type": "context",
        "block_id": "context",
        "elements": [ELEMENTS["image"], mrkdwn("Nobody sees *your* answer."), plain("Promised.")],
    },
    "actions": {
        "type": "actions",
        "block_id": "actions",
        "elements": [ELEMENTS["button"], ELEMENTS["static_select"], ELEMENTS["datepicker"]],
    },
    "input": {
        "type": "input",
        "block_id": "input",
        "label": plain("Comment"),
        "hint": plain("Names are masked before anybody reads it."),
        "element": ELEMENTS["plain_text_input"],
        "optional": True,
        "dispatch_action": True,
    },
    "image": {
        "type": "image",
        "block_id": "image",
        "slack_file": {"id": "F0000001"},
        "alt_text": "Participation by week",
        "title": plain("Participation"),
    },
    "rich_text": RICH_TEXT,
    "table": {
        "type": "table",
        "block_id": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}],
        "rows": [
            [{"type": "raw_text", "text": "Driver"}, {"type": "raw_text", "text": "Mean"}],
            [
                {"type": "rich_text", "elements": RICH_TEXT["elements"][:1]},
                {"type": "raw_number", "value": 7.25, "text": "7.3"},
            ],
        ],
    },
    "video": {
        "type": "video",
        "block_id": "video",
        "title": plain("How answers are kept private"),
        "title_url": "https://example.com/watch",
        "video_url": "https://example.com/embed/1",
        "thumbnail_url": IMAGE_URL,
        "alt_text": "A short film about privacy",
        "description": plain("Two minutes."),
        "author_name": "People team",
        "provider_name": "Example",
        "provider_icon_url": IMAGE_URL,
    },
    "file": {"type": "file", "block_id": "file", "external_id": "ABCD1", "source": "remote"},
    "alert": {
        "type": "alert",
        "block_id": "alert",
        "text": mrkdwn("This wave *closes* in an hour."),
        "level": "warning",
    },
    "markdown": {
        "type": "markdown",
        "block_id": "markdown",
        "text": "# Results\n\n- **Growth** is up\n- [Details](https://example.com)",
    },
    "context_actions": {
        "type": "context_actions",
        "block_id": "context_actions",
        "elements": [ELEMENTS["feedback_buttons"], ELEMENTS["icon_button"]],
    },
    "card": CARD,
    "carousel": {
        "type": "carousel",
        "block_id": "carousel",
        "elements": [
            CARD,
            {
                "type": "card",
                "title": plain("Grace"),
                "slack_icon": {"type": "icon", "name": "bot"},
            },
        ],
    },
    "container": {
        "type": "container",
        "block_id": "container",
        "title": plain("Design"),
        "subtitle": mrkdwn("Eleven answers"),
        "icon": ELEMENTS["image"],
        "width": "wide",
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [
            {"type": "section", "block_id": "child", "text": mrkdwn("Growth 7.3")},
            {"type": "divider"},
        ],
    },
    "data_visualization": {
        "type": "data_visualization",
        "block_id": "chart",
        "title": "Growth by month",
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": "All",
                    "data": [{"label": "Oct", "value": -1}, {"label": "Nov", "value": 7.25}],
                },
                {
                    "name": "Design",
                    "data": [{"label": "Nov", "value": 6}, {"label": "Oct", "value": 5}],
                },
            ],
            "axis_config": {"categories": ["Oct", "Nov"], "x_label": "Month", "y_label": "Mean"},
        },
    },
    "data_table": {
        "type": "data_table",
        "block_id": "data_table",
        "caption": "Drivers by team",
        "page_size": 10,
        "row_header_column_index": 0,
        "rows": [
            [{"type": "raw_text", "text": "Team"}, {"type": "raw_text", "text": "Mean"}],
            [
                {"type": "raw_text", "text": "Design"},
                {"type": "raw_number", "value": 7, "text": "7.0"},
            ],
            [
                {"type": "rich_text", "elements": RICH_TEXT["elements"][:1]},
                {"type": "raw_number", "value": 6.5, "text": "6.5"},
            ],
        ],
    },
    "task_card": {
        "type": "task_card",
        "block_id": "task_card",
        "task_id": "task-1",
        "title": "Invite the people team",
        "status": "in_progress",
        "details": {"type": "rich_text", "elements": RICH_TEXT["elements"][:1]},
        "output": {"type": "rich_text", "elements": RICH_TEXT["elements"][3:4]},
        "sources": [ELEMENTS["url"]],
    },
    "plan": {
        "type": "plan",
        "block_id": "plan",
        "title": "Setting up",
        "tasks": [
            {"task_id": "task-1", "title": "Invite everybody", "status": "complete"},
            {"type": "task_card", "task_id": "task-2", "title": "Ask", "status": "pending"},
        ],
    },
    "call": {"type": "call", "block_id": "call", "call_id": "R0000001"},
    "auth_provider": {
        "type": "auth_provider",
        "block_id": "auth_provider",
        "value": "directory",
        "name": plain("Directory"),
        "is_connected": True,
        "description": plain("Where teams come from"),
        "icon_url": IMAGE_URL,
        "auth_url": "https://example.com/connect",
        "disconnect_url": "https://example.com/disconnect",
        "connected_identity": plain("ada@example.com"),
        "connected_context": plain("Example Ltd"),
        "accessory": ELEMENTS["overflow"],
        "fallback": [{"type": "divider"}],
    },
}

PIE: Final[Json] = {
    "type": "data_visualization",
    "title": "Who answered",
    "chart": {
        "type": "pie",
        "segments": [{"label": "Answered", "value": 31}, {"label": "Not yet", "value": 9}],
    },
}

VIEWS: Final[dict[str, Json]] = {
    "modal": {
        "type": "modal",
        "callback_id": "new_survey",
        "title": plain("New survey"),
        "submit": plain("Next"),
        "close": plain("Cancel"),
        "private_metadata": "step=1",
        "external_id": "survey-1",
        "clear_on_close": True,
        "notify_on_close": True,
        "blocks": [BLOCKS["header"], BLOCKS["input"], BLOCKS["alert"]],
    },
    "home": {
        "type": "home",
        "callback_id": "home",
        "private_metadata": "tab=home",
        "external_id": "home-1",
        "blocks": [BLOCKS["header"], BLOCKS["section"], BLOCKS["table"]],
    },
}

_TAKEN_BY: Final = {
    "context": ("image",),
    "context_actions": ("feedback_buttons", "icon_button"),
    "task_card": ("url",),
    "actions": ("button", "workflow_button", "overflow"),
}


def block_around(element: Json) -> Json:
    """Return a block that takes the element: an input block unless that does not."""
    places = [name for name, types in _TAKEN_BY.items() if element["type"] in types]
    if not places:
        return {"type": "input", "label": plain("Label"), "element": element}
    if places == ["task_card"]:
        return {**BLOCKS["task_card"], "sources": [element]}
    return {"type": places[0], "elements": [element]}
