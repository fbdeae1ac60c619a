"""Alembic's entry: migrates the database that DATABASE_URL names."""

import asyncio
from pathlib import Path
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.util import CommandError
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from models import Base
from models.database import DatabaseSettings, UtcDateTime, make_engine, normalise_url

NO_DATABASE = (
    "DATABASE_URL names no PostgreSQL or SQLite database: set it in the environment or in .env to "
    "a SQLAlchemy URL such as postgresql://user:password@host/name."
)
NOT_UTF8 = "The file .env is not UTF-8 text: save it in that encoding, then start again."
NO_FOLDER = "The folder of the SQLite file that DATABASE_URL names does not exist: make it first."
NO_ANSWER = "The database that DATABASE_URL names cannot be opened"
WHAT_TO_CHECK = (
    ": check that PostgreSQL runs there and takes this user and password, or that the SQLite file "
    "may be written."
)

BROKEN_REFERENCES = "The migration would leave rows that refer to others that are gone, in"


def _render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our types as SQLAlchemy's own: a migration never imports models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _is_of_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Return False for the search indexes `fts_…`, which only migrations can describe."""
    return not (name or "").startswith("fts_")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        include_name=_is_of_models,
        render_item=_render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        _check_references(connection)


def _url() -> str:
    """Return where to migrate; raise CommandError, which alembic prints, for what is no database.

    None of the sentences holds the address: it has a password in it.
    """
    try:
        url = context.config.get_main_option("sqlalchemy.url") or DatabaseSettings().database_url
        parsed = normalise_url(url)
    except UnicodeDecodeError:
        raise CommandError(NOT_UTF8) from None
    except (ArgumentError, ValueError):
        raise CommandError(NO_DATABASE) from None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    if is_file and not Path(parsed.database or "").parent.is_dir():
        raise CommandError(NO_FOLDER)
    return url


async def _connect_and_migrate() -> None:
    engine = make_engine(_url(), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        _allow_rebuilding(engine)
    try:
        await _try(engine)
        async with engine.connect() as connection:
            await connection.run_sync(_migrate)
            await connection.commit()
    finally:
        await engine.dispose()


def _allow_rebuilding(engine: AsyncEngine) -> None:
    """Let a batch migration drop a table and give its name to the new one.

    With foreign keys on, dropping it deletes the rows that refer to it. Renaming would fail because
    of triggers elsewhere that name it. Its own triggers go with it: the migration makes them again.
    https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
    """

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA legacy_alter_table=ON")
        cursor.close()


def _check_references(connection: Connection) -> None:
    """Raise CommandError, before the commit, when a row refers to one that is gone."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise CommandError(f"{BROKEN_REFERENCES}: {tables}. Nothing was changed.")


async def _try(engine: AsyncEngine) -> None:
    """Open a connection, so that what a migration itself meets is not taken for a missing one."""
    try:
        async with engine.connect():
            pass
    except Exception as error:  # PostgreSQL's driver has errors of its own, and isn't everywhere
        raise CommandError(f"{NO_ANSWER} ({type(error).__name__}){WHAT_TO_CHECK}") from None


asyncio.run(_connect_and_migrate())
