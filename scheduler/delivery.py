"""What is due is sent: who writes which message, and the job that has all workspaces served."""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from bot.digest.messages import compose_digest, compose_notice
from bot.house import House
from bot.pulse.messages import compose_question, compose_reminder
from bot.slack import deliveries
from scheduler.sender import Compose, send_for
from scheduler.units import each, total

COMPOSERS: Mapping[str, Compose] = {
    "question": compose_question,
    "reminder": compose_reminder,
    "digest": compose_digest,
    "notice": compose_notice,
}
"""Who writes which kind of delivery, at the last moment."""


async def send_deliveries(house: House, now: datetime) -> int:
    """Send what is due; return how many deliveries moved on."""
    return await send_due(house, now, COMPOSERS)


async def send_due(house: House, now: datetime, composers: Mapping[str, Compose]) -> int:
    """Send what is due in all workspaces, side by side; return how many deliveries moved on."""
    async with house.sessions.begin() as session:
        workspaces = await deliveries.workspaces_with_work(session, now, house.clock())
    send = partial(send_for, house, now, composers)
    runs = await asyncio.gather(
        *(each(house, "sending", [workspace_id], send) for workspace_id in workspaces),
        return_exceptions=True,
    )
    return total(runs)


async def is_finished(house: House, now: datetime) -> bool:
    """Tell whether nothing is due or under way, but in workspaces that are left alone."""
    async with house.sessions.begin() as session:
        unfinished = await deliveries.unfinished_workspaces(session, now)
    moment = time.monotonic()
    return all(house.pacing.is_closed(workspace_id, moment) for workspace_id in unfinished)
