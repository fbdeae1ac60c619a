"""A scheduler without anything to do: it blocks no writer, and reads indexes of what is due."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.runtime import Runtime
from models import Base
from scheduler.insights import empty_log
from scheduler.schedule import SCHEDULE, Entry, run_due
from tests.conftest import NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOURLY = (
    "apply_retention",
    "erase_uninstalled",
    "look_after_items",
    "prepare_welcomes",
    "publish_outcomes",
    "tally_months",
    "tell_value",
)
"""They look at each workspace, once an hour."""
POLLING = [entry for entry in SCHEDULE if entry.name not in HOURLY]
PARTIAL = {
    index.name
    for table in Base.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Indexes that have only the rows that a job looks for, so it may read a whole one."""


@pytest.fixture
async def idle(runtime: Runtime) -> Runtime:
    """A scheduler that has done all that was due."""
    await run_due(runtime, NOW)
    await empty_log(runtime, NOW)
    return runtime


@contextmanager
def opened(url: str) -> Iterator[sqlite3.Connection]:
    """Open the database a second time, as another process does."""
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("entry", POLLING, ids=lambda entry: str(entry.name))
async def test_an_idle_job_needs_no_lock_of_writers(
    idle: Runtime, database_url: str, entry: Entry
) -> None:
    async with idle.reading() as session:
        await session.execute(text("PRAGMA busy_timeout = 0"))
    with opened(database_url) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert await entry.job(idle, NOW) == 0


@pytest.mark.parametrize("entry", POLLING, ids=lambda entry: str(entry.name))
async def test_an_idle_job_searches_by_indexes(
    idle: Runtime, database_url: str, entry: Entry
) -> None:
    engine: AsyncEngine = idle.sessions.kw["bind"]
    asked: list[tuple[str, Any]] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        asked.append((statement, values))

    assert await entry.job(idle, NOW) == 0
    with opened(database_url) as reader:
        steps = [step for each in asked for step in plan_of(reader, *each)]
    assert not [step for step in steps if step.startswith("SCAN") and not PARTIAL & {*step.split()}]


def plan_of(reader: sqlite3.Connection, statement: str, values: Any) -> list[str]:
    """Return the steps of a query as SQLite plans them; none for other statements."""
    if not statement.startswith("SELECT"):
        return []
    plan = reader.execute(f"EXPLAIN QUERY PLAN {statement}", [str(each) for each in values])
    return [str(row[3]) for row in plan]
