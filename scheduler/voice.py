"""Collects what people wrote to HR, and tells everybody once a week of the answers."""

from datetime import datetime

from bot.runtime import Runtime
from bot.voice import collecting, news
from models.database import overwrite_deleted
from scheduler.sweeps import Sweep


async def _collect(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    async with runtime.sessions.begin() as session:
        return await collecting.collect(session, workspace_id, now)


_collect_due = Sweep("collect_letters", collecting.workspaces_to_collect, _collect)


async def collect_letters(runtime: Runtime, now: datetime) -> int:
    """Let HR read what was written until midnight; then the disk forgets the earlier rows."""
    collected = await _collect_due(runtime, now)
    if collected:
        await overwrite_deleted(runtime.sessions, (), rewritten=collecting.TABLES)
    return collected


async def _tell(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    """Queue the news in parts, each in a transaction of its own; then note that it is told."""
    async with runtime.reading() as session:
        due = await news.due_news(session, workspace_id, now)
    if due is None:
        return 0
    last: str | None = ""
    while last is not None:
        if runtime.stopping.is_set():
            return 0
        async with runtime.sessions.begin() as session:
            last = await news.enqueue_news(session, due, last, now)
    async with runtime.sessions.begin() as session:
        await news.mark_told(session, due)
    return 1


tell_answers = Sweep(
    "tell_answers", lambda session, _now: news.workspaces_with_answers(session), _tell
)
