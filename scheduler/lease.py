"""The right to send for one workspace: one process holds it, and renews it while it lives.

No two clocks are compared. The holder writes its row again every RENEW_SECONDS. Another process
takes the lease over after the row has not changed for SENDER_LEASE by that process's own monotonic
clock. By then the holder has stopped, by its own monotonic clock.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.outbox.lease_rows import SENDER_LEASE, hold_lease, release_lease
from bot.outbox.states import shorten_claims
from bot.runtime import Runtime
from scheduler.sweeps import describe_failure

logger = logging.getLogger(__name__)

LEASE_SECONDS: Final = SENDER_LEASE.total_seconds()
RENEW_SECONDS: Final = LEASE_SECONDS / 4


@dataclass
class Lease:
    """A lease that this process holds, or has lost."""

    good_until: float
    """By the monotonic clock; from then on, another process may hold it."""

    def is_good(self) -> bool:
        """Return whether a call may still go out."""
        return time.monotonic() < self.good_until


@asynccontextmanager
async def holding_lease(
    runtime: Runtime, workspace_id: str, on_lost: Callable[[], None]
) -> AsyncIterator[Lease | None]:
    """Hold a workspace's lease; yields None if another process holds it.

    Claims that a dead process left will be looked up soon. `on_lost` is called if the lease cannot
    be renewed in time: it stops all calls.
    """
    lease = await _take(runtime, workspace_id)
    if lease is None:
        yield None
        return
    renewing = asyncio.create_task(_renew(runtime, workspace_id, lease, on_lost))
    try:
        yield lease
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        async with runtime.sessions.begin() as session:
            await release_lease(session, workspace_id, runtime.process_id)


async def _take(runtime: Runtime, workspace_id: str) -> Lease | None:
    begun = time.monotonic()
    seen, since = runtime.leases_seen.get(workspace_id, (None, begun))
    stale = seen if begun - since >= LEASE_SECONDS else None
    clock = runtime.wall_clock()
    async with runtime.sessions.begin() as session:
        theirs = await hold_lease(session, workspace_id, runtime.process_id, clock, stale)
        if theirs is None:
            await shorten_claims(session, workspace_id, clock)
    if theirs is None:
        runtime.leases_seen.pop(workspace_id, None)
        return Lease(begun + LEASE_SECONDS)
    if theirs != seen:
        # Counted from the end of the read: the holder may have written the row until then.
        runtime.leases_seen[workspace_id] = (theirs, time.monotonic())
    return None


async def _renew(
    runtime: Runtime, workspace_id: str, lease: Lease, on_lost: Callable[[], None]
) -> None:
    """Renew the lease until this task is cancelled, or the lease is lost."""
    while lease.is_good():
        await asyncio.sleep(RENEW_SECONDS)
        begun = time.monotonic()
        try:
            async with (
                asyncio.timeout(lease.good_until - begun),
                runtime.sessions.begin() as session,
            ):
                theirs = await hold_lease(
                    session, workspace_id, runtime.process_id, runtime.wall_clock()
                )
        except Exception as error:
            logger.warning("a lease was not renewed: %s", describe_failure(error))
            continue
        if theirs is not None:
            break
        lease.good_until = begun + LEASE_SECONDS
    lease.good_until = 0.0
    logger.warning("sending stops: another process may have taken over")
    on_lost()
