"""Lets helpers go who are silent or gone, introduces those who help, and asks once a week."""

from datetime import datetime
from functools import partial

from bot.blockers import settling, weekly
from bot.runtime import Runtime
from scheduler.group_dms import introduce_in_group
from scheduler.sweeps import Sweep, in_one_transaction


async def _ask(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    """Queue the weekly question in parts, so that presses get their turn."""
    async with runtime.reading() as session:
        people = await weekly.people_to_ask(session, workspace_id)
    for start in range(0, len(people), weekly.AT_ONCE):
        part = people[start : start + weekly.AT_ONCE]
        async with runtime.sessions.begin() as session:
            await weekly.queue_checks(session, workspace_id, part, now)
    async with runtime.sessions.begin() as session:
        return await weekly.plan_next(session, workspace_id, now)


settle_blockers = Sweep(
    "settle_blockers", settling.due_blockers, in_one_transaction(settling.settle)
)
introduce_helpers = Sweep(
    "introduce_helpers",
    lambda session, _now: settling.to_introduce(session),
    partial(introduce_in_group, settling.people_of, settling.introduce),
    calls_slack=True,
)
ask_weekly = Sweep("ask_weekly", weekly.due_checks, _ask)
