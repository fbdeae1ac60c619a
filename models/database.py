"""The declarative base, the column types that every table shares, and the engine."""

import hmac
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
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
"""Milliseconds that rewriting a table waits for transactions that use it."""
_SQLITE_BEGIN: Final = "attune_sqlite_begin"
"""Execution option: how a transaction begins on SQLite; empty for none at all."""
TRUSTED_SECONDS = 10
"""A connection used so lately is taken as it is."""


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
        """Give the moment back with its zone."""
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
    Raises sqlalchemy.exc.ArgumentError for what is no URL, ValueError for another database.
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
    """Create the engine; a connection that died is noticed and replaced before it is used.

    `connections` is the most that PostgreSQL sees of this process, SQLAlchemy's 15 by default.
    SQLite takes one writer at a time and lets the others sleep between tries, so one connection
    that tasks queue for is many times faster under load. A task therefore holds at most one
    session at a time.
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
    """Let a connection that takes too long raise an error of ours.

    The driver's is a bare TimeoutError, which is also what a silent Slack raises.
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
    """Open a transaction that only reads: on SQLite, it takes no lock that a writer needs.

    Writing in it is a bug: PostgreSQL refuses it, and a lock that is asked for as well.
    """
    async with sessions.begin() as session:
        await session.connection(execution_options=_READING)
        yield session


async def be_quick(session: AsyncSession) -> None:
    """Promise that the rest of a transaction reads and writes only a few rows by their keys.

    On SQLite its statements then run at once: to go to the connection's thread and back costs five
    times what such a statement does. The first, which may wait for a lock, and the commit, which
    may wait for the disk, still run in the thread.
    """
    opened = (await session.connection()).sync_connection
    raw: Any = opened and opened.connection.dbapi_connection
    if isinstance(raw, SqliteConnection):
        raw.is_quick = True


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements that run often and need no objects."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 (no model of ours is mapped to anything else)
    return table


def insert_into(session: AsyncSession, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`.

    Both databases have them, SQLAlchemy's portable `insert` does not.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _replace_dead_connections(engine: AsyncEngine) -> None:
    """Let the pool replace a connection that is closed, or does not answer after a rest.

    `pool_pre_ping` asks the server each time, which is three round trips before a transaction of
    six. The driver learns by itself when the server closes a connection. So only a connection that
    rested is asked: a firewall may have dropped it without a word.
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
    """Make SQLite keep its promises: foreign keys, overwritten deletions, no lock upgrade midway.

    BEGIN IMMEDIATE takes the write lock at the start, so that two writers queue
    instead of failing with "database is locked" at the first write; `reading` needs none
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
    """Return the HMAC of a text in hexadecimal, for statements; NULL without a key."""
    return None if key is None else hmac.new(key, text.encode(), sha256).hexdigest()


async def overwrite_deleted(
    sessions: Sessions, tables: Collection[str], rewritten: Collection[str] = ()
) -> bool:
    """Let the disk forget what was deleted or replaced in these tables.

    SQLite: every change in the write-ahead log moves to the main file, where deleted content is
    overwritten (`secure_delete`), and the log is cut to nothing; False while another process reads
    or writes (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). PostgreSQL: VACUUM removes
    row versions that nobody can see any more, but leaves their bytes in the page until the space is
    used again; so the `rewritten` tables, which are small, move to a new file. False while their
    rows are in use (https://www.postgresql.org/docs/current/sql-vacuum.html).
    """
    engine: AsyncEngine = sessions.kw["bind"]
    if engine.dialect.name == "postgresql":
        return await _vacuum(engine, tables, rewritten)
    async with engine.connect() as connection:
        await connection.execution_options(**{_SQLITE_BEGIN: ""})
        busy, *_ = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not busy


async def _vacuum(engine: AsyncEngine, tables: Collection[str], rewritten: Collection[str]) -> bool:
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
    """Tell whether an error means that the database cannot be reached or is too busy just now.

    A Slack that cannot be reached raises OSErrors, too: aiohttp's own and a bare TimeoutError.
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
    """Tell whether an error means that tables are missing."""
    return _sqlstate(error) == UNDEFINED_TABLE


def _sqlstate(error: BaseException) -> str:
    """Return PostgreSQL's code of an error, empty where there is none."""
    original = getattr(error, "orig", error)
    for source in (original, getattr(original, "__cause__", None)):
        state = getattr(source, "sqlstate", None)
        if isinstance(state, str):
            return state
    return ""
