"""The elements of `examples`, in a file of their own for its length."""

from typing import Any, Final

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Return a `plain_text` object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    """Return a `mrkdwn` object."""
    return {"type": "mrkdwn", "text": text, "verbatim": False}


def option(text: str, value: str) -> Json:
    """Return an option of a menu."""
    return {"text": plain(text), "value": value, "description": plain(f"About {text}")}


CONFIRM: Final[Json] = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("This closes the survey for *everybody*."),
    "confirm": plain("Close it"),
    "deny": plain("Keep it open"),
    "style": "danger",
}

MONTHLY: Final = option("Monthly", "monthly")
WEEKLY: Final = option("Weekly", "weekly")
TEAM_GROUPS: Final[list[Json]] = [
    {"label": plain("Product"), "options": [option("Design", "T1"), option("Research", "T2")]},
    {"label": plain("Operations"), "options": [option("People", "T3")]},
]
CHOICES: Final[list[Json]] = [
    {"text": mrkdwn("*Workload*"), "value": "workload", "description": mrkdwn("Fair or _not_")},
    {"text": mrkdwn("*Growth*"), "value": "growth"},
]
IMAGE_URL: Final = "https://example.com/garden.png"

RICH_TEXT: Final[Json] = {
    "type": "rich_text",
    "block_id": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Hello ", "style": {"bold": True, "italic": True}},
                {"type": "user", "user_id": "U0000001"},
                {"type": "emoji", "name": "wave", "unicode": "1f44b"},
                {"type": "text", "text": " code", "style": {"code": True, "strike": True}},
                {"type": "link", "url": "https://example.com/a?b=1&c=2", "text": "a link"},
                {"type": "channel", "channel_id": "C0000001"},
                {"type": "usergroup", "usergroup_id": "S0000001"},
                {"type": "team", "team_id": "T0000001"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#F405B3"},
                {
                    "type": "date",
                    "timestamp": 1796122800,
                    "format": "{date_long} at {time}",
                    "fallback": "1 December 2026",
                },
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "border": 0,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "second"}]},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "offset": 2,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "third"}]}
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "A quotation"}]},
        {
            "type": "rich_text_preformatted",
            "border": 1,
            "elements": [{"type": "text", "text": "x = 1\ny = 2"}],
        },
    ],
}

ELEMENTS: Final[dict[str, Json]] = {
    "button": {
        "type": "button",
        "text": plain("Close the survey"),
        "action_id": "close",
        "value": "survey-1",
        "style": "danger",
        "confirm": CONFIRM,
        "accessibility_label": "Close the survey for everybody",
    },
    "workflow_button": {
        "type": "workflow_button",
        "text": plain("Run the workflow"),
        "action_id": "run",
        "style": "primary",
        "workflow": {
            "trigger": {
                "url": "https://slack.com/shortcuts/Ft0123ABC456/321abc",
                "customizable_input_parameters": [{"name": "team", "value": "Design"}],
            }
        },
    },
    "checkboxes": {
        "type": "checkboxes",
        "action_id": "drivers",
        "options": CHOICES,
        "initial_options": [CHOICES[0]],
    },
    "radio_buttons": {
        "type": "radio_buttons",
        "action_id": "driver",
        "options": CHOICES,
        "initial_option": CHOICES[1],
    },
    "overflow": {
        "type": "overflow",
        "action_id": "more",
        "options": [
            {"text": plain("Pause"), "value": "pause"},
            {"text": plain("Help"), "value": "help", "url": "https://example.com/help"},
        ],
        "confirm": CONFIRM,
    },
    "datepicker": {
        "type": "datepicker",
        "action_id": "day",
        "initial_date": "2026-12-01",
        "placeholder": plain("Pick a day"),
    },
    "timepicker": {
        "type": "timepicker",
        "action_id": "time",
        "initial_time": "09:30",
        "timezone": "Europe/Vienna",
        "placeholder": plain("Pick a time"),
    },
    "datetimepicker": {
        "type": "datetimepicker",
        "action_id": "moment",
        "initial_date_time": 1796122800,
    },
    "plain_text_input": {
        "type": "plain_text_input",
        "action_id": "comment",
        "multiline": True,
        "min_length": 1,
        "max_length": 3000,
        "initial_value": "It was a good week.",
        "placeholder": plain("What should we know?"),
        "focus_on_load": True,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    },
    "email_text_input": {
        "type": "email_text_input",
        "action_id": "email",
        "initial_value": "ada@example.com",
        "placeholder": plain("name@example.com"),
    },
    "url_text_input": {
        "type": "url_text_input",
        "action_id": "link",
        "initial_value": "https://example.com",
        "placeholder": plain("https://"),
    },
    "number_input": {
        "type": "number_input",
        "action_id": "people",
        "is_decimal_allowed": True,
        "min_value": "-1.5",
        "initial_value": "4",
        "max_value": "10",
        "placeholder": plain("How many?"),
    },
    "rich_text_input": {
        "type": "rich_text_input",
        "action_id": "story",
        "placeholder": plain("Tell it with formatting"),
        "initial_value": {"type": "rich_text", "elements": RICH_TEXT["elements"]},
        "min_lines": 2,
        "max_lines": 8,
    },
    "file_input": {
        "type": "file_input",
        "action_id": "people_file",
        "filetypes": ["csv"],
        "max_files": 1,
    },
    "static_select": {
        "type": "static_select",
        "action_id": "cadence",
        "placeholder": plain("How often?"),
        "options": [WEEKLY, MONTHLY],
        "initial_option": MONTHLY,
    },
    "multi_static_select": {
        "type": "multi_static_select",
        "action_id": "teams",
        "placeholder": plain("Which teams?"),
        "option_groups": TEAM_GROUPS,
        "initial_options": [TEAM_GROUPS[1]["options"][0]],
        "max_selected_items": 3,
    },
    "external_select": {
        "type": "external_select",
        "action_id": "question",
        "placeholder": plain("Search the bank"),
        "initial_option": WEEKLY,
        "min_query_length": 2,
    },
    "multi_external_select": {
        "type": "multi_external_select",
        "action_id": "questions",
        "placeholder": plain("Search the bank"),
        "initial_options": [WEEKLY],
        "min_query_length": 0,
        "max_selected_items": 5,
    },
    "users_select": {
        "type": "users_select",
        "action_id": "person",
        "placeholder": plain("Who?"),
        "initial_user": "U0000001",
    },
    "multi_users_select": {
        "type": "multi_users_select",
        "action_id": "admins",
        "placeholder": plain("Who?"),
        "initial_users": ["U0000001", "U0000002"],
    },
    "channels_select": {
        "type": "channels_select",
        "action_id": "channel",
        "placeholder": plain("Where?"),
        "initial_channel": "C0000001",
    },
    "multi_channels_select": {
        "type": "multi_channels_select",
        "action_id": "channels",
        "placeholder": plain("Where?"),
        "initial_channels": ["C0000001"],
    },
    "conversations_select": {
        "type": "conversations_select",
        "action_id": "conversation",
        "placeholder": plain("Where?"),
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    },
    "multi_conversations_select": {
        "type": "multi_conversations_select",
        "action_id": "conversations",
        "placeholder": plain("Where?"),
        "initial_conversations": ["C0000001"],
        "filter": {"exclude_external_shared_channels": True},
    },
    "feedback_buttons": {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Helpful"), "value": "yes"},
        "negative_button": {
            "text": plain("Not helpful"),
            "value": "no",
            "accessibility_label": "Say that this was not helpful",
        },
    },
    "icon_button": {
        "type": "icon_button",
        "action_id": "delete",
        "icon": "trash",
        "text": plain("Delete"),
        "confirm": CONFIRM,
    },
    "image": {"type": "image", "image_url": IMAGE_URL, "alt_text": "A garden in spring"},
    "url": {"type": "url", "url": "https://example.com/handbook", "text": "Handbook"},
}
