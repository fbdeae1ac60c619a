"""A quarter in the life of a company, with all kinds of messages on; counts what people get.

`python -m tests.attention.quarter` prints the table for the demo's 120 people and thirteen weeks;
the test lives through a part of it. Jobs, sender and database are the real ones, and messages are
counted where they arrive: in the sandbox. What is a good moment is worked out anew here.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from bot.actor import Actor
from bot.errors import UserError
from bot.mentoring.finder import service as finder
from bot.mentoring.proposals import service as proposals
from bot.mentoring.refusals import MatchPressRefusedError
from bot.people.importing import import_people
from bot.people.pure.import_file import read_csv
from bot.people.setup_notice import FIRST_STEPS
from bot.runtime import Runtime, check_and_register, open_runtime
from bot.settings import load_settings
from models import (
    AttentionPreference,
    Delivery,
    Employee,
    MentoringMatch,
    MentoringProfile,
    MentoringProgramme,
    Wave,
)
from sandbox.clock import Clock
from sandbox.demo.company import TEAM_ID, directory_csv, workspace
from sandbox.demo.timeline import next_due
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world
from scheduler.people import sync_people
from scheduler.schedule import SCHEDULE, run_due
from tests.attention.arrivals import WEEK, Arrived, Quarter
from tests.conftest import migrate
from tests.factories import question, survey
from tests.unpaced import Unpaced

BEGIN = datetime(2026, 10, 26, 6, 0, tzinfo=UTC)
"""A Monday: the quarter has a change of the clock, All Saints, Thanksgiving and Christmas."""
TOPIC = "Kubernetes"


async def live(database_url: str, weeks: int, size: int, seed: int = 1) -> Quarter:
    """Live through some weeks with the first `size` people of the demo's company."""
    chance = Random(seed)
    async with _opened(database_url, size) as (runtime, sandbox, hands):
        await _move_in(runtime)
        await _choose(runtime, chance)
        await _plan(runtime)
        quarter = await _begin(runtime, weeks)
        seen: set[tuple[str, str]] = set()
        end = BEGIN + weeks * WEEK
        while hands["now"] < end:
            await run_due(runtime, hands["now"], SCHEDULE)
            _notice(sandbox, quarter, seen, hands["now"])
            await _press(runtime, chance, hands["now"])
            async with runtime.reading() as session:
                hands["now"] = await next_due(session, hands["now"]) or end
        await _read(runtime, quarter)
    return quarter


@asynccontextmanager
async def _opened(
    database_url: str, size: int
) -> AsyncIterator[tuple[Runtime, Sandbox, dict[str, datetime]]]:
    hands = {"now": BEGIN}
    described = workspace()
    described["users"] = described["users"][:size]
    described |= {"channels": [], "usergroups": []}
    world = build_world(described, Clock())
    async with Sandbox(world, Options(rate_limits=None)) as sandbox:
        settings = load_settings(
            _env_file=None,
            slack_bot_token=sandbox.app.bot_token,
            slack_signing_secret=sandbox.app.signing_secret,
            slack_app_token=None,
            slack_api_url=sandbox.api_url,
            database_url=database_url,
        )
        async with open_runtime(settings, clock=lambda: hands["now"]) as opened:
            runtime = replace(opened, pacing=Unpaced())
            await check_and_register(runtime)
            yield runtime, sandbox, hands


async def _move_in(runtime: Runtime) -> None:
    """Store the company."""
    await sync_people(runtime, BEGIN)
    async with runtime.sessions.begin() as session:
        known = set(await session.scalars(select(Employee.email)))
        rows = [
            replace(row, values={**row.values, "manager_email": None})
            for row in read_csv(directory_csv())
            if row.key in known
        ]
        await import_people(session, TEAM_ID, rows, BEGIN)


async def _choose(runtime: Runtime, chance: Random) -> None:
    """Let people choose, be away, and take part in mentoring."""
    async with runtime.sessions.begin() as session:
        found = await session.scalars(
            select(Employee).where(Employee.active.is_(True)).order_by(Employee.id)
        )
        for number, employee in enumerate(found.all()):
            choice = chance.random()
            chosen: dict[str, Any] = {}
            if choice < 0.1:
                chosen = {"working_days": [1, 2, 3]}
            elif choice < 0.2:
                chosen = {"days_a_week": 1}
            elif choice < 0.25:
                chosen = {"every_weeks": chance.choice([2, 4])}
            elif choice < 0.3:
                chosen = {"work_starts": time(7), "work_ends": time(12), "reminders": False}
            elif choice < 0.35:
                chosen = {"paused_until": (BEGIN + 3 * WEEK).date()}
            if chosen:
                session.add(
                    AttentionPreference(workspace_id=TEAM_ID, employee_id=employee.id, **chosen)
                )
            if chance.random() < 0.3:
                begins = BEGIN.date() + timedelta(days=chance.randrange(90))
                employee.absent_from = begins
                employee.absent_until = begins + timedelta(days=chance.randrange(1, 15))
            if number % 2:
                session.add(
                    MentoringProfile(
                        workspace_id=TEAM_ID, employee_id=employee.id,
                        offers=[TOPIC] if number % 4 == 1 else [],
                        wants=[] if number % 4 == 1 else [TOPIC],
                        languages=["en"], capacity=1, experience_years=10, coffee=True,
                        findable=True, joined_at=BEGIN,
                        looking_since=None if number % 4 == 1 else BEGIN,
                    )
                )  # fmt: skip


async def _plan(runtime: Runtime) -> None:
    """Plan a weekly, a biweekly and two single surveys, rounds of mentors and coffee."""
    surveys = (
        {"name": "Weekly pulse", "cadence": "weekly", "starts_on": date(2026, 10, 27)},
        {"name": "Settling in", "cadence": "biweekly", "starts_on": date(2026, 10, 28)},
        {"name": "On a Friday", "cadence": "once", "starts_on": date(2026, 11, 13)},
        {"name": "On Christmas Eve", "cadence": "once", "starts_on": date(2026, 12, 24)},
    )
    async with runtime.sessions.begin() as session:
        maya = (await session.scalars(select(Employee.id).order_by(Employee.id).limit(1))).one()
        for plan in surveys:
            opens_at = datetime.combine(plan["starts_on"], time(2), UTC)  # type: ignore[arg-type] # a date
            asks = question(0, text=f"How was {plan['name']}?", driver=f"own {plan['name']}")
            made = survey(asks, **plan, created_by=maya, next_on=plan["starts_on"],
                          next_open_at=opens_at, open_hours=72)  # fmt: skip
            made.workspace_id = TEAM_ID
            session.add(made)
        session.add(
            MentoringProgramme(
                workspace_id=TEAM_ID, every_weeks=4, next_round_at=BEGIN + timedelta(days=1),
                coffee_weeks=3, next_coffee_at=BEGIN + timedelta(days=2),
            )
        )  # fmt: skip


async def _begin(runtime: Runtime, weeks: int) -> Quarter:
    async with runtime.reading() as session:
        found = await session.scalars(select(Employee).where(Employee.active.is_(True)))
        chosen = await session.scalars(select(AttentionPreference))
        quarter = Quarter(
            weeks,
            {each.id: each for each in found.all()},
            {each.employee_id: each for each in chosen.all()},
        )
        session.expunge_all()
    return quarter


def _notice(sandbox: Sandbox, quarter: Quarter, seen: set[tuple[str, str]], now: datetime) -> None:
    """Note the messages that have just arrived, for each of their readers."""
    bot = sandbox.app.bot_user_id
    for channel in sandbox.world.channels.values():
        if channel.kind not in ("im", "mpim"):
            continue
        for ts, message in channel.messages.items():
            if (channel.id, ts) in seen or message.user != bot or message.files:
                continue
            seen.add((channel.id, ts))
            readers = [each for each in channel.members if each in quarter.people]
            quarter.arrived += [Arrived(person, now, channel.id) for person in readers]


async def _press(runtime: Runtime, chance: Random, now: datetime) -> None:
    """Let some people answer mentoring's proposals, and ask colleagues."""
    async with runtime.sessions.begin() as session:
        waiting = await session.scalars(
            select(MentoringMatch).where(MentoringMatch.status.in_(("proposed", "accepted")))
        )
        for match in waiting.all():
            if chance.random() < 0.7:
                continue
            by_mentor = match.status == "proposed"
            actor = Actor(TEAM_ID, match.mentor_id if by_mentor else match.mentee_id)
            use_case = proposals.accept if by_mentor else proposals.confirm
            try:
                await use_case(session, actor, match.id, now)
            except MatchPressRefusedError:
                continue
    if chance.random() < 0.2:
        async with runtime.sessions.begin() as session:
            members = list(await session.scalars(select(MentoringProfile.employee_id)))
            asker, expert = chance.sample(sorted(members), 2)
            try:
                await finder.ask(session, Actor(TEAM_ID, asker), expert, TOPIC, "How?", now)
            except UserError:
                return


async def _read(runtime: Runtime, quarter: Quarter) -> None:
    async with runtime.reading() as session:
        rows = (await session.scalars(select(Delivery))).all()
        waves = (await session.scalars(select(Wave))).all()
        session.expunge_all()
    quarter.questions = [row for row in rows if row.kind == "question"]
    quarter.waves = {wave.id: wave for wave in waves}
    quarter.kinds = Counter(row.kind for row in rows if row.status in ("sent", "settled"))
    # Whoever installs Attune is answered at once.
    introduced = {
        row.channel
        for row in rows
        if row.kind == "mentor_intro" or row.detail.get("about") == FIRST_STEPS
    }
    first: dict[str, datetime] = {}
    for each in quarter.arrived:
        if each.channel in introduced:
            first.setdefault(each.channel, each.at)
    quarter.promised = set(first.items())


def main() -> None:
    """Print the table of a whole quarter."""
    weeks, size = int(sys.argv[1]) if sys.argv[1:] else 13, 120
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'quarter.sqlite3'}"
        migrate(url)
        print(asyncio.run(live(url, weeks, size)).table())  # noqa: T201 (its purpose)


if __name__ == "__main__":
    main()
