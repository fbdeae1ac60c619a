"""Reads the directory again."""

from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.slack_directory import sync_directory
from bot.people.token_notice import record_recovery
from bot.runtime import Runtime
from bot.slack.client import error_code
from bot.slack.post_errors import TOKEN_REFUSALS
from models import Workspace
from scheduler.paced_client import paced_client
from scheduler.sweeps import Sweep

SYNC_EVERY = timedelta(days=1)
"""Events tell of every change; the daily sync finds those that were missed."""


async def _due_workspaces(session: AsyncSession, now: datetime) -> list[str]:
    """Return workspaces that are new, or whose directory was last read a day ago.

    If Slack refused the token, this job also tries it again: other jobs leave the workspace alone.
    """
    working = Workspace.token_refused_at.is_(None)
    # Each alternative reads an index of its own.
    due = select(Workspace.id).where(
        or_(
            and_(working, Workspace.synced_at.is_(None)),
            and_(working, Workspace.synced_at <= now - SYNC_EVERY),
            Workspace.token_retry_at <= now,
        )
    )
    return sorted(await session.scalars(due))


async def _sync(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    client = await paced_client(runtime, workspace_id)
    if client is None:
        return 0
    try:
        await sync_directory(client, runtime.sessions, runtime.settings, workspace_id, lambda: now)
    except SlackApiError as error:
        if error_code(error) not in TOKEN_REFUSALS:
            raise
        await runtime.installations.record_refusal(workspace_id, client.token, error_code(error))
        return 0
    async with runtime.sessions.begin() as session:
        if await record_recovery(session, workspace_id, now):
            runtime.installations.forget_cached(workspace_id)
    return 1


sync_people = Sweep("sync_people", _due_workspaces, _sync, calls_slack=True)
