"""Keeps installations working: tokens that expire, and the workspaces of organisations."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.runtime import Runtime
from bot.slack.client import NETWORK_ERRORS, error_code, make_client
from bot.slack.installations import record_workspaces
from bot.slack.token_rotation import (
    Claim,
    Refreshed,
    claim_refresh,
    due_for_refresh,
    exchange,
    store_refreshed,
)
from models import Organisation
from models.database import is_unavailable
from scheduler.sweeps import Sweep

logger = logging.getLogger(__name__)

READ_EVERY = timedelta(hours=1)
"""Events tell of every change, if the app hears them; this finds the others."""
TRY_AGAIN = timedelta(minutes=1)
STORE_AGAIN_SECONDS = 2.0
PAGE = 200
UNREFRESHED = (
    "the token of %s could not be refreshed (%s): install Attune there again if this line repeats"
)
UNSTORED = (
    "the new token of %s could not be stored yet: keep this process running, or install Attune "
    "there again"
)
UNREAD = (
    "the workspaces of %s could not be read (%s): install Attune for it again if this line repeats"
)


async def _refresh(runtime: Runtime, now: datetime, holder_id: str) -> int:
    async with runtime.sessions.begin() as session:
        claim = await claim_refresh(session, holder_id, now, runtime.wall_clock())
    if claim is None:
        return 0
    # A repeated call would use the refresh token twice.
    client = make_client(runtime.settings.slack_api_url, runtime.http, repeats=False)
    try:
        refreshed = await exchange(client, runtime.settings, claim.refresh_token)
    except (SlackApiError, *NETWORK_ERRORS) as error:
        logger.error(UNREFRESHED, holder_id, _reason(error))
        return 0
    stored = await _store(runtime, claim, refreshed, now)
    runtime.installations.forget_all()
    return int(stored)


async def _store(runtime: Runtime, claim: Claim, refreshed: Refreshed, now: datetime) -> bool:
    """Store a new token, however long the database is away: Slack takes the old one no more."""
    while True:
        try:
            async with runtime.sessions.begin() as session:
                return await store_refreshed(session, claim, refreshed, now)
        except Exception as error:
            if not is_unavailable(error) or runtime.stopping.is_set():
                raise
            logger.error(UNSTORED, claim.id)
            await asyncio.sleep(STORE_AGAIN_SECONDS)


async def _due_organisations(session: AsyncSession, now: datetime) -> list[str]:
    unread = select(Organisation.id).where(
        or_(Organisation.read_at.is_(None), Organisation.read_at <= now - READ_EVERY)
    )
    return sorted(await session.scalars(unread))


async def _read(runtime: Runtime, now: datetime, organisation_id: str) -> int:
    """Ask Slack for which workspaces an organisation installed Attune; record them.

    https://docs.slack.dev/reference/methods/auth.teams.list
    """
    async with runtime.reading() as session:
        organisation = await session.get(Organisation, organisation_id)
    if organisation is None or organisation.bot_token is None:
        return 0
    client = make_client(runtime.settings.slack_api_url, runtime.http, organisation.bot_token)
    try:
        names = await _fetch_workspaces(client)
    except (SlackApiError, *NETWORK_ERRORS) as error:
        logger.error(UNREAD, organisation_id, _reason(error))
        async with runtime.sessions.begin() as session:
            await session.execute(
                update(Organisation)
                .where(Organisation.id == organisation_id)
                .values(read_at=now - READ_EVERY + TRY_AGAIN)
            )
        return 0
    async with runtime.sessions.begin() as session:
        await record_workspaces(
            session,
            organisation_id,
            names,
            runtime.settings,
            now,
            read_before=organisation.read_at,
        )
    runtime.installations.forget_all()
    return 1


async def _fetch_workspaces(client: AsyncWebClient) -> dict[str, str]:
    """Return the names of an organisation's workspaces that let Attune in, by id."""
    names: dict[str, str] = {}
    cursor = ""
    while True:
        page: Any = await client.auth_teams_list(limit=PAGE, cursor=cursor or None)
        names |= {str(team["id"]): str(team.get("name") or "") for team in page["teams"]}
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return names


def _reason(error: Exception) -> str:
    return error_code(error) if isinstance(error, SlackApiError) else type(error).__name__


refresh_tokens = Sweep("refresh_tokens", due_for_refresh, _refresh, calls_slack=True)
read_organisations = Sweep("read_organisations", _due_organisations, _read, calls_slack=True)
