"""Runs the jobs of schedule.py on time until the process is told to stop."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.last_times import SCHEDULER, note_time
from bot.listening import GRACE_SECONDS
from bot.logs import logging_job
from bot.runtime import Runtime
from models.database import is_unavailable
from scheduler.schedule import SCHEDULE, Entry
from scheduler.sweeps import describe_failure

logger = logging.getLogger(__name__)

WATCH_SECONDS = 1.0
BEAT_SECONDS = 60.0


async def run_until_stopped(runtime: Runtime, schedule: Sequence[Entry] = SCHEDULE) -> None:
    """Run the jobs of the table until `runtime.stopping` is set, then finish what has begun."""
    running: set[asyncio.Task[None]] = set()

    async def start(entry: Entry) -> None:
        # A task of our own: APScheduler cancels its tasks when it shuts down.
        task = asyncio.create_task(_run_while_due(runtime, entry))
        running.add(task)
        task.add_done_callback(running.discard)
        await task

    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for entry in schedule:
        scheduler.add_job(
            start, entry.when, args=[entry], id=entry.name, next_run_time=runtime.wall_clock()
        )
    scheduler.start()
    watching = asyncio.gather(_watch_clock(runtime, scheduler), _note_that_it_runs(runtime))
    logger.info("running %s jobs", len(schedule))
    try:
        await runtime.stopping.wait()
    finally:
        watching.cancel()
        scheduler.pause()
        await _finish(running)
        scheduler.shutdown(wait=False)
    logger.info("stopped; what is due is still due")


async def _finish(running: set[asyncio.Task[None]]) -> None:
    """Let jobs finish what they have begun; after GRACE_SECONDS cancel them.

    A cancelled job rolls its transaction back. What it was posting is looked up at the next start.
    """
    if not running:
        return
    _, late = await asyncio.wait(running, timeout=GRACE_SECONDS)
    for job in late:
        job.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def _watch_clock(runtime: Runtime, scheduler: AsyncIOScheduler) -> None:
    """Run jobs at once that a change of the wall clock has delayed.

    APScheduler keeps each job's next time by the wall clock. If that is set back, no job would run
    until it has caught up. A sleep goes by the monotonic clock, so this task is not delayed.
    """
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        now = runtime.wall_clock()
        for job in scheduler.get_jobs():
            tolerance = timedelta(seconds=WATCH_SECONDS + (job.trigger.jitter or 0))
            if job.next_run_time - now > job.trigger.interval + tolerance:
                logger.warning("the clock was set back: %s runs now", job.id)
                job.modify(next_run_time=now)


async def note_run(runtime: Runtime) -> None:
    """Store that a scheduler runs, for `python -m bot doctor`."""
    async with runtime.sessions.begin() as session:
        await note_time(session, SCHEDULER, runtime.wall_clock())


async def _note_that_it_runs(runtime: Runtime) -> None:
    while True:
        try:
            await note_run(runtime)
        except Exception as error:
            logger.warning("it was not noted that a scheduler runs: %s", describe_failure(error))
        await asyncio.sleep(BEAT_SECONDS)


async def _run_while_due(runtime: Runtime, entry: Entry) -> None:
    """Run a job until it finds nothing to do, so that large work need not wait for the interval."""
    while await run_job(runtime, entry) and not runtime.stopping.is_set():
        pass


async def run_job(runtime: Runtime, entry: Entry) -> int:
    """Run a job once; return how much it did. An error ends this run of this job only."""
    with logging_job(entry.name):
        try:
            with runtime.metrics.timing_job(entry.name):
                done = await entry.job(runtime, runtime.clock())
        except Exception as error:
            silent = is_unavailable(error)
            what = "the database does not answer" if silent else describe_failure(error)
            logger.error("%s stopped: %s; the next run tries again", entry.name, what)
        else:
            if done:
                logger.info("%s: %s done", entry.name, done)
            return done
    return 0
