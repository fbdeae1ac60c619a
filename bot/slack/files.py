"""Files that Attune sends to one person.

https://docs.slack.dev/messaging/working-with-files
"""

from typing import Final

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import NETWORK_ERRORS

NO_FILES: Final = (SlackClientError, *NETWORK_ERRORS)
"""What an upload raises on a server that has no files, or doesn't let us send any."""
SLACK_FILES: Final = "https://files.slack.com/"
OK: Final = 200
MISSING_SCOPE: Final = ("missing_scope", "not_allowed_token_type")
"""Slack's errors where the scope `files:write` is missing."""


class FileUnreadableError(Exception):
    """A file can't be read; the text says why, in a word for the log."""


async def read_uploaded(client: AsyncWebClient, url: str, most: int) -> bytes:
    """Return the content of a file that somebody uploaded in a form, of at most `most` bytes.

    `url` is its `url_private_download`. Raises FileUnreadableError; Slack answers with its sign-in
    page where the scope `files:read` is missing.
    https://docs.slack.dev/reference/objects/file-object/#authentication
    """
    ours = client.base_url.removesuffix("api/")
    # The token goes to Slack's servers only.
    if client.session is None or not url.startswith((SLACK_FILES, ours)):
        raise FileUnreadableError("address")
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with client.session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status != OK or answer.content_type == "text/html":
                raise FileUnreadableError(f"status {answer.status}")
            content = await answer.content.read(most + 1)
            while len(content) <= most and (more := await answer.content.read(most)):
                content += more
    except NETWORK_ERRORS as error:
        raise FileUnreadableError(type(error).__name__) from error
    if len(content) > most:
        raise FileUnreadableError("size")
    return content


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
