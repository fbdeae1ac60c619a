"""A sample of every block and element that the sandbox knows."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


GROWTH: Json = {"text": plain("Growth"), "value": "growth", "description": plain("Learning")}
WORKLOAD: Json = {"text": plain("Workload"), "value": "workload"}
OPTIONS = [GROWTH, WORKLOAD]
CONFIRM = {
    "title": plain("Close it?"),
    "text": mrkdwn("For *everybody*."),
    "confirm": plain("Close"),
    "deny": plain("Keep"),
}
IMAGE: Json = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A picture"}

_ELEMENTS: tuple[Json, ...] = (
    {
        "type": "button",
        "text": plain("Open"),
        "value": "1",
        "style": "primary",
        "url": "https://example.com",
        "accessibility_label": "Open the page",
        "confirm": CONFIRM,
    },
    {"type": "overflow", "options": [WORKLOAD | {"url": "https://example.com"}]},
    {"type": "checkboxes", "options": OPTIONS, "initial_options": [WORKLOAD]},
    {"type": "radio_buttons", "options": OPTIONS, "initial_option": GROWTH},
    {"type": "datepicker", "initial_date": "2026-12-01", "placeholder": plain("Day")},
    {"type": "timepicker", "initial_time": "09:30"},
    {
        "type": "plain_text_input",
        "initial_value": "A good week.",
        "multiline": True,
        "min_length": 1,
        "max_length": 100,
        "focus_on_load": True,
        "placeholder": plain("Your words"),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    },
    {
        "type": "number_input",
        "is_decimal_allowed": True,
        "initial_value": "4",
        "min_value": "1.5",
        "max_value": "10",
    },
    {"type": "file_input", "filetypes": ["csv"], "max_files": 1},
    {"type": "static_select", "options": OPTIONS, "initial_option": GROWTH},
    {
        "type": "multi_static_select",
        "option_groups": [{"label": plain("Drivers"), "options": OPTIONS}],
        "initial_options": [WORKLOAD],
        "max_selected_items": 2,
    },
    {"type": "external_select", "min_query_length": 2},
    {"type": "multi_external_select", "initial_options": [GROWTH]},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "channels_select", "initial_channel": "C1"},
    {"type": "multi_channels_select", "initial_channels": ["C1"]},
    {"type": "conversations_select", "filter": {"include": ["public", "private"]}},
    {"type": "multi_conversations_select", "initial_conversations": ["C1"]},
)
ELEMENTS = {one["type"]: one | {"action_id": one["type"]} for one in _ELEMENTS}


def series(name: str, *values: float) -> Json:
    points = zip(("Oct", "Nov"), values, strict=True)
    return {"name": name, "data": [{"label": label, "value": value} for label, value in points]}


PIE: Json = {
    "type": "data_visualization",
    "title": "Answered",
    "chart": {
        "type": "pie",
        "segments": [{"label": "Answered", "value": 31}, {"label": "Open", "value": 9}],
    },
}
TEXT = {"type": "text", "text": "Hello ", "style": {"bold": True, "italic": True}}
LINK = {"type": "link", "url": "https://example.com", "text": "a link"}
PARTS = [TEXT, LINK, {"type": "user", "user_id": "U1"}, {"type": "broadcast", "range": "here"}]
SECTION = {"type": "rich_text_section", "elements": PARTS}
BUTTON = {"type": "button", "text": plain("See"), "action_id": "see"}
CARD: Json = {
    "type": "card",
    "hero_image": IMAGE,
    "title": mrkdwn("*Growth* is up"),
    "subtitle": plain("By 4 points"),
    "body": plain("In three teams."),
    "subtext": plain("Since May"),
    "actions": [BUTTON],
}
_BLOCKS: tuple[Json, ...] = (
    {
        "type": "section",
        "block_id": "section",
        "text": mrkdwn("Open until *Friday*"),
        "fields": [plain("One"), plain("Two")],
        "accessory": IMAGE,
    },
    {"type": "divider"},
    {"type": "header", "text": plain("Results"), "level": 2},
    {"type": "context", "elements": [IMAGE, mrkdwn("Nobody sees your answer.")]},
    {"type": "actions", "elements": [ELEMENTS["button"], ELEMENTS["static_select"]]},
    {
        "type": "input",
        "label": plain("Your week"),
        "hint": plain("A sentence is enough."),
        "element": ELEMENTS["plain_text_input"],
    },
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A chart", "title": plain("T")},
    {"type": "file", "external_id": "report", "source": "remote"},
    {
        "type": "rich_text",
        "elements": [
            SECTION,
            {"type": "rich_text_list", "style": "bullet", "elements": [SECTION]},
            {"type": "rich_text_quote", "elements": [TEXT]},
            {"type": "rich_text_preformatted", "elements": [TEXT]},
        ],
    },
    {"type": "alert", "text": plain("It closes in an hour."), "level": "warning"},
    CARD,
    {"type": "carousel", "elements": [CARD, CARD]},
    {
        "type": "data_visualization",
        "title": "Growth",
        "chart": {
            "type": "line",
            "series": [series("All", -1, 7.25), series("Design", 5, 6)],
            "axis_config": {
                "categories": ["Oct", "Nov"],
                "x_label": "Month",
                "y_label": "Score",
            },
        },
    },
    {
        "type": "data_table",
        "caption": "Teams",
        "row_header_column_index": 0,
        "rows": [
            [{"type": "raw_text", "text": "Team"}, {"type": "raw_text", "text": "Score"}],
            [
                {"type": "raw_text", "text": "Design"},
                {"type": "raw_number", "value": 4, "text": "4.0"},
            ],
        ],
    },
)
BLOCKS = {block["type"]: block for block in _BLOCKS}


def block_around(element: Json) -> Json:
    """Return a block that may hold an element: input where it can, else actions or context."""
    if element["type"] in {"button", "overflow"}:
        return {"type": "actions", "elements": [element]}
    if element["type"] == "image":
        return {"type": "context", "elements": [element]}
    return {"type": "input", "label": plain("Label"), "element": element}
