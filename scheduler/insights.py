"""Publishes sealed waves, and has HR alerted to what stands out in them."""

import asyncio
import logging
import time
from datetime import datetime, timedelta
from functools import partial

from bot.digest.alerts import enqueue_alert
from bot.insights.publishing import (
    ANSWER_TABLES,
    KEY_TABLES,
    compute_publication,
    drop_asking_wave,
    read_sealed_wave,
    store_publication,
    waves_to_publish,
)
from bot.products.items.service import propose
from bot.runtime import Runtime
from models.database import overwrite_deleted
from scheduler.sweeps import run_each

logger = logging.getLogger(__name__)


async def publish_waves(runtime: Runtime, now: datetime) -> int:
    """Compute and store the figures of sealed waves.

    Waits until their keys are gone from the disk: until then a copy of the files could open them.
    """
    async with runtime.reading() as session:
        waves = await waves_to_publish(session)
    if not waves:
        return 0
    if not await overwrite_deleted(runtime.sessions, ANSWER_TABLES, KEY_TABLES):
        logger.info("publishing waits until no other process holds the write-ahead log")
        return 0
    done = await run_each(runtime, "publish_waves", waves, partial(_publish, runtime, now))
    await overwrite_deleted(runtime.sessions, ANSWER_TABLES)
    return done


async def _publish(runtime: Runtime, now: datetime, wave: tuple[str, str]) -> int:
    """Read, compute, store: a transaction that writes does nothing heavy."""
    async with runtime.sessions.begin() as session:
        if await drop_asking_wave(session, *wave):
            return 1
    started = time.monotonic()
    async with runtime.reading() as session:
        source = await read_sealed_wave(session, *wave)
    if source is None:
        return 0
    publication = await asyncio.to_thread(compute_publication, source)
    published_at = now + timedelta(seconds=int(time.monotonic() - started))
    async with runtime.sessions.begin() as session:
        if not await store_publication(session, publication, published_at):
            return 0
        await enqueue_alert(session, *wave, published_at)
        await propose(session, *wave, published_at)
    return 1


async def empty_log(runtime: Runtime, now: datetime) -> int:  # noqa: ARG001 (a job, like the others)
    """Cut SQLite's write-ahead log, which keeps what was deleted or replaced since the last cut.

    Returns 0: it never makes more work.
    """
    await overwrite_deleted(runtime.sessions, ())
    return 0
