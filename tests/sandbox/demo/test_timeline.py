"""Time moves for the whole demo: nothing that falls due on the way is jumped over."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.actor import Actor
from bot.digest.service import subscribe
from bot.surveys.service import create_survey
from models import Figure, OpenAnswer, Wave
from sandbox.clock import Clock, utc_now
from sandbox.demo import brightwater, history, mentoring
from sandbox.demo.company import HR_CHANNEL, people
from sandbox.demo.company import directory_csv as small_directory
from sandbox.demo.company import workspace as small_workspace
from sandbox.demo.crowd import Crowd
from sandbox.demo.hosting import ROOT, Hosted, hosting
from sandbox.demo.moods import CompanyStory
from sandbox.demo.staff import directory_of
from sandbox.demo.timeline import Timeline
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.state import Change, Json
from sandbox.workspace import build_world, manifest_settings

MONDAY = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@asynccontextmanager
async def company(described: Json, directory: str, folder: Path) -> AsyncIterator[Hosted]:
    """A company with bot and scheduler, on a Monday morning."""
    began = utc_now()
    described["app"] = manifest_settings(ROOT / "manifest.json")
    world = build_world(described, Clock(lambda: MONDAY + (utc_now() - began)))
    async with (
        Sandbox(world, Options(rate_limits=None)) as sandbox,
        hosting(sandbox, folder / "attune.sqlite3") as hosted,
    ):
        await hosted.do_all_that_is_due(world.clock.now())
        await hosted.import_directory(directory)
        yield hosted


async def count(hosted: Hosted, table: type) -> int:
    async with hosted.runtime.sessions.begin() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_week_passes_with_all_that_happens_in_it(tmp_path: Path) -> None:
    async with company(small_workspace(), small_directory(), tmp_path) as hosted:
        staff, world = people(), hosted.sandbox.world
        crowd = Crowd(hosted.sandbox, staff, CompanyStory(MONDAY))
        timeline = Timeline(hosted, crowd)
        crowd.leave_alone({staff[0].id})
        asked: Counter[str] = Counter()
        moves: list[datetime] = []

        def note(change: Change) -> None:
            if change.kind == "message_posted" and change.channel and change.channel.is_direct:
                asked[f"{world.clock.now():%a %H}"] += 1
            if change.kind == "clock_moved":
                moves.append(world.clock.now())

        world.subscribe(note)
        async with hosted.runtime.sessions.begin() as session:
            actor = Actor(world.team.id, staff[0].id)
            await create_survey(session, actor, history.weekly_pulse(), None, timeline.now())

        await timeline.advance(timedelta(days=7))

        assert timeline.now() - MONDAY >= timedelta(days=7)
        assert moves == sorted(moves)
        # Each is asked at ten in their own zone: Berlin, Lisbon, Toronto; some are reminded.
        assert (asked["Tue 09"], asked["Tue 10"], asked["Tue 15"]) == (
            sum(person.place.name == "Berlin" for person in staff),
            sum(person.place.name == "Lisbon" for person in staff),
            sum(person.place.name == "Toronto" for person in staff),
        )
        assert 0 < asked["Wed 09"] + asked["Wed 10"] + asked["Wed 15"] < len(staff) / 2
        assert crowd.next_at() is None
        async with hosted.runtime.sessions.begin() as session:
            wave = (await session.scalars(select(Wave))).one()
        assert wave.status == "published"
        assert wave.responded is not None
        assert len(staff) / 2 < wave.responded < len(staff)
        # Whom a visitor plays, nobody else answers for.
        assert "pulse:answer:3" in str(hosted.sandbox.messages("dm", staff[0].id)[-1])


async def test_the_past_is_made_of_real_answers_waves_and_digests(tmp_path: Path) -> None:
    staff = brightwater.staff(MONDAY.date())
    described = brightwater.workspace(staff, MONDAY.date())
    async with company(described, directory_of(staff), tmp_path) as hosted:
        newcomers = {person.id for person in brightwater.newcomers(staff, MONDAY.date())}
        await history.begin(hosted, staff, newcomers)
        past = history.Past(hosted, staff, CompanyStory(MONDAY))
        await past.play_until(MONDAY + timedelta(weeks=1, hours=4))
        assert await count(hosted, Wave) == 2
        assert await count(hosted, OpenAnswer) == 0, "published, then forgotten"
        assert await count(hosted, Figure) > 20
        nothing_yet, digest = hosted.sandbox.messages(HR_CHANNEL)
        assert "*Workload*" not in str(nothing_yet["blocks"])
        assert "*Workload*" in str(digest["blocks"])
        # The questions themselves are not posted.
        sent = str([hosted.sandbox.messages("dm", person.id) for person in staff])
        assert "pulse:" not in sent
        assert "mentoring:" in sent


async def test_in_the_past_everybody_is_written_to_in_their_working_hours(tmp_path: Path) -> None:
    staff = brightwater.staff(MONDAY.date())
    described = brightwater.workspace(staff, MONDAY.date())
    async with company(described, directory_of(staff), tmp_path) as hosted:
        async with hosted.runtime.sessions.begin() as session:
            actor, now = Actor(hosted.sandbox.world.team.id, staff[0].id), hosted.runtime.clock()
            await subscribe(session, actor, HR_CHANNEL, 0, time(9), now)
            await mentoring.plan_rounds(session, actor, now)
            await mentoring.join(session, actor.workspace_id, staff, now)
        past = history.Past(hosted, staff, CompanyStory(MONDAY))
        await past.play_until(MONDAY + timedelta(weeks=5))
        hours = [
            datetime.fromtimestamp(float(message["ts"]), ZoneInfo(person.place.tz))
            for person in staff
            for message in hosted.sandbox.messages("dm", person.id)
        ]
        assert len(hours) > 20
        assert {(hour.weekday() < 5, 8 <= hour.hour < 18) for hour in hours} == {(True, True)}


@pytest.mark.parametrize(
    ("now", "began"),
    [
        (datetime(2026, 11, 9, 10, 0, tzinfo=UTC), datetime(2026, 8, 17, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), datetime(2026, 8, 17, 6, 0, tzinfo=UTC)),
    ],
)
def test_the_history_begins_on_a_monday_twelve_weeks_ago_or_more(
    now: datetime, began: datetime
) -> None:
    assert history.beginning(now) == began
    assert timedelta(days=3) <= now - history.last_days(now) < timedelta(days=10, hours=18)
