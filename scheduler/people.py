"""The directory is read anew."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import or_, select

from bot.house import House
from bot.people.slack_directory import sync_directory
from models import Workspace
from scheduler.paced import paced_client
from scheduler.units import each_workspace

SYNC_EVERY = timedelta(days=1)
"""Events tell of every change; the daily sync catches those that were missed."""


async def sync_people(house: House, now: datetime) -> int:
    """Read the directory of workspaces that are new, or were last read a day ago."""
    due = select(Workspace.id).where(
        or_(Workspace.synced_at.is_(None), Workspace.synced_at <= now - SYNC_EVERY)
    )
    async with house.reading() as session:
        workspaces = list(await session.scalars(due.order_by(Workspace.id)))
    return await each_workspace(house, "syncing people", workspaces, partial(_sync, house, now))


async def _sync(house: House, now: datetime, workspace_id: str) -> int:
    client = await paced_client(house, workspace_id)
    if client is None:
        return 0
    await sync_directory(client, house.sessions, house.settings, workspace_id, lambda: now)
    return 1
