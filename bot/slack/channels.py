"""Asks Slack whether Attune may post in a channel: at a digest's set-up and before each post."""

from enum import StrEnum
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import error_code

CANNOT_TELL: Final = ("unknown_method", "ratelimited")


class Obstacle(StrEnum):
    """Why Attune may not post in a channel, in Slack's terms."""

    NOT_A_MEMBER = "not_in_channel"
    ARCHIVED = "is_archived"
    SHARED = "is_ext_shared"
    """People of another organisation can read the channel, or were invited to it."""
    UNSEEN = "missing_scope"
    """A private channel, and `groups:read` was not granted: nobody can tell who reads it."""


async def obstacle_in(client: AsyncWebClient, channel_id: str) -> Obstacle | None:
    """Return why Attune may not post in a channel; None if it may, or if the server can't tell.

    Slack hides a private channel that Attune is not in. Raises SlackApiError.
    https://docs.slack.dev/reference/objects/conversation-object
    """
    try:
        found = await client.conversations_info(channel=channel_id)
    except SlackApiError as error:
        if error_code(error) == "channel_not_found":
            return Obstacle.NOT_A_MEMBER
        if error_code(error) == Obstacle.UNSEEN:
            return Obstacle.UNSEEN
        if error_code(error) in CANNOT_TELL:
            return None
        raise
    channel = found["channel"]
    if channel.get("is_archived"):
        return Obstacle.ARCHIVED
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return Obstacle.SHARED
    return None if channel.get("is_member", True) else Obstacle.NOT_A_MEMBER
