"""A large wave from opening to publication, end to end, with writers of another process beside it.

The longest wait of a write beside it tells how long any transaction held SQLite's one write lock.
"""

import asyncio
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from bot.insights.publishing import (
    ANSWER_TABLES,
    compute_publication,
    read_sealed_wave,
    store_publication,
)
from bot.pulse.asking import queue_messages
from bot.pulse.opening import WavePeople, open_wave, plan_wave, read_audience
from bot.pulse.pure.tokens import respondent_token
from bot.pulse.sealing import seal
from models import Base, Employee, Figure, Invitation, OpenAnswer, Wave
from models.database import Sessions, make_engine, make_sessions, overwrite_deleted, reading
from scheduler.pulse import QUEUE_PAUSE
from tests.bench.bench_disclosure import company
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW
from tests.factories import WORKSPACE, question, survey, workspace

ANSWERING = 0.9
PART = 500
CLOSED = NOW + timedelta(days=5)
LONGEST_WAIT = 0.5
MOST_SECONDS = 10.0
MOST_MIB = 1024.0


WRITER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
longest = 0.0
while not sys.stdin.closed:
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    longest = max(longest, time.perf_counter() - began)
    connection.execute("COMMIT")
    print(longest, flush=True)
    time.sleep(0.005)
"""


@contextmanager
def writing_beside(path: Path) -> Iterator[list[float]]:
    """Write to the database all the time, as presses in another process do.

    The list has the longest wait for the write lock, in seconds, once the context has ended.
    """
    longest: list[float] = []
    with tempfile.TemporaryFile("w+") as told:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=told)
        try:
            yield longest
        finally:
            writer.terminate()
            writer.wait()
        told.seek(0)
        longest.append(float(told.read().split("\n")[-2]))


@asynccontextmanager
async def database(url: str) -> Any:
    """Create the tables; the engine ends with the context."""
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield make_sessions(engine)
    await engine.dispose()


async def insert_in_parts(sessions: Sessions, table: type[Base], rows: list[Any]) -> None:
    """Insert rows as many presses would: each part in a transaction of its own."""
    for start in range(0, len(rows), PART):
        async with sessions.begin() as session:
            await session.execute(insert(table), rows[start : start + PART])


async def fill(sessions: Sessions, people: int, teams: int) -> str:
    """Store a company and a survey of three questions that is due; return its id."""
    async with sessions.begin() as session:
        session.add(workspace())
    rows = [
        {
            "workspace_id": WORKSPACE,
            "id": person,
            "name": person,
            "active": True,
            "tz": "Europe/Berlin",
            "team": attributes.team,
            "department": attributes.department,
            "location": attributes.location,
        }
        for person, attributes in company(people, teams, 25).items()
    ]
    await insert_in_parts(sessions, Employee, rows)
    made = survey(
        question(0),
        question(1, text="I am learning.", driver="growth"),
        question(2, text="Would you recommend us?", driver="commitment", scale="enps"),
        next_open_at=NOW,
        next_on=NOW.date(),
    )
    async with sessions.begin() as session:
        session.add(made)
    return made.id


async def answer(sessions: Sessions) -> None:
    """Let nine of ten people answer all three questions."""
    rng = random.Random(1)
    async with reading(sessions) as session:
        wave = (await session.scalars(select(Wave))).one()
        invited = (
            await session.execute(select(Invitation.employee_id, Invitation.cohort_id))
        ).all()
    assert wave.key is not None
    rows = [
        {
            "workspace_id": WORKSPACE,
            "wave_id": wave.id,
            "token": respondent_token(wave.key, person),
            "position": position,
            "cohort_id": cohort,
            "value": rng.randint(1, 5),
        }
        for person, cohort in invited
        if rng.random() < ANSWERING
        for position in range(3)
    ]
    await insert_in_parts(sessions, OpenAnswer, rows)


async def timed(what: str, work: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Do something, print how long it took, and return both."""
    began = time.perf_counter()
    result = await work()
    seconds = time.perf_counter() - began
    report(f"   {what}: {seconds:.2f} s")
    return seconds, result


async def a_wave(sessions: Sessions, people: int, teams: int) -> float:
    """Open, answer, seal and publish a wave; return the seconds that publishing took."""
    survey_id = await fill(sessions, people, teams)

    async def opened() -> None:
        async with reading(sessions) as session:
            audience = await read_audience(session, WORKSPACE, survey_id, None, NOW)
        assert isinstance(audience, WavePeople)
        plan = await asyncio.to_thread(plan_wave, audience)
        async with sessions.begin() as session:
            opened = await open_wave(session, plan, NOW)
        assert opened
        last: str | None = ""
        while last is not None:
            async with sessions.begin() as session:
                last = await queue_messages(session, WORKSPACE, opened.wave_id, last)
            await asyncio.sleep(QUEUE_PAUSE)

    async def sealed() -> str:
        async with sessions.begin() as session:
            wave = (await session.scalars(select(Wave))).one()
            await seal(session, WORKSPACE, wave.id, CLOSED)
            return wave.id

    async def published() -> None:
        await overwrite_deleted(sessions, ANSWER_TABLES)
        async with reading(sessions) as session:
            source = await read_sealed_wave(session, WORKSPACE, wave_id)
        assert source
        publication = await asyncio.to_thread(compute_publication, source)
        async with sessions.begin() as session:
            await store_publication(session, publication, CLOSED)
        await overwrite_deleted(sessions, ANSWER_TABLES)

    await timed("opening", opened)
    await answer(sessions)
    _, wave_id = await timed("sealing", sealed)
    seconds, _ = await timed("publishing", published)
    async with sessions.begin() as session:
        figures = await session.scalar(select(func.count()).select_from(Figure))
        assert not await session.scalar(select(func.count()).select_from(OpenAnswer))
    report(f"   {figures} figures")
    return seconds


async def beside_presses(people: int, teams: int) -> list[Demand]:
    """Measure the longest wait of writes beside a wave on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attune.sqlite3"
        report(f"   {people:,} people in {teams} teams, SQLite, a writer beside it")
        async with database(f"sqlite:///{path}") as sessions:
            with writing_beside(path) as waits:
                await a_wave(sessions, people, teams)
    return [Demand("longest wait of a write beside a wave", waits[0], LONGEST_WAIT, "s")]


async def large(people: int, teams: int) -> list[Demand]:
    """Measure a large wave's publication and the memory of the whole process."""
    with tempfile.TemporaryDirectory() as folder:
        report(f"   {people:,} people in {teams} teams, SQLite")
        async with database(f"sqlite:///{folder}/attune.sqlite3") as sessions:
            seconds = await a_wave(sessions, people, teams)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Demand(f"publishing {people:,} people's answers", seconds, MOST_SECONDS, "s"),
        Demand("peak memory of the process", peak, MOST_MIB, "MiB"),
    ]


if __name__ == "__main__":
    demands = asyncio.run(beside_presses(6_000, 300))
    demands += asyncio.run(large(100_000, 900))
    sys.exit(judge(demands))
