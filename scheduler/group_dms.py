"""What mentoring asks of Slack beyond messages: a group DM, and a file in it.

If Slack refuses for good, they give up. Anything else raises, and the next run tries again.
"""

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.client import NETWORK_ERRORS, error_code
from bot.slack.post_errors import Outcome, outcome_of
from scheduler.paced_client import METHOD_REFUSALS, PacedClient, SlackSilentError


class NotSharedError(Exception):
    """A file was certainly not shared, and may be later; the message is Slack's code."""


async def open_group(client: PacedClient, people: tuple[str, ...]) -> str | None:
    """Open a group DM, or find the one that these people have; None if there can be none.

    https://docs.slack.dev/reference/methods/conversations.open
    """
    try:
        opened = await client.conversations_open(users=list(people))
    except SlackApiError as error:
        if not is_refused_for_good(error):
            raise
        return None
    return str(opened["channel"]["id"])


async def share_file(
    client: PacedClient,
    http: aiohttp.ClientSession,
    channel: str,
    name: str,
    title: str,
    content: bytes,
) -> None:
    """Share a file in a channel, at most once.

    Raises NotSharedError or SlackBusyError if it is certainly not shared and may be tried again.

    Also returns if Slack refuses for good, or if the file may have been shared: then it is not
    shared again.

    https://docs.slack.dev/messaging/working-with-files#upload
    """
    try:
        place = await client.files_getUploadURLExternal(filename=name, length=len(content))
        async with http.post(place["upload_url"], data=content) as uploaded:
            uploaded.raise_for_status()
    except (SlackApiError, SlackSilentError, *NETWORK_ERRORS) as error:
        # An upload that is never completed is shown to nobody.
        _raise_unless_final(error)
        return
    try:
        files = [{"id": place["file_id"], "title": title}]
        await client.files_completeUploadExternal(files=files, channel_id=channel)
    except (SlackApiError, SlackSilentError) as error:
        cause = error.cause if isinstance(error, SlackSilentError) else error
        if outcome_of(cause) is not Outcome.UNKNOWN:
            _raise_unless_final(error)


def is_refused_for_good(error: Exception) -> bool:
    """Return whether Slack will refuse the same call every time."""
    if not isinstance(error, SlackApiError):
        return False
    of_these_people = outcome_of(error) in (Outcome.MESSAGE_REFUSED, Outcome.REFUSED_FOR_NOW)
    # The server lacks the method, or the installation the right to it: another try is no use.
    return of_these_people or error_code(error) in METHOD_REFUSALS


def _raise_unless_final(error: Exception) -> None:
    if not is_refused_for_good(error):
        code = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        raise NotSharedError(code) from None
