"""Weekly digests are put into the outbox."""

from datetime import datetime

from bot.digest.service import enqueue_due
from bot.house import House


async def enqueue_digests(house: House, now: datetime) -> int:
    """Make a delivery of each digest that is due.

    One transaction for all of them: it writes rows only, so it succeeds or fails as a whole, and
    the keys of the deliveries make a second run harmless.
    """
    async with house.sessions.begin() as session:
        return await enqueue_due(session, now)
