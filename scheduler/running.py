"""Rings the bells: again and again until stopped, or once for all that is due."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.house import House
from models.database import is_unavailable
from scheduler.delivery import is_finished
from scheduler.schedule import SCHEDULE, Entry
from scheduler.units import describe

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.25
"""Between rounds of `run_once`, while a message waits for its turn or for its fate."""


async def run_until_stopped(house: House, schedule: Sequence[Entry] = SCHEDULE) -> None:
    """Run the jobs of the table until `house.stopping` is set, then finish the units in hand."""
    running: set[asyncio.Task[None]] = set()

    async def ring(entry: Entry) -> None:
        # A task of our own: APScheduler cancels its tasks when it shuts down.
        task = asyncio.create_task(run_job(house, entry))
        running.add(task)
        task.add_done_callback(running.discard)
        await task

    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for entry in schedule:
        scheduler.add_job(
            ring, entry.when, args=[entry], id=entry.name, next_run_time=house.clock()
        )
    scheduler.start()
    logger.info("running %s jobs", len(schedule))
    try:
        await house.stopping.wait()
    finally:
        scheduler.pause()
        if running:
            await asyncio.wait(running)
        scheduler.shutdown(wait=False)
    logger.info("stopped; what is due is still due")


async def run_job(house: House, entry: Entry) -> None:
    """Answer one ring of the bell. What it raises ends this run of this job only."""
    try:
        done = await entry.job(house, house.clock())
    except Exception as error:
        what = "the database does not answer" if is_unavailable(error) else describe(error)
        logger.error("%s stopped: %s; the next bell tries again", entry.name, what)
    else:
        if done:
            logger.info("%s: %s done", entry.name, done)


async def run_once(house: House, now: datetime, schedule: Sequence[Entry] = SCHEDULE) -> None:
    """Do all that is due at `now`, and what becomes due by that, until nothing is left.

    Waits for messages that Slack's limits hold up, for one whose fate is to be looked up, and for
    another process that is sending. Raises what a job raises: whoever started this wants to know.
    """
    while not house.stopping.is_set():
        done = 0
        for entry in schedule:
            done += await entry.job(house, now)
        if done == 0:
            if await is_finished(house, now):
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(house.stopping.wait(), PAUSE_SECONDS)
