"""May Attune post in a channel? Slack is asked at the set-up of a digest and before each post."""

from enum import StrEnum
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import error_code

CANNOT_TELL: Final = ("unknown_method", "missing_scope", "ratelimited")


class Obstacle(StrEnum):
    """Why nothing may be posted in a channel, named as Slack names it."""

    NOT_A_MEMBER = "not_in_channel"
    ARCHIVED = "is_archived"
    SHARED = "is_ext_shared"
    """People of another organisation read along, or were invited to."""


def is_channel(recipient: str) -> bool:
    """Tell whether a message goes to a channel, not to a person or a direct message."""
    return recipient.startswith(("C", "G"))


async def obstacle_in(client: AsyncWebClient, channel_id: str) -> Obstacle | None:
    """Return why Attune may not post in a channel, or None; a server that cannot tell is believed.

    A private channel that Attune is not in does not exist for it. Raises SlackApiError.
    https://docs.slack.dev/reference/objects/conversation-object
    """
    try:
        found = await client.conversations_info(channel=channel_id)
    except SlackApiError as error:
        if error_code(error) == "channel_not_found":
            return Obstacle.NOT_A_MEMBER
        if error_code(error) in CANNOT_TELL:
            return None
        raise
    channel = found["channel"]
    if channel.get("is_archived"):
        return Obstacle.ARCHIVED
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return Obstacle.SHARED
    return None if channel.get("is_member", True) else Obstacle.NOT_A_MEMBER
