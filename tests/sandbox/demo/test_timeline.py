"""Time moves for the whole demo: nothing that falls due on the way is jumped over."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from models import Figure, OpenAnswer, Wave
from sandbox.clock import utc_now
from sandbox.demo.company import HR_CHANNEL
from sandbox.demo.engine import Demo
from sandbox.demo.timeline import monday_before
from sandbox.state import Change

MONDAY = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def demo(weeks: int) -> Demo:
    """A company that arrives on a Monday morning, after a past without messages."""
    began = utc_now()
    return Demo(0, lambda: MONDAY + (utc_now() - began), weeks, timedelta(0))


async def count(company: Demo, table: type) -> int:
    async with company.hosted.runtime.sessions.begin() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_days_pass_with_all_that_happens_in_them(tmp_path: Path) -> None:
    company = demo(0)
    async with company.running(tmp_path / "demo"):
        staff, world = company.company.people, company.sandbox.world
        company.crowd.leave_alone({staff[0].id})
        asked: Counter[str] = Counter()
        moves: list[datetime] = []

        zones = {person.id: ZoneInfo(person.place.tz) for person in staff}

        def note(change: Change) -> None:
            if change.kind == "message_posted" and "Weekly pulse" in str(change.message):
                members = change.channel.members if change.channel else ()
                for reader in (each for each in members if each in zones):
                    asked[f"{world.clock.now().astimezone(zones[reader]):%a %H}"] += 1
            if change.kind == "clock_moved":
                moves.append(world.clock.now())

        world.subscribe(note)
        await company.timeline.advance(timedelta(days=2, hours=12))

        assert company.timeline.now() - MONDAY >= timedelta(days=2, hours=12)
        assert moves == sorted(moves)
        # Everybody is asked at ten in their own zone, or with something else of that day at nine.
        assert asked["Tue 10"] > 0.8 * len(staff)
        assert asked["Tue 09"] + asked["Tue 10"] == len(staff)
        assert 0 < asked["Wed 09"] + asked["Wed 10"] + asked["Wed 11"] < len(staff) / 2
        assert await count(company, OpenAnswer) > len(staff)
        # Nobody else answers for a person whom a visitor plays.
        assert "pulse:answer:3" in str(company.sandbox.messages("dm", staff[0].id)[-1])


async def test_the_past_is_made_of_real_answers_waves_and_digests(tmp_path: Path) -> None:
    company = demo(2)
    async with company.running(tmp_path / "demo"):
        assert await count(company, Wave) == 3
        assert await count(company, OpenAnswer) == 0, "published, then forgotten"
        assert await count(company, Figure) > 100
        nothing_yet, *_, digest = company.sandbox.messages(HR_CHANNEL)
        assert "Workload" not in str(nothing_yet["blocks"])
        assert "Workload *" in str(digest["blocks"])
        sent = [
            (datetime.fromtimestamp(float(message["ts"]), ZoneInfo(person.place.tz)), str(message))
            for person in company.company.people
            for message in company.sandbox.messages("dm", person.id)
        ]
    assert len(sent) > 20
    assert not any("pulse:" in text for _, text in sent), "the questions are not posted"
    assert any("mentoring:" in text for _, text in sent)
    assert {(hour.weekday() < 5, 8 <= hour.hour < 18) for hour, _ in sent} == {(True, True)}


@pytest.mark.parametrize("day", [9, 15])
def test_weeks_begin_on_monday_morning(day: int) -> None:
    now = datetime(2026, 11, day, 10, 0, tzinfo=UTC)
    assert monday_before(now) == datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
