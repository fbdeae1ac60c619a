"""How long presses wait while HR previews a round: the whole bot, on SQLite, in one process.

The press is a real one: a signed request through the app to the database and back. Presses and the
loop's pauses are measured while nothing else happens, and then while HR opens the admin form and
previews a round of 5,000 mentees and 1,000 mentors. What storing a round costs is shown beside it;
the scheduler does that, in a process of its own.

On a machine that does more than this, loop and database often wait for a processor. The kernel
knows how long, and that is taken off: what is left is what the bot does to itself. Both are
printed.
"""

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from bot.actor import Actor
from bot.listening import freeze_startup_objects
from bot.mentoring.profiles.pure.topics import curated
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.programme.service import plan_round
from models import Employee, MentoringProfile
from models.database import Sessions
from sandbox.demo.company import TEAM_ID, people
from scheduler import mentoring as jobs
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate
from tests.journeys.stage import Stage, open_stage, text_of

MENTEES, MENTORS = 5_000, 1_000
BATCH = 500
TICK = 0.002
ADMIN, SOMEBODY = "maya", "noor"
MOST_DELAY = 50
"""Milliseconds."""


class Stopwatch:
    """Measures time, and time without what was waited for a processor; in seconds."""

    def __init__(self) -> None:
        self._start, self._waited = time.perf_counter(), _waited_for_processor()

    def read(self) -> tuple[float, float]:
        """Return the time since the start, whole and without waiting."""
        whole = time.perf_counter() - self._start
        return whole, max(0.0, whole - (_waited_for_processor() - self._waited))


def _waited_for_processor() -> float:
    """Return how long loop and database have waited, as Linux counts; 0 where it does not.

    A press goes from one to the other and back, so their times add up (where they wait at once, too
    much is taken off: on a quiet machine nothing is). The threads in which rounds are read and
    computed do not count: a press need not wait for them.
    https://docs.kernel.org/scheduler/sched-stats.html
    """
    waited = 0
    for thread in threading.enumerate():
        if thread.name.startswith("asyncio_"):
            continue
        # Another system, or a thread that has just ended.
        with suppress(FileNotFoundError, ProcessLookupError):
            counts = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text()
            waited += int(counts.split()[1])
    return waited / 1e9


@dataclass
class Watch:
    """What was seen in a while: pauses of the event loop and answers to presses, in seconds."""

    pauses: list[tuple[float, float]] = field(default_factory=list)
    answers: list[tuple[float, float]] = field(default_factory=list)

    def usual_answer(self) -> float:
        """Return how long the middle press took, without waiting for a processor."""
        return median(own for _, own in self.answers)

    def slowest_answer(self) -> float:
        """Return how long the slowest press took, without waiting for a processor."""
        return max(own for _, own in self.answers)

    def longest_pause(self) -> float:
        """Return the loop's longest pause, without waiting for a processor."""
        return max(own for _, own in self.pauses)

    def __str__(self) -> str:
        slowest, pause = max(self.answers)[0], max(self.pauses)[0]
        return (
            f"{len(self.answers)} presses: middle {1000 * self.usual_answer():.0f} ms, slowest "
            f"{1000 * self.slowest_answer():.0f} ms ({1000 * slowest:.0f} with waiting for a "
            f"processor); longest pause of the loop {1000 * self.longest_pause():.0f} ms "
            f"({1000 * pause:.0f})"
        )


@asynccontextmanager
async def watching(stage: Stage) -> AsyncIterator[Watch]:
    """Press again and again, and look at the loop."""
    watch = Watch()
    over = asyncio.Event()

    async def tick() -> None:
        while not over.is_set():
            stopwatch = Stopwatch()
            await asyncio.sleep(TICK)
            watch.pauses.append(stopwatch.read())

    async def press() -> None:
        while not over.is_set():
            stopwatch = Stopwatch()
            await stage.sandbox.command(SOMEBODY, "/mentor", "find go")
            watch.answers.append(stopwatch.read())
            await asyncio.sleep(TICK)

    tasks = [asyncio.create_task(tick()), asyncio.create_task(press())]
    try:
        yield watch
    finally:
        over.set()
        await asyncio.gather(*tasks)


async def fill(sessions: Sessions) -> None:
    """Store a company that waits for a round."""
    rng = random.Random(1)
    topics = [topic.name for topic in curated()][:60]
    zones = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
    directory, profiles = [], []
    for number in range(MENTEES + MENTORS):
        is_mentor = number >= MENTEES
        key = f"UBENCH{number:06}"
        person: dict[str, Any] = {"name": f"Person {number}", "active": True}
        directory.append(
            person
            | {"workspace_id": TEAM_ID, "id": key, "tz": rng.choice(zones)}
            | {"team": f"T{number % 100}", "slack_updated": 0, "do_not_contact": False}
        )
        wishes = {
            "offers": rng.sample(topics, 4) if is_mentor else [],
            "wants": [] if is_mentor else rng.sample(topics, 3),
            "capacity": rng.randint(1, 5) if is_mentor else 1,
            "looking_since": None if is_mentor else NOW - timedelta(days=rng.randrange(60)),
        }
        profiles.append(
            wishes
            | {"workspace_id": TEAM_ID, "employee_id": key, "joined_at": NOW}
            | {"hopes": "To learn. " * 8, "experience_years": rng.randint(0, 20)}
            | {"languages": ["en", "de"], "preferred_days": [], "never_with": []}
            | {"findable": False, "coffee": False, "first_in_line": number % 50 == 0}
        )
    for table, rows in ((Employee, directory), (MentoringProfile, profiles)):
        for start in range(0, len(rows), BATCH):
            async with sessions.begin() as session:
                await session.execute(insert(table), rows[start : start + BATCH])


async def measure(url: str) -> list[Demand]:
    """Print what presses take, and return what is demanded."""
    async with open_stage(url) as stage:
        await fill(stage.runtime.sessions)
        await stage.sandbox.command(SOMEBODY, "/mentor", "find go")  # loads what is loaded once
        freeze_startup_objects()  # as the bot does
        async with watching(stage) as idle:
            await asyncio.sleep(10)
        report(f"idle: {idle}")
        async with watching(stage) as opening:
            start = time.perf_counter()
            form = await stage.sandbox.command(ADMIN, "/mentor", "admin")
            opened = time.perf_counter() - start
        assert form.view
        report(f"while HR opens the form (not demanded): {opening}")
        async with watching(stage) as busy:
            start = time.perf_counter()
            view_id = form.view["id"]
            shown = await stage.sandbox.press(ADMIN, admin_blocks.PREVIEW, view_id=view_id)
            assert shown.ok
            await stage.settled()
            seconds = time.perf_counter() - start
        preview = stage.sandbox.views(ADMIN)["modals"][-1]
        assert "matches" in text_of(preview)
        report(f"while HR previews {MENTEES:,} × {MENTORS:,} in {seconds:.1f} s: {busy}")
        async with stage.runtime.sessions.begin() as session:
            assert await plan_round(session, Actor(TEAM_ID, people()[0].id), NOW)
        async with watching(stage) as storing:
            start = time.perf_counter()
            await jobs.hold_rounds(stage.runtime, NOW)
            seconds = time.perf_counter() - start
        report(f"round held in the same process in {seconds:.1f} s (not demanded): {storing}")
    usual = 1000 * (busy.usual_answer() - idle.usual_answer())
    delay = 1000 * (busy.slowest_answer() - idle.slowest_answer())
    pause = 1000 * (busy.longest_pause() - idle.longest_pause())
    return [
        Demand("delay of the middle press", max(0, usual), MOST_DELAY, "ms"),
        Demand("delay of the slowest press", max(0, delay), MOST_DELAY, "ms"),
        Demand("pause of the event loop beyond idle", max(0, pause), MOST_DELAY, "ms"),
        Demand("opening HR's form", opened, 3, "s"),
    ]


def main() -> int:
    """Measure on a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder, 'bench.sqlite3')}"
        migrate(url)
        return judge(asyncio.run(measure(url)))


if __name__ == "__main__":
    sys.exit(main())
