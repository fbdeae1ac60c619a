"""Plans what is due, page by page: reads, decides in a thread, stores.

No more is planned than can be sent within minutes, so that each reader's hours are still true when
their message goes out. What stays behind is looked at again by the next run.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from bot.attention.planning import decide, due_now, read_page, store, workspaces_to_plan
from bot.outbox.kinds import Kind, kind_of
from bot.outbox.sending_speed import MESSAGES_PER_MINUTE
from bot.runtime import Runtime
from scheduler.sweeps import run_each

MOST_DUE: Final = 10 * MESSAGES_PER_MINUTE
"""Messages of a workspace that are planned and not sent yet: ten minutes of sending."""


async def plan_due(runtime: Runtime, now: datetime, kinds: Mapping[str, Kind]) -> int:
    """Plan what is to be looked at; return how many messages are due or dropped because of it."""
    async with runtime.reading() as session:
        workspaces = await workspaces_to_plan(session, now)
    plan_workspace = partial(_plan_workspace, runtime, now, kinds)
    return await run_each(runtime, "plan_deliveries", workspaces, plan_workspace)


async def _plan_workspace(
    runtime: Runtime, now: datetime, kinds: Mapping[str, Kind], workspace_id: str
) -> int:
    planned = 0
    while not runtime.stopping.is_set():
        async with runtime.reading() as session:
            if await due_now(session, workspace_id, now) >= MOST_DUE:
                break
            page = await read_page(session, workspace_id, partial(kind_of, kinds), now)
        if not page:
            break
        decisions = await asyncio.to_thread(decide, page, now)
        async with runtime.sessions.begin() as session:
            planned += await store(session, workspace_id, decisions, now)
    return planned
