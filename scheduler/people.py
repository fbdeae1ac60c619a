"""The directory is read anew."""

from datetime import datetime, timedelta
from functools import partial

from slack_sdk.errors import SlackApiError
from sqlalchemy import and_, or_, select

from bot.people.reconnection import record_recovery
from bot.people.slack_directory import sync_directory
from bot.runtime import Runtime
from bot.slack.client import error_code
from bot.slack.post_errors import TOKEN_REFUSALS
from models import Workspace
from scheduler.paced import paced_client
from scheduler.units import run_each_workspace

SYNC_EVERY = timedelta(days=1)
"""Events tell of every change; the daily sync catches those that were missed."""


async def sync_people(runtime: Runtime, now: datetime) -> int:
    """Read the directory of workspaces that are new, or were last read a day ago.

    Where Slack refused the token this also tries it again: other jobs leave the workspace alone.
    """
    due = select(Workspace.id).where(
        or_(
            and_(
                Workspace.token_refused_at.is_(None),
                or_(Workspace.synced_at.is_(None), Workspace.synced_at <= now - SYNC_EVERY),
            ),
            Workspace.token_retry_at <= now,
        )
    )
    async with runtime.reading() as session:
        workspaces = list(await session.scalars(due.order_by(Workspace.id)))
    return await run_each_workspace(
        runtime, "syncing people", workspaces, partial(_sync, runtime, now)
    )


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
