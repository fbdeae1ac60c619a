"""Weekly digests are put into the outbox."""

from datetime import datetime
from functools import partial

from bot.digest.service import due_digests, enqueue_digest
from bot.runtime import Runtime
from scheduler.units import run_each


async def enqueue_digests(runtime: Runtime, now: datetime) -> int:
    """Make a delivery of each digest that is due."""
    async with runtime.reading() as session:
        due = await due_digests(session, now)
    return await run_each(runtime, "enqueueing digests", due, partial(_enqueue, runtime, now))


async def _enqueue(runtime: Runtime, now: datetime, unit: tuple[str, str]) -> int:
    async with runtime.sessions.begin() as session:
        return int(await enqueue_digest(session, *unit, now))
