"""How long presses wait while a scheduler process is busy, beside an idle one.

The scheduler sends 50 of 20,000 messages a second, publishes a wave of 20,000 people and solves a
mentoring round of 1,000, all at once and on the same database. Presses are signed requests over
HTTP that come at a steady pace. Idle rounds are measured before and after the busy ones.
"""

import asyncio
import logging
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from itertools import islice
from statistics import median, quantiles

from sqlalchemy import func, insert, select, update

from bot.actor import Actor
from bot.listening import call_at_stop
from bot.mentoring.profiles.pure.topics import curated
from bot.mentoring.programme.service import plan_round
from bot.pulse.blocks import question_message
from bot.pulse.sealing import seal
from bot.pulse.service import first_step
from bot.runtime import Runtime
from models import (
    Delivery,
    Invitation,
    MentoringMatch,
    MentoringProfile,
    RoleGrant,
    Wave,
    Workspace,
)
from scheduler.pulse import open_waves
from scheduler.running import run_until_stopped
from scheduler.schedule import SCHEDULE
from tests.bench.bench_answers import PEOPLE as PRESSING
from tests.bench.bench_answers import QUESTIONS, WARM_UP, Presses, Served, on_each_database, served
from tests.bench.bench_capacity import scheduler_runtime
from tests.bench.bench_publishing import CLOSED, answer, fill
from tests.bench.demands import Demand, report
from tests.bench.fake_slack import FakeSlack, fake_slack
from tests.conftest import NOW
from tests.factories import JOINED, WORKSPACE, question, survey
from tests.pulse.waves import OpenWave

PEOPLE, TEAMS, MENTORING = 20_000, 400, 1_000
A_SECOND_SENT = 50
ROUNDS = 5
PRESSES, A_SECOND = 200, 20
MOST = 2.0
BUSY = [
    entry for entry in SCHEDULE if entry.name in ("publish_waves", "hold_rounds", "send_deliveries")
]


async def prepare(runtime: Runtime) -> Presses:
    """Store a sealed wave, a planned round, and an open wave that is to be sent."""
    sessions = runtime.sessions
    await fill(sessions, PEOPLE, TEAMS)
    async with sessions.begin() as session:
        await session.execute(update(Workspace).values(bot_token="xoxb-bench"))
    await open_waves(runtime, NOW)
    await answer(sessions)
    async with sessions.begin() as session:
        wave = (await session.scalars(select(Wave))).one()
        people = sorted(await session.scalars(select(Invitation.employee_id)))
        await seal(session, WORKSPACE, wave.id, CLOSED)
        topics = [topic.name for topic in curated()][:60]
        profiles = [
            {"workspace_id": WORKSPACE, "employee_id": person, "joined_at": NOW}
            | {"offers": topics[:4] if number % 5 == 0 else []}
            | {"wants": [] if number % 5 == 0 else topics[number % 20 :][:3]}
            | {"capacity": 5, "looking_since": None if number % 5 == 0 else NOW}
            for number, person in enumerate(people[:MENTORING])
        ]
        await session.execute(insert(MentoringProfile), profiles)
        asked = [
            question(n, text=f"Question {n} of the bench?", driver="own") for n in range(QUESTIONS)
        ]
        session.add(survey(*asked, name="Second", next_open_at=NOW, next_on=NOW.date()))
    await open_waves(runtime, NOW)
    async with sessions.begin() as session:
        admin = {"workspace_id": WORKSPACE, "employee_id": people[0]}
        await session.execute(insert(RoleGrant).values(role="admin", granted_at=JOINED, **admin))
        assert await plan_round(session, Actor(WORKSPACE, people[0]), NOW)
        wave = (await session.scalars(select(Wave).where(Wave.status == "open"))).one()
        assert wave.key
        assert wave.press_key
        opened = OpenWave(wave.id, wave.key, wave.press_key, tuple(people[-PRESSING:]))
        step = await first_step(session, WORKSPACE, wave.id, people[-1])
        assert step
    return Presses(opened, question_message(step).blocks)


async def run_scheduler(url: str, port: int) -> None:
    """Do the work until this process is ended; the parts of the work begin at once."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # as the scheduler does
    async with scheduler_runtime(url, FakeSlack(port), A_SECOND_SENT) as runtime:
        call_at_stop(runtime.stopping.set)
        await run_until_stopped(runtime, BUSY)


async def steady_round(side: Served, presses: Presses) -> float:
    """Press at a steady pace, however long answers take; return the p99 in milliseconds."""
    seconds: list[float] = []
    made = iter([presses.make() for _ in range(PRESSES)])
    under_way = []
    begun = time.perf_counter()
    for number in range(PRESSES):
        await asyncio.sleep(max(0.0, begun + number / A_SECOND - time.perf_counter()))
        under_way.append(asyncio.create_task(side.press(islice(made, 1), seconds)))
    await asyncio.gather(*under_way)
    return 1000 * quantiles(seconds, n=100)[98]


async def work_done(runtime: Runtime) -> str:
    """Say how far the scheduler has come."""
    async with runtime.reading() as session:
        sent = await session.scalar(
            select(func.count()).select_from(Delivery).where(Delivery.status == "sent")
        )
        published = await session.scalar(select(Wave.id).where(Wave.status == "published"))
        matches = await session.scalar(select(func.count()).select_from(MentoringMatch))
    return f"{sent:,} messages sent, wave published: {bool(published)}, {matches:,} matches"


async def measure(database: str, url: str) -> list[Demand]:
    """Press while the scheduler is idle, busy, and idle again."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(fake_slack())
        runtime = await stack.enter_async_context(scheduler_runtime(url, slack))
        presses = await prepare(runtime)
        side = await stack.enter_async_context(served("attune", url))
        await side.take(presses, WARM_UP, 10)
        idle = [await steady_round(side, presses) for _ in range(ROUNDS)]
        program = [sys.executable, "-m", "tests.bench.bench_load", url, str(slack.port)]
        scheduler = subprocess.Popen(program)  # noqa: ASYNC220 (at once)
        try:
            busy = [await steady_round(side, presses) for _ in range(ROUNDS)]
        finally:
            scheduler.terminate()
            scheduler.wait(timeout=60)
        done = await work_done(runtime)
        idle += [await steady_round(side, presses) for _ in range(ROUNDS)]
    report(
        f"{database}, {A_SECOND} presses a second: p99 {median(idle):.0f} ms idle, "
        f"{median(busy):.0f} ms busy ({done})"
    )
    return [Demand(f"p99 while busy, {database}", median(busy) / median(idle), MOST, "× idle")]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(run_scheduler(sys.argv[1], int(sys.argv[2])))
    else:
        sys.exit(on_each_database(measure))
