"""What people who are brought together need of Slack: a group DM, and a file in it.

If Slack refuses for good, they give up. Anything else raises, and the next run tries again.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.runtime import Runtime
from bot.slack.client import NETWORK_ERRORS, error_code
from bot.slack.post_errors import Outcome, outcome_of
from scheduler.paced_client import METHOD_REFUSALS, PacedClient, SlackSilentError, paced_client

PeopleOf = Callable[[AsyncSession, str, str], Awaitable[tuple[str, ...]]]
"""Returns the people of a unit: a workspace, and a match, coffee group or blocker of it."""
Introduce = Callable[[AsyncSession, str, str, str | None, datetime], Awaitable[bool]]
"""Enqueues the introduction, for a group DM or, without one, for each of the people."""


class NotSharedError(Exception):
    """A file was certainly not shared, and may be later; the message is Slack's code."""


async def introduce_in_group(
    people_of: PeopleOf,
    introduce: Introduce,
    runtime: Runtime,
    now: datetime,
    unit: tuple[str, str],
) -> int:
    """Open a group DM for the people of a unit, and introduce them to each other in it."""
    client = await paced_client(runtime, unit[0])
    if client is None:
        return 0
    async with runtime.sessions.begin() as session:
        people = await people_of(session, *unit)
    channel = await open_group(client, people)
    async with runtime.sessions.begin() as session:
        return int(await introduce(session, *unit, channel, now))


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
