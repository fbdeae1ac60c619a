"""The large company in a web page: its past is made, then time runs and visitors act."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sandbox.clock import Clock, utc_now
from sandbox.demo import brightwater, history
from sandbox.demo.company import HR_CHANNEL
from sandbox.demo.crowd import Crowd
from sandbox.demo.hosting import ROOT, Hosted, hosting
from sandbox.demo.moods import CompanyStory
from sandbox.demo.running import DemoError, port_taken
from sandbox.demo.staff import DemoPerson, directory_of
from sandbox.demo.timeline import Timeline
from sandbox.demo.tour import END, TITLE, Tour, deed_of_change, deed_of_record
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.web import Extras, Role, mount
from sandbox.workspace import build_world, manifest_settings

CAST: Final = (brightwater.MAYA, brightwater.EMPLOYEE, brightwater.MENTOR)
"""Whom a visitor plays; everybody else is simulated."""
PREPARING: Final = (
    "Making the company's past: {part}. Look around meanwhile. "
    "The clock and the tour start when it is ready."
)
LAST_PART: Final = "the last days"


@dataclass(frozen=True)
class Playground:
    """The running company, its past made."""

    sandbox: Sandbox
    hosted: Hosted
    timeline: Timeline
    tour: Tour


@asynccontextmanager
async def playground(
    port: int,
    folder: Path,
    real_now: Callable[[], datetime] = utc_now,
    weeks: int = brightwater.HISTORY_WEEKS,
    bound: Callable[[str], None] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Playground]:
    """Start the company with its page on a port (0 takes any) and let time run until the end.

    The page is there at once and shows how the past, so many `weeks`, is made. `folder` takes the
    database; `bound` is told the page's address as soon as the port is ours, and may empty the
    folder. `progress` is told which part of the past is made next. `real_now` is the time that the
    company arrives at. Raises DemoError when the port is taken.
    """
    now = real_now()
    began = history.beginning(now, weeks)
    back = now - began
    people = brightwater.staff(now.date())
    described = brightwater.workspace(people, now.date())
    described["app"] = manifest_settings(ROOT / "manifest.json")
    world = build_world(described, Clock(lambda: real_now() - back))
    sandbox = Sandbox(world, Options(rate_limits=None), port=port)
    guide = Guide(sandbox, people, progress)
    mount(sandbox.asgi, sandbox.engine, guide.extras())
    try:
        await sandbox.start()
    except OSError:
        raise port_taken(port) from None
    try:
        if bound is not None:
            bound(sandbox.url)
        async with hosting(sandbox, folder / "attune.sqlite3") as hosted:
            await _found(hosted, people, now)
            timeline, crowd = await _past(hosted, people, began, weeks, real_now, guide.prepare)
            guide.begin(timeline, crowd)
            async with beside(timeline.run()):
                yield Playground(sandbox, hosted, timeline, guide.tour)
    finally:
        await sandbox.stop()


async def _found(hosted: Hosted, people: list[DemoPerson], now: datetime) -> None:
    """Let Attune get to know the company, and Maya set up what runs from then on."""
    newcomers = {person.id for person in brightwater.newcomers(people, now.date())}
    await hosted.do_all_that_is_due(hosted.runtime.clock())
    await hosted.import_directory(directory_of(people))
    await history.begin(hosted, people, newcomers)


async def _past(
    hosted: Hosted,
    people: list[DemoPerson],
    began: datetime,
    weeks: int,
    real_now: Callable[[], datetime],
    prepare: Callable[[str], None],
) -> tuple[Timeline, Crowd]:
    """Make the weeks, the last days of them through the workspace's messages."""
    story, now = CompanyStory(began), real_now()
    past = history.Past(hosted, people, story)
    for week in range(1, weeks + 1):
        prepare(f"week {week} of {weeks}")
        await past.play_until(min(began + timedelta(weeks=week), history.last_days(now)))
    prepare(LAST_PART)
    crowd = Crowd(hosted.sandbox, people, story)
    timeline = Timeline(hosted, crowd)
    await timeline.advance_to(now)
    await timeline.advance_to(real_now())
    return timeline, crowd


class Guide:
    """What the page shows beside the workspace: the clock's buttons and the tour."""

    def __init__(
        self, sandbox: Sandbox, people: list[DemoPerson], progress: Callable[[str], None]
    ) -> None:
        self.sandbox = sandbox
        self._progress = progress
        self._preparing = PREPARING.format(part="its people")
        ids = {person.handle: person.id for person in people}
        self.tour = Tour(ids.__getitem__)
        self._roles = roles(people)
        self._visited = {ids[handle] for handle in CAST}
        """Whom visitors are or have been: nobody else acts for them any more."""
        self._timeline: Timeline | None = None
        self._crowd: Crowd | None = None

    def extras(self) -> Extras:
        """Return the demo's parts of the page."""
        return Extras(
            advance=self._advance,
            preparing=lambda: self._preparing,
            roles=self._roles,
            became=self._became,
            tour_steps=self.tour.steps,
            tour_title=TITLE,
            tour_end=END,
            start_as=brightwater.MAYA,
            start_in=HR_CHANNEL,
        )

    def prepare(self, part: str) -> None:
        """Say which part of the past is made next, on the pages and to `progress`."""
        self._preparing = PREPARING.format(part=part)
        self._progress(part)
        self.sandbox.world.tell("clock_moved")  # the pages look at the clock and the banner

    def begin(self, timeline: Timeline, crowd: Crowd) -> None:
        """Hand the clock to the visitors, and watch what they do from now on."""
        self._timeline, self._crowd, self._preparing = timeline, crowd, ""
        crowd.leave_alone(self._visited)
        sandbox, tour = self.sandbox, self.tour
        bot = sandbox.app.bot_user_id
        sandbox.engine.log.subscribe(lambda record: tour.note(deed_of_record(record)))
        sandbox.world.subscribe(lambda change: tour.note(deed_of_change(change, HR_CHANNEL, bot)))
        sandbox.world.tell("clock_moved")  # the pages see that it can be moved

    def _became(self, user_id: str) -> None:
        self._visited.add(user_id)
        if self._crowd is not None:
            self._crowd.leave_alone({user_id})

    async def _advance(self, by: timedelta) -> None:
        if self._timeline is None:
            raise DemoError("The company's past is still being made.")
        await self._timeline.advance(by)


def roles(people: Sequence[DemoPerson]) -> list[Role]:
    """Return whom a visitor may want to be, and what they are."""
    lead = next(person for person in people if person.team.name == brightwater.SUPPORT)
    return [
        Role(brightwater.MAYA, "HR admin"),
        Role(brightwater.EMPLOYEE, "Employee, an engineer"),
        Role(brightwater.MENTOR, "Mentor, a designer"),
        Role(lead.handle, f"Leads {lead.team.name}"),
    ]


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something go on while the block runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
