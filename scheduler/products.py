"""Tells people what came of their answers, and reminds HR of what waits."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.products.decisions.reminders import look_after
from bot.products.decisions.telling import items_to_tell, tell
from bot.rights.retention import all_workspaces
from scheduler.sweeps import Sweep, in_one_transaction


async def _workspaces(session: AsyncSession, _now: datetime) -> list[tuple[str]]:
    return [(workspace_id,) for workspace_id in await all_workspaces(session)]


tell_decisions = Sweep("tell_decisions", items_to_tell, in_one_transaction(tell))
look_after_items = Sweep("look_after_items", _workspaces, in_one_transaction(look_after))
