"""What has been kept long enough is erased."""

from datetime import datetime
from functools import partial

from bot.house import House
from bot.rights import retention
from bot.slack.replays import forget_requests
from scheduler.units import each


async def apply_retention(house: House, now: datetime) -> int:
    """Erase old comments, messages and drafts, and people who left, in each workspace."""
    async with house.sessions.begin() as session:
        # By the clock that requests are stamped with, whatever `now` a scheduler was given.
        requests = await forget_requests(session, house.wall_clock())
        workspaces = await retention.all_workspaces(session)
    kept = await each(house, "retention", workspaces, partial(_retain, house, now))
    return requests + kept


async def _retain(house: House, now: datetime, workspace_id: str) -> int:
    months = house.settings.attune_retention_months
    async with house.sessions.begin() as session:
        return await retention.keep_no_longer(session, workspace_id, months, now)


async def erase_uninstalled(house: House, now: datetime) -> int:
    """Erase workspaces that removed Attune a month ago."""
    async with house.reading() as session:
        workspaces = await retention.uninstalled_workspaces(session, now)
    return await each(house, "erasing a workspace", workspaces, partial(_erase, house, now))


async def _erase(house: House, now: datetime, workspace_id: str) -> int:
    async with house.sessions.begin() as session:
        return await retention.erase_workspace(session, workspace_id, now)
