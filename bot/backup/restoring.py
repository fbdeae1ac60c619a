"""Restores a backup into an empty database of either kind, and tries that out.

The calls of Alembic start an event loop of their own, so `restore` is called outside of any.
"""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Table, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.backup import archive
from bot.backup.after_restoring import PassedOver, pass_over_what_was_due, to_look_up
from bot.backup.archive import About, BackupError, Reader
from bot.backup.tables import LEFT_OUT, from_plain, kept, reflected
from bot.last_times import BACKUP, note_time
from bot.readiness import ROOT, migrations
from models.database import make_engine

ROWS_AT_ONCE: Final = 1_000
KEY_BYTES: Final = 32

NOT_EMPTY: Final = (
    "This database has data of Attune already. Make a new, empty database, name it in "
    "DATABASE_URL, and restore before you start Attune."
)
UNKNOWN_MIGRATION: Final = (
    "{} was made by a newer Attune (migration {}): restore it with that version, or a later one."
)
FAILED: Final = (
    "The backup was not restored ({}). The database is incomplete: make another empty one and try "
    "again."
)
CAN_UNSEAL: Final = (
    "{} holds what no backup of Attune holds ({}): it could tell whose answer is whose. Delete it, "
    "and take another backup."
)


@dataclass(frozen=True)
class Restored:
    """What a restored database holds."""

    about: About
    rows: int
    open_waves: int
    """Waves that go on without the answers that they had."""
    looked_up: int
    """Messages that are looked up in Slack before they are sent."""
    spent_tokens: int
    """Installations whose token expires, and may have been renewed since."""
    passed_over: PassedOver


def check(path: Path, now: datetime) -> Restored:
    """Restore a backup into a file that is deleted again. Raises BackupError."""
    with tempfile.TemporaryDirectory() as folder:
        return restore(f"sqlite:///{folder}/tried.sqlite3", path, now)


def restore(database_url: str, path: Path, now: datetime) -> Restored:
    """Restore a backup into an empty database, and migrate it to this version.

    Raises BackupError if the backup or the database can't be used.
    """
    with archive.reading(path) as reader:
        _check_content(path, reader)
        if asyncio.run(_has_data(database_url)):
            raise BackupError(NOT_EMPTY)
        try:
            _migrate(database_url, reader.about.migration)
            loaded = asyncio.run(_load(database_url, reader, now))
            _migrate(database_url, "head")
            passed_over = asyncio.run(_finish(database_url, reader.about, now))
        except (CommandError, SQLAlchemyError, OSError) as error:
            raise BackupError(FAILED.format(type(error).__name__)) from None
    rows = sum(page.rows for page in reader.about.tables.values())
    return Restored(reader.about, rows, *loaded, passed_over)


def _check_content(path: Path, reader: Reader) -> None:
    _, known = migrations()
    if reader.about.migration not in known:
        raise BackupError(UNKNOWN_MIGRATION.format(path, reader.about.migration))
    if found := LEFT_OUT.keys() & reader.about.tables.keys():
        raise BackupError(CAN_UNSEAL.format(path, ", ".join(sorted(found))))
    for table in reader.about.tables:
        for row in reader.rows(table):
            if table == "waves" and row["key"] is not None:
                raise BackupError(CAN_UNSEAL.format(path, "a key"))


async def _has_data(database_url: str) -> bool:
    async with _connecting(database_url) as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        if "workspaces" not in names:
            return False
        return bool(await connection.scalar(text("SELECT count(*) FROM workspaces")))


def _migrate(database_url: str, migration: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    if migration != "head":
        # The empty database may be newer than the backup.
        command.downgrade(config, "base")
    command.upgrade(config, migration)


@asynccontextmanager
async def _connecting(database_url: str) -> AsyncIterator[AsyncConnection]:
    """Open a transaction on a database, and close the database after it."""
    engine = make_engine(database_url, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _load(database_url: str, reader: Reader, now: datetime) -> tuple[int, int, int]:
    """Insert all rows in one transaction; return what `Restored` counts of them, in its order."""
    loading = _Loading(reader.about, now)
    async with _connecting(database_url) as connection:
        for table in kept(await connection.run_sync(reflected)):
            if table.name not in reader.about.tables:
                continue
            rows = loading.prepared(table, reader.rows(table.name), connection.dialect.name)
            while some := list(islice(rows, ROWS_AT_ONCE)):
                await connection.execute(table.insert(), some)
            await _check_count(connection, table, reader.about.tables[table.name].rows)
    return loading.open_waves, loading.looked_up, loading.spent_tokens


async def _check_count(connection: AsyncConnection, table: Table, expected: int) -> None:
    if await connection.scalar(select(func.count()).select_from(table)) != expected:
        raise BackupError(FAILED.format(f"rows of {table.name} are missing"))


class _Loading:
    """Prepares rows for the database that they go to."""

    def __init__(self, about: About, now: datetime) -> None:
        self._about, self._now = about, now
        self.open_waves = 0
        self.looked_up = 0
        self.spent_tokens = 0

    def prepared(
        self, table: Table, rows: Iterator[dict[str, Any]], dialect: str
    ) -> Iterator[dict[str, Any]]:
        """Return the rows with values that the database takes."""
        types = {column.name: column.type for column in table.columns}
        for plain in rows:
            row = {name: from_plain(value, types[name], dialect) for name, value in plain.items()}
            if table.name == "waves" and row["status"] == "open":
                # A fresh key for answers: nobody has answered yet. Buttons have a key of their own.
                row["key"] = secrets.token_bytes(KEY_BYTES)
                self.open_waves += 1
            self.spent_tokens += bool(row.get("refresh_token"))
            if table.name == "deliveries":
                changes = to_look_up(plain, self._about.made_at, self._now)
                self.looked_up += bool(changes)
                row |= {
                    name: from_plain(value, types[name], dialect)
                    for name, value in changes.items()
                    if name in types
                }
            yield row


async def _finish(database_url: str, about: About, now: datetime) -> PassedOver:
    async with _connecting(database_url) as connection, AsyncSession(connection) as session:
        await note_time(session, BACKUP, about.made_at)
        passed_over = await pass_over_what_was_due(session, now)
        await session.flush()
        return passed_over
