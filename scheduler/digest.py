"""Weekly digests are put into the outbox."""

from datetime import datetime
from functools import partial

from bot.digest.service import due_digests, enqueue
from bot.house import House
from scheduler.units import each


async def enqueue_digests(house: House, now: datetime) -> int:
    """Make a delivery of each digest that is due."""
    async with house.reading() as session:
        due = await due_digests(session, now)
    return await each(house, "enqueueing digests", due, partial(_enqueue, house, now))


async def _enqueue(house: House, now: datetime, unit: tuple[str, str]) -> int:
    async with house.sessions.begin() as session:
        return int(await enqueue(session, *unit, now))
