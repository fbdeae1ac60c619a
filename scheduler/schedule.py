"""What runs when: the one table of all jobs.

APScheduler only starts the jobs. Tables say what is due, so a run that is missed or doubled does
no harm, and any number of schedulers may run.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from apscheduler.triggers.interval import IntervalTrigger

from bot.logs import logging_job
from bot.runtime import Runtime
from scheduler.blockers import ask_weekly, introduce_helpers, settle_blockers
from scheduler.digest import enqueue_digests
from scheduler.goals import ask_about_goals
from scheduler.insights import empty_log, publish_waves
from scheduler.installations import read_organisations, refresh_tokens
from scheduler.journeys import greet_newcomers
from scheduler.knowledge import ask_authors, look_after_questions
from scheduler.learning import ask_about_months, send_slots
from scheduler.mentoring import (
    ask_next_mentors,
    hold_coffee_rounds,
    hold_rounds,
    introduce_coffees,
    introduce_pairs,
    look_after_pairs,
    publish_outcomes,
    send_invitations,
    settle_answers,
    settle_departures,
)
from scheduler.people import sync_people
from scheduler.products import (
    count_supporters,
    find_effects,
    look_after_items,
    tell_decisions,
    tell_value,
)
from scheduler.pulse import close_waves, open_waves, show_progress
from scheduler.rights import apply_retention, erase_uninstalled
from scheduler.sender import seconds_left, send_deliveries
from scheduler.sweeps import Sweep
from scheduler.tallies import tally_months
from scheduler.voice import collect_letters, tell_answers
from scheduler.welcome import introduce_buddies, prepare_welcomes

logger = logging.getLogger(__name__)

JITTER: Final = 0.1
"""The longest random delay of a run, as a share of the job's interval."""

Job = Callable[[Runtime, datetime], Awaitable[int]]
"""Does what is due at a moment; returns how much there was, 0 if nothing is due."""


@dataclass(frozen=True)
class Entry:
    """A job, and how often it runs."""

    when: IntervalTrigger
    job: Job

    @property
    def name(self) -> str:
        """The job's name in logs and in APScheduler."""
        return name_of(self.job)


def name_of(job: Job) -> str:
    """Return the name of a job."""
    return job.name if isinstance(job, Sweep) else job.__name__


def _every(**interval: int) -> IntervalTrigger:
    """Run again after an interval and a random part of it, so that jobs do not start together."""
    trigger = IntervalTrigger(timezone=UTC, **interval)
    trigger.jitter = JITTER * trigger.interval_length
    return trigger


SCHEDULE = (
    Entry(_every(minutes=1), refresh_tokens),
    Entry(_every(seconds=5), read_organisations),
    # A new installation gets its people at once; after that the job waits for a day.
    Entry(_every(seconds=5), sync_people),
    Entry(_every(hours=1), greet_newcomers),
    Entry(_every(seconds=20), open_waves),
    Entry(_every(seconds=20), close_waves),
    Entry(_every(seconds=20), publish_waves),
    Entry(_every(seconds=20), empty_log),
    Entry(_every(hours=1), look_after_items),
    Entry(_every(hours=1), tell_value),
    Entry(_every(hours=1), count_supporters),
    Entry(_every(seconds=20), tell_decisions),
    Entry(_every(seconds=20), find_effects),
    Entry(_every(seconds=20), enqueue_digests),
    Entry(_every(hours=1), apply_retention),
    Entry(_every(hours=1), erase_uninstalled),
    Entry(_every(seconds=20), hold_rounds),
    Entry(_every(seconds=20), hold_coffee_rounds),
    Entry(_every(seconds=20), settle_departures),
    Entry(_every(seconds=20), settle_answers),
    Entry(_every(seconds=5), ask_next_mentors),
    Entry(_every(seconds=20), look_after_pairs),
    Entry(_every(seconds=5), introduce_pairs),
    Entry(_every(seconds=20), introduce_coffees),
    Entry(_every(hours=1), prepare_welcomes),
    Entry(_every(seconds=20), introduce_buddies),
    Entry(_every(seconds=20), collect_letters),
    Entry(_every(seconds=20), tell_answers),
    Entry(_every(seconds=20), ask_about_goals),
    Entry(_every(seconds=20), ask_about_months),
    Entry(_every(seconds=5), send_slots),
    Entry(_every(seconds=20), settle_blockers),
    Entry(_every(seconds=5), introduce_helpers),
    Entry(_every(seconds=60), ask_weekly),
    Entry(_every(seconds=20), look_after_questions),
    Entry(_every(seconds=20), ask_authors),
    Entry(_every(seconds=2), send_deliveries),
    Entry(_every(seconds=60), show_progress),
    Entry(_every(seconds=5), send_invitations),
    Entry(_every(hours=1), publish_outcomes),
    Entry(_every(hours=1), tally_months),
)
"""In the order in which one job makes work for the next."""

SHORTEST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 5.0
"""Seconds between rounds of `run_due`, while a message waits for its turn or a lookup."""
PATIENCE: Final = 60.0
"""Longest wait of `run_due` in seconds; what has to wait longer is left to the next start."""


async def run_due(runtime: Runtime, now: datetime, schedule: Sequence[Entry] = SCHEDULE) -> None:
    """Do all that is due at `now`, and what becomes due because of it, until nothing is left.

    Waits up to PATIENCE for Slack's limits, for a message that is to be looked up, and for another
    process that is sending. Raises what a job raises.
    """
    pause = SHORTEST_PAUSE
    while not runtime.stopping.is_set():
        done = 0
        for entry in schedule:
            with logging_job(entry.name):
                done += await entry.job(runtime, now)
        if done:
            pause = SHORTEST_PAUSE
            continue
        left = await seconds_left(runtime, now)
        if left is None:
            return
        if left > PATIENCE:
            _log_what_is_left(runtime)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(runtime.stopping.wait(), pause)
        pause = min(LONGEST_PAUSE, 2 * pause)


def _log_what_is_left(runtime: Runtime) -> None:
    for (workspace_id, calls), seconds in runtime.pacing.waits(time.monotonic()).items():
        logger.warning(
            "left for a later run: %s in workspace %s, for %.0f seconds",
            calls.label,
            workspace_id,
            seconds,
        )
