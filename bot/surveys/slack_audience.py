"""Reads the members of a channel or user group from Slack."""

from collections.abc import AsyncIterator
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError
from bot.languages import _, marked
from bot.people.pure.team_reading import NamedChoice
from bot.people.teams.slack_reading import fetch_groups
from bot.slack.client import error_code, retry_after

MEMBERS_PAGE = 999
"""conversations.members returns fewer than 1,000 members at once."""

NOT_IN_CHANNEL = marked(
    "I can't see who is in this channel. Write /invite @Attune in it, then try again."
)
NO_SUCH_GROUP = marked("This user group no longer exists. Please choose another audience.")
NO_GROUPS = marked("I can't read user groups in this workspace. Please choose another audience.")
NO_CHANNELS = marked("I can't read channels in this workspace. Please choose another audience.")
SLACK_IS_BUSY = marked(
    "Slack is busy and didn't tell me who is in it. Please try again in a minute."
)
UNREADABLE = marked(
    "Slack didn't tell me who is in it. Please try again, or choose another audience."
)

_SENTENCES = {
    "not_in_channel": NOT_IN_CHANNEL,
    "channel_not_found": NOT_IN_CHANNEL,
    "no_such_subteam": NO_SUCH_GROUP,
    "subteam_not_found": NO_SUCH_GROUP,
}
_LACKING = frozenset(
    {"unknown_method", "missing_scope", "plan_upgrade_required", "paid_teams_only"}
)


class AudienceUnreadableError(UserError):
    """Slack didn't return the members of a channel or user group; the text says what to do."""


async def fetch_members(
    client: AsyncWebClient, audience: str, audience_ref: str | None
) -> set[str] | None:
    """Return the Slack ids in a channel or user group; None for everyone and for a team.

    Raises AudienceUnreadableError if Slack refuses.
    https://docs.slack.dev/reference/methods/conversations.members
    https://docs.slack.dev/reference/methods/usergroups.users.list
    """
    try:
        if audience == "channel":
            return {member async for member in _channel_members(client, audience_ref or "")}
        if audience == "usergroup":
            answer = await client.usergroups_users_list(usergroup=audience_ref or "")
            return set(answer["users"])
    except SlackApiError as error:
        raise AudienceUnreadableError(_sentence(error, audience)) from error
    return None


async def fetch_user_groups(client: AsyncWebClient) -> list[NamedChoice]:
    """Return the workspace's user groups by name; none if its plan has none."""
    try:
        return await fetch_groups(client)
    except SlackApiError as error:
        if error_code(error) in _LACKING:
            return []
        raise AudienceUnreadableError(_sentence(error, "usergroup")) from error


async def _channel_members(client: AsyncWebClient, channel: str) -> AsyncIterator[str]:
    cursor = ""
    while True:
        page: Any = await client.conversations_members(
            channel=channel, limit=MEMBERS_PAGE, cursor=cursor or None
        )
        for member in page["members"]:
            yield str(member)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _sentence(error: SlackApiError, audience: str) -> str:
    if retry_after(error) is not None:
        return _(SLACK_IS_BUSY)
    code = error_code(error)
    if code in _LACKING:
        return _(NO_CHANNELS) if audience == "channel" else _(NO_GROUPS)
    return _(_SENTENCES.get(code, UNREADABLE))
