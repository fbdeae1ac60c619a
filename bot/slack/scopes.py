"""The scopes that Attune asks for, as in manifest.json; docs/operators/slack.md says why."""

from typing import Final

NEEDED: Final = (
    "channels:read",
    "chat:write",
    "commands",
    "dnd:read",
    "im:write",
    "users:read",
    "users:read.email",
)
OPTIONAL: Final = {
    "files:read": "HR's file of people can't be uploaded in Slack; the command on the server still "
    "reads it",
    "files:write": "`/pulse my-data` comes as messages instead of a file, the heat map has no "
    "picture, and new mentoring pairs get no calendar invitation",
    "groups:read": "private channels can neither be asked nor get a digest or alerts",
    "im:history": "a message whose fate a crash hides is not sent again, messages restored from a "
    "backup are not sent, and nobody who writes to Attune gets help",
    "mpim:write": "mentoring pairs and coffee groups are introduced to each other without a group "
    "message",
    "usergroups:read": "surveys can't be sent to user groups, and teams can't come from them",
    "users.profile:read": "teams can't come from a field of people's profiles",
}
"""Scopes that whoever installs Attune may refuse, with what does not work without them.

https://docs.slack.dev/changelog/2026/03/16/optional-scopes
"""
BOT_SCOPES: Final = tuple(sorted([*NEEDED, *OPTIONAL]))
