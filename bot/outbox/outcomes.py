"""What becomes of a claimed delivery, and what follows from it for its kind.

Each function stores both in the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import states
from bot.outbox.deliveries import Posted
from bot.outbox.kinds import Kind
from models import Delivery

COMPOSING_ATTEMPTS: Final = 5
REFUSED_ATTEMPTS: Final = 8
"""How often a message is tried that Slack refuses for now; while its wave is open, always."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(hours=1)
"""How long to wait before the next try: at first, and at most."""
LOOKUP_ATTEMPTS: Final = 10


async def record_ended(
    session: AsyncSession,
    kind: Kind,
    ended: Sequence[tuple[Delivery, Posted | None]],
    now: datetime,
) -> None:
    """Record where Slack has messages of a kind; None if there was nothing to say any more."""
    posted = [delivery for delivery, place in ended if place]
    if posted and kind.on_posted:
        await kind.on_posted(session, posted, now)
    if kind.discreet:
        await states.settle(session, ended)
        return
    await states.mark_sent(session, [(delivery, place) for delivery, place in ended if place])
    for delivery, place in ended:
        if place is None:
            await states.drop(session, delivery)


async def record_refused(
    session: AsyncSession, kind: Kind, delivery: Delivery, reason: str, now: datetime
) -> None:
    """Record that a message will never be posted; `reason` is a code, never a person's text."""
    failed = await states.fail(session, delivery, reason, discreet=kind.discreet)
    if failed and kind.on_refused:
        await kind.on_refused(session, delivery, now)


async def record_lost(session: AsyncSession, kind: Kind, delivery: Delivery, now: datetime) -> None:
    """Record that nobody can tell whether a message was posted: it is never repeated."""
    failed = await states.fail(session, delivery, states.FATE_UNKNOWN, discreet=kind.discreet)
    if failed and kind.on_lost:
        await kind.on_lost(session, delivery, now)


async def retry_composing(
    session: AsyncSession, kind: Kind, delivery: Delivery, reason: str, now: datetime
) -> None:
    """Compose a message again later, after a longer pause each time; give up after some tries."""
    if delivery.attempts >= COMPOSING_ATTEMPTS:
        await record_refused(session, kind, delivery, reason, now)
        return
    later = now + timedelta(minutes=2**delivery.attempts)
    if delivery.bundle:
        # The others go out without it, and a second message on one day would be one too many.
        await states.put_back(session, delivery, later, was_tried=True)
    else:
        await states.postpone(session, delivery, later, reason)


async def retry_refused(
    session: AsyncSession, kind: Kind, delivery: Delivery, reason: str, now: datetime
) -> bool:
    """Post a message again later that Slack refuses for now; False after enough tries.

    A message of a wave is tried until the wave closes, which drops it. A discreet message is not
    tried again: a second try would tell what its row must not.
    """
    tried_enough = delivery.wave_id is None and delivery.attempts >= REFUSED_ATTEMPTS
    if tried_enough or kind.discreet:
        await record_refused(session, kind, delivery, reason, now)
        return False
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** min(delivery.attempts - 1, 9))
    await states.postpone(session, delivery, now + pause, reason)
    return True


async def count_failed_lookup(
    session: AsyncSession, kind: Kind, delivery: Delivery, now: datetime
) -> None:
    """Count a lookup that Slack did not answer; after many, the message counts as lost."""
    if delivery.attempts >= LOOKUP_ATTEMPTS:
        await record_lost(session, kind, delivery, now)
        return
    await states.count_attempt(session, delivery)
