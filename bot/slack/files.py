"""Files that Attune sends to one person.

https://docs.slack.dev/messaging/working-with-files
"""

from typing import Final

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import NETWORK_ERRORS

NO_FILES: Final = (SlackClientError, *NETWORK_ERRORS)
"""What an upload raises on a server that has no files, or doesn't let us send any."""
MISSING_SCOPE: Final = ("missing_scope", "not_allowed_token_type")
"""Slack's errors where the scope `files:write` is missing."""


async def send_file(
    client: AsyncWebClient,
    user_id: str,
    content: str | bytes,
    *,
    filename: str,
    title: str,
    comment: str,
    alt_text: str | None = None,
) -> None:
    """Upload a file into a person's conversation with Attune; raise one of `NO_FILES` if refused.

    `comment` is mrkdwn above it; `alt_text` describes a picture.
    """
    opened = await client.conversations_open(users=user_id)
    await client.files_upload_v2(
        channel=opened["channel"]["id"],
        filename=filename,
        title=title,
        content=content,
        initial_comment=comment,
        alt_txt=alt_text,
    )
