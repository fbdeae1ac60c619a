"""The declarative base, the column types that every table shares, and the engine."""

import hmac
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final

import aiohttp
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection, DateTime, MetaData, String, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from models.sqlite import Connection as SqliteConnection
from models.sqlite import OneVisit

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

CANNOT_SERVE_NOW = ("08", "53", "57", "58")
"""PostgreSQL's classes: connection, resources, operator intervention, system error.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""
UNDEFINED_TABLE = "42P01"
LOCK_NOT_AVAILABLE = "55P03"
REWRITING_WAITS: Final = 500
"""How many milliseconds the rewrite of a table waits for its lock."""
_SQLITE_BEGIN: Final = "attune_sqlite_begin"
"""Execution option: the BEGIN statement on SQLite; empty for no transaction."""
TRUSTED_SECONDS = 10
"""A connection that was used this recently is not pinged."""


class DatabaseSettings(BaseSettings):
    """Where the data is; read from the environment or `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str = "sqlite:///attune.sqlite3"


class DatabaseSilentError(OSError):
    """The database did not answer in time when a connection was opened."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment, on databases with time zones and without.

    Raises ValueError for a naive datetime: a moment without a zone is a bug at its source.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert any aware moment to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        in_utc = value.astimezone(UTC)
        return in_utc if dialect.name == "postgresql" else in_utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SlackId = Annotated[str, mapped_column(String(32))]
Key = Annotated[str, mapped_column(String(32))]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]


class Base(DeclarativeBase):
    """Base of every table; constraints are named by one convention."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


Sessions = async_sessionmaker[AsyncSession]
Transaction = AsyncSession | AsyncConnection
"""What runs statements on tables; only a session has objects."""

KEY_SHARE: Final = {"key_share": True}
"""`with_for_update` of a row that others refer to: rows that refer to it can be inserted meanwhile.

https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
"""
_READING: Final = {_SQLITE_BEGIN: "BEGIN DEFERRED", "postgresql_readonly": True}


def new_key() -> str:
    """Return a fresh random row id: 32 hexadecimal characters that tell no order or time."""
    return uuid.uuid4().hex


def normalise_url(database_url: str) -> URL:
    """Read a database URL as people and platforms write it and name the async driver.

    `postgres://` (as Heroku gives it), `postgresql://` and `sqlite://` are accepted.
    Raises sqlalchemy.exc.ArgumentError for an invalid URL, ValueError for another database.
    """
    url = make_url(database_url)
    backend = url.drivername.partition("+")[0]
    if backend in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+asyncpg")
    if backend == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    raise ValueError("only PostgreSQL and SQLite are supported")


def make_engine(
    database_url: str, *, connections: int | None = None, **options: Any
) -> AsyncEngine:
    """Create the engine. Dead connections are replaced before they are used.

    `connections` limits this process's connections to PostgreSQL; SQLAlchemy's default is 15.
    SQLite allows one writer at a time, and the others sleep between tries. One connection that
    tasks queue for is many times faster under load, so a task holds at most one session at a time.
    """
    url = normalise_url(database_url)
    if url.get_backend_name() == "postgresql":
        if connections is not None:
            options |= {"pool_size": connections, "max_overflow": 0}
        engine = create_async_engine(url, **options)
        _replace_dead_connections(engine)
    else:
        defaults = {"pool_size": 1, "max_overflow": 0, "module": OneVisit()}
        engine = create_async_engine(url, **{**defaults, **options})
        _prepare_sqlite(engine)
    _name_silence(engine)
    return engine


def _name_silence(engine: AsyncEngine) -> None:
    """Raise DatabaseSilentError when opening a connection takes too long.

    The driver raises a bare TimeoutError, and so does a call to Slack that times out.
    """

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(
        dialect: Dialect, _record: ConnectionPoolEntry, arguments: Any, parameters: Any
    ) -> DBAPIConnection:
        try:
            return dialect.connect(*arguments, **parameters)
        except TimeoutError as error:
            raise DatabaseSilentError from error


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Create the session factory; loaded rows stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def reading(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Open a read-only transaction. On SQLite it takes no lock that a writer needs.

    Writing in it is a bug. PostgreSQL refuses writes and row locks.
    """
    async with sessions.begin() as session:
        await session.connection(execution_options=_READING)
        yield session


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that reads the database as it is at one moment, however long it takes."""
    options: dict[str, Any] = {**_READING}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    async with engine.connect() as connection:
        await connection.execution_options(**options)
        yield connection


@asynccontextmanager
async def quick(sessions: Sessions) -> AsyncIterator[AsyncConnection]:
    """Open a transaction for a few statements that read and write rows by their keys.

    It has no session: opening and closing one costs more than such a statement. On SQLite the
    statements run on the event loop, because the way to the connection's thread and back costs five
    times as much. The first may wait for a lock and the commit for the disk, so these two still run
    in the thread.
    """
    engine: AsyncEngine = sessions.kw["bind"]
    async with engine.begin() as connection:
        opened = connection.sync_connection
        raw: Any = opened and opened.connection.dbapi_connection
        if isinstance(raw, SqliteConnection):
            raw.is_quick = True
        yield connection


def backend(transaction: Transaction) -> str:
    """Return the kind of a transaction's database: `postgresql` or `sqlite`."""
    if isinstance(transaction, AsyncConnection):
        return transaction.dialect.name
    return transaction.get_bind().dialect.name


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements that run often and need no objects."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 (all our models are mapped to tables)
    return table


def insert_into(session: AsyncSession, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`.

    Both databases have them; SQLAlchemy's portable `insert` does not.
    """
    if backend(session) == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _replace_dead_connections(engine: AsyncEngine) -> None:
    """Replace connections that are closed, or do not answer after a pause.

    `pool_pre_ping` pings the server each time: three round trips before a transaction of six. The
    driver notices when the server closes a connection. A firewall may drop an idle one without
    notice, so only idle connections are pinged.
    """

    @event.listens_for(engine.sync_engine, "checkin")
    def note_time(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def check(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: Any) -> None:
        dialect = engine.sync_engine.dialect
        if dialect.get_driver_connection(connection).is_closed():
            raise DisconnectionError
        if time.monotonic() - record.info.get("used", time.monotonic()) > TRUSTED_SECONDS:
            try:
                dialect.do_ping(connection)
            except dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Set up SQLite: foreign keys, overwritten deletions, no lock upgrade within a transaction.

    BEGIN IMMEDIATE takes the write lock at the start, so two writers queue instead of failing with
    "database is locked" at the first write. `reading` needs no such lock
    (https://docs.sqlalchemy.org/en/21/dialects/sqlite.html, "Pysqlite / transactions").
    """

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("hmac_sha256", 2, _hmac_sha256, deterministic=True)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        opened: Any = connection.connection.dbapi_connection
        opened.begin_with = connection.get_execution_options().get(_SQLITE_BEGIN, "BEGIN IMMEDIATE")


def _hmac_sha256(key: bytes | None, text: str) -> str | None:
    """Return the HMAC of a text in hexadecimal, as an SQL function; NULL without a key."""
    return None if key is None else hmac.new(key, text.encode(), sha256).hexdigest()


async def overwrite_deleted(
    sessions: Sessions, tables: Collection[str], rewritten: Collection[str] = ()
) -> bool:
    """Remove from the disk what was deleted or replaced in these tables.

    SQLite: moves the write-ahead log into the main file, where deleted content is overwritten
    (`secure_delete`), and truncates the log. Returns False while another process reads or writes
    (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
    PostgreSQL: VACUUM removes dead row versions, but their bytes stay in the page until the space
    is reused. The `rewritten` tables are small, so they move to a new file. Returns False while
    their rows are in use (https://www.postgresql.org/docs/current/sql-vacuum.html).
    """
    engine: AsyncEngine = sessions.kw["bind"]
    if engine.dialect.name == "postgresql":
        return await _vacuum(engine, tables, rewritten)
    if _is_log_empty(engine):
        return True
    async with engine.connect() as connection:
        await connection.execution_options(**{_SQLITE_BEGIN: ""})
        busy, *_ = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not busy


def _is_log_empty(engine: AsyncEngine) -> bool:
    """Return True if there is nothing to move; truncating an empty log locks writers out, too."""
    log = Path(f"{engine.url.database}-wal")
    return log.exists() and not log.stat().st_size


async def _vacuum(engine: AsyncEngine, tables: Collection[str], rewritten: Collection[str]) -> bool:
    if not tables and not rewritten:
        return True
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if tables:
            await connection.exec_driver_sql(f"VACUUM {', '.join(sorted(tables))}")
        # Presses wait behind this lock, so it gives up soon.
        await connection.exec_driver_sql(f"SET lock_timeout = {REWRITING_WAITS}")
        try:
            for table in rewritten:
                await connection.exec_driver_sql(f"VACUUM (FULL) {table}")
        except DBAPIError as error:
            if _sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            return False
        finally:
            await connection.exec_driver_sql("RESET lock_timeout")
    return True


def is_unavailable(error: BaseException) -> bool:
    """Return True if an error means that the database is out of reach or too busy.

    Calls to Slack raise OSErrors as well: aiohttp's own and a bare TimeoutError.
    """
    if isinstance(error, PoolTimeoutError):
        return True
    if isinstance(error, aiohttp.ClientError) or type(error) is TimeoutError:
        return False
    original = getattr(error, "orig", error)
    cause = getattr(original, "__cause__", None) or original
    if isinstance(cause, sqlite3.OperationalError | OSError):
        return True
    return _sqlstate(error)[:2] in CANNOT_SERVE_NOW


def is_unmigrated(error: BaseException) -> bool:
    """Return True if an error means that tables are missing."""
    return _sqlstate(error) == UNDEFINED_TABLE


def _sqlstate(error: BaseException) -> str:
    """Return PostgreSQL's code of an error, or an empty text."""
    original = getattr(error, "orig", error)
    for source in (original, getattr(original, "__cause__", None)):
        state = getattr(source, "sqlstate", None)
        if isinstance(state, str):
            return state
    return ""
