"""Prepares newcomers' first days, introduces buddies, and thanks leavers."""

from datetime import datetime
from functools import partial

from bot.journeys.welcome import introductions, preparing
from bot.runtime import Runtime
from scheduler.group_dms import introduce_in_group
from scheduler.sweeps import Sweep


async def _prepare(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    """Read and decide without the lock of writers, then store."""
    async with runtime.reading() as session:
        work = await preparing.read_work(session, workspace_id, now)
    if not work:
        return 0
    async with runtime.sessions.begin() as session:
        return await preparing.store_work(session, workspace_id, work, now)


prepare_welcomes = Sweep("prepare_welcomes", preparing.workspaces, _prepare)
introduce_buddies = Sweep(
    "introduce_buddies",
    introductions.welcomes_to_introduce,
    partial(introduce_in_group, introductions.people_of_welcome, introductions.introduce),
    calls_slack=True,
)
