"""The declarative base, the column types that every table shares, and the engine."""

import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection, DateTime, MetaData, String, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

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


class DatabaseSettings(BaseSettings):
    """Where the data is; read from the environment or `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str = "sqlite:///attune.sqlite3"


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
_READING: Final = {"sqlite_deferred": True, "postgresql_readonly": True}


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


def make_engine(database_url: str, **options: Any) -> AsyncEngine:
    """Create the engine; a connection that died is noticed and replaced before it is used.

    SQLite takes one writer at a time and lets the others sleep between tries, so one connection
    that tasks queue for is many times faster under load. A task therefore holds at most one
    session at a time.
    """
    url = normalise_url(database_url)
    if url.get_backend_name() == "postgresql":
        return create_async_engine(url, pool_pre_ping=True, **options)
    engine = create_async_engine(url, **{"pool_size": 1, "max_overflow": 0, **options})
    _prepare_sqlite(engine)
    return engine


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


async def take_turns(session: AsyncSession, name: str) -> None:
    """Let transactions that name the same thing come one after the other, each until its end.

    For where a row's lock would leave a trace: PostgreSQL keeps with the row which transaction held
    it. SQLite has one writer at a time anyway.
    https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def insert_into(session: AsyncSession, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`.

    Both databases have them, SQLAlchemy's portable `insert` does not.
    """
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


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

    @event.listens_for(engine.sync_engine, "begin")
    def begin_immediate(connection: Connection) -> None:
        deferred = connection.get_execution_options().get("sqlite_deferred")
        connection.exec_driver_sql("BEGIN DEFERRED" if deferred else "BEGIN IMMEDIATE")


def is_unavailable(error: BaseException) -> bool:
    """Tell whether an error means that the database cannot be reached or is too busy just now."""
    original = getattr(error, "orig", error)
    cause = getattr(original, "__cause__", None) or original
    if isinstance(cause, sqlite3.OperationalError | OSError | TimeoutError):
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
