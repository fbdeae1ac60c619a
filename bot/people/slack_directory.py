"""Reads the whole directory from Slack, a page at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.people import roles, service
from bot.people.pure.directory import Person, person_from_slack
from bot.people.service import SyncResult
from bot.settings import Settings
from bot.slack.client import patiently
from models.database import Sessions

logger = logging.getLogger(__name__)

PAGE: Final = 200
"""Slack's recommended maximum (https://docs.slack.dev/apis/web-api/pagination)."""

Sleep = Callable[[float], Awaitable[None]]


async def sync_directory(
    client: AsyncWebClient,
    sessions: Sessions,
    settings: Settings,
    workspace_id: str,
    clock: Clock,
) -> SyncResult:
    """Read the directory of a workspace and store it; ATTUNE_ADMINS become its first HR admins.

    Raises SlackApiError, and stores nothing, if Slack refuses the directory.
    """
    now = clock()
    people = await fetch_people(client, workspace_id, settings.attune_allow_guests)
    async with sessions.begin() as session:
        result = await service.sync_people(
            session, workspace_id, people, now, settings.attune_admins
        )
        if not await roles.has_admin(session, workspace_id):
            logger.warning(
                "%s has no HR admin: name employees of it in ATTUNE_ADMINS", workspace_id
            )
    return result


async def fetch_people(
    client: AsyncWebClient,
    workspace_id: str,
    allow_guests: bool,
    sleep: Sleep = asyncio.sleep,
) -> list[Person]:
    """Return everybody in the directory, including bots and people who left.

    Waits as long as Slack asks at its limit of 20 pages a minute. Raises SlackApiError for other
    refusals, so that half a directory never counts as the whole.
    https://docs.slack.dev/reference/methods/users.list
    """
    people: list[Person] = []
    cursor = ""
    while True:
        page = await _page(client, cursor, sleep)
        people += [
            person_from_slack(user, workspace_id, allow_guests=allow_guests)
            for user in page["members"]
        ]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return people


async def _page(client: AsyncWebClient, cursor: str, sleep: Sleep) -> Any:
    return await patiently(
        lambda: client.users_list(limit=PAGE, cursor=cursor or None, include_locale=True), sleep
    )
