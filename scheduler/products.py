"""Tells people what came of their answers, and reminds HR of what waits."""

import asyncio
from datetime import datetime

from bot.products.decisions.reminders import look_after, workspaces_to_look_after
from bot.products.decisions.telling import items_to_tell, tell
from bot.products.effects.messages import tell_effect
from bot.products.effects.pure.effect import find_effect
from bot.products.effects.service import due_effects, read_effect, store_effect
from bot.products.supports.service import count, rounds_to_count
from bot.products.value.service import tell_monthly, workspaces_to_tell
from bot.runtime import Runtime
from scheduler.sweeps import Sweep, in_one_transaction


async def _find(runtime: Runtime, now: datetime, unit: tuple[str, str]) -> int:
    """Read, compute, store: a transaction that writes does nothing heavy."""
    async with runtime.reading() as session:
        source = await read_effect(session, *unit)
    if source is None:
        return 0
    effect = await asyncio.to_thread(find_effect, source.waves, source.question)
    async with runtime.sessions.begin() as session:
        if await store_effect(session, *unit, effect, now):
            await tell_effect(session, *unit, now)
    return 1


find_effects = Sweep("find_effects", due_effects, _find)
tell_decisions = Sweep("tell_decisions", items_to_tell, in_one_transaction(tell))
look_after_items = Sweep(
    "look_after_items", workspaces_to_look_after, in_one_transaction(look_after)
)
count_supporters = Sweep("count_supporters", rounds_to_count, in_one_transaction(count))
tell_value = Sweep("tell_value", workspaces_to_tell, in_one_transaction(tell_monthly))
