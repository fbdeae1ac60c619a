"""The demo's one engine: a company whose past is made, and whose time then passes."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.good_moments import good_moment
from sandbox.clock import Clock, utc_now
from sandbox.demo.acts import ACTS
from sandbox.demo.company import CAST, brightwater, working_day
from sandbox.demo.crowd import Crowd
from sandbox.demo.errors import DemoError
from sandbox.demo.hosting import ROOT, Hosted, hosting
from sandbox.demo.journeys import LOOKS_EVERY, YEAR, YEAR_JOBS, departures, start_journeys
from sandbox.demo.moods import HISTORY_WEEKS, Moods
from sandbox.demo.players import Players
from sandbox.demo.setup import set_up
from sandbox.demo.timeline import Timeline, monday_before
from sandbox.demo.work import WORK_ACTS
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world, manifest_settings

ALL_ACTS: Final = sorted((*ACTS, *WORK_ACTS), key=lambda act: act.at)
FOLDER: Final = ROOT / "var" / "demo"
LAST_DAYS: Final = timedelta(days=3)
"""At least this long before now, all questions are Slack messages."""


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def folder_of(port: int) -> Path:
    """Return where the demo on a port keeps its files: several may run side by side."""
    return FOLDER / str(port)


class Demo:
    """The company on a port (0 takes any), with a past of `weeks`.

    `real_now` is the time that the company arrives at; from the Monday at least `last_days` before
    it, all questions are Slack messages. `hosted`, `crowd` and `timeline` exist while it runs.
    """

    hosted: Hosted
    crowd: Crowd
    timeline: Timeline

    def __init__(
        self,
        port: int,
        real_now: Callable[[], datetime] = utc_now,
        weeks: int = HISTORY_WEEKS,
        last_days: timedelta = LAST_DAYS,
    ) -> None:
        self.real_now = real_now
        self._port = port
        self._weeks = weeks
        now = real_now()
        self._began = monday_before(now - timedelta(weeks=weeks))
        self._last_days = monday_before(now - last_days)
        # A shorter past tells the last weeks of the same story.
        self.story_began = monday_before(now - timedelta(weeks=HISTORY_WEEKS))
        self._moods = Moods(self.story_began)
        self.company = brightwater(now.date())
        # What people do builds on what they did before.
        self._is_told = self._began <= self.story_began + ALL_ACTS[0].at
        self._year_began = monday_before(now - YEAR) if self._is_told else self._began
        described = self.company.workspace()
        described["app"] = manifest_settings(ROOT / "manifest.json")
        back = now - self._year_began
        world = build_world(described, Clock(lambda: real_now() - back))
        self.sandbox = Sandbox(world, Options(rate_limits=None), port=port)

    @asynccontextmanager
    async def running(
        self,
        folder: Path,
        progress: Callable[[str], None] = lambda _: None,
        bound: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[None]:
        """Start the company, make its past, and keep it until the end; time stands by then.

        `folder` is emptied and takes the database. `bound` is called once the port is ours,
        `progress` with the next part of the past. Raises DemoError if the port is taken.
        """
        try:
            await self.sandbox.start()
        except OSError:
            raise DemoError(
                f"Port {self._port} is in use. "
                f"Try another one: make demo ARGS='--port {self._port + 10}'."
            ) from None
        try:
            # Not before the port is bound: the demo that has the port uses the folder.
            _empty(folder)
            bound()
            async with hosting(self.sandbox, folder / "attune.sqlite3") as self.hosted:
                everybody, settled = self.company.ever, self.company.settled
                self.crowd = Crowd(self.hosted, everybody, self._moods, settled)
                self.timeline = Timeline(self.hosted, self.crowd)
                await self._make_past(progress)
                yield
        finally:
            await self.sandbox.stop()

    async def _make_past(self, progress: Callable[[str], None]) -> None:
        hosted, timeline = self.hosted, self.timeline
        await hosted.do_all_that_is_due(timeline.now())
        await hosted.import_directory(self.company.directory_csv())
        players = self.players(is_quiet=True)
        if self._is_told:
            progress("a year in which people join and leave")
            await self._make_year(players)
        async with hosted.runtime.sessions.begin() as session:
            await set_up(session, self.company, timeline.now())
        for week in range(1, self._weeks + 1):
            progress(f"week {week} of {self._weeks}")
            begins = self._began + timedelta(weeks=week - 1)
            ends = begins + timedelta(weeks=1)
            await timeline.postpone_milestones(min(ends, self._last_days))
            for act in ALL_ACTS if self._is_told else ():
                if begins <= (at := self.story_began + act.at) < ends:
                    await timeline.fill_to(at)
                    await act.do(players)
                    for who in CAST:
                        await players.close_forms(who)
            await timeline.fill_to(min(ends, self._last_days))
        progress("the last days")
        # Whoever opens the demo at night finds the company at work.
        arrival = good_moment(Calendar("Europe/Berlin"), self.real_now())
        tomorrow = working_day(arrival.date() + timedelta(days=1))
        await players.hire(self.company.starting, tomorrow)
        await timeline.advance_to(self.real_now())
        await timeline.advance_to(arrival)

    async def _make_year(self, players: Players) -> None:
        await start_journeys(players)
        acts = departures(self.company, self.story_began)
        while (now := self.timeline.now()) < self._began:
            ends = min(now + LOOKS_EVERY, self._began)
            await self.timeline.postpone_milestones(ends)
            for act in acts:
                if now <= (at := self.story_began + act.at) < ends:
                    await self.timeline.fill_to(at, YEAR_JOBS)
                    await act.do(players)
            await self.timeline.fill_to(ends, YEAR_JOBS)

    def players(self, *, is_quiet: bool = False) -> Players:
        """Return what acts for the story's people, while the demo runs."""
        return Players(
            self.company, self.hosted, self.timeline, self.story_began, is_quiet=is_quiet
        )

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """Let time pass on its own while the block runs."""
        task = asyncio.create_task(self.timeline.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
