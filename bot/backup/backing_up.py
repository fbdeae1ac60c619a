"""Makes a backup that cannot unseal an answer."""

import asyncio
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table, func, null, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.backup import archive
from bot.backup.archive import About, BackupError, Writer
from bot.backup.tables import EMPTIED, KEPT_ROWS, kept, reflected, to_plain
from bot.clock import Clock
from bot.last_times import BACKUP, note_time
from bot.readiness import ROOT
from bot.surveys.pure.schedule import Cadence
from models import Survey, Wave
from models.database import Sessions, reading, snapshot

ROWS_AT_ONCE: Final = 1_000
LOOK_SECONDS: Final = 10.0
NOT_MIGRATED: Final = (
    "The database has no tables of Attune: check DATABASE_URL, and run `alembic upgrade head`."
)
STILL_OPEN: Final = (
    "A survey was open all the time, so no backup was made. Try again later, or leave out "
    "--when-sealed: the answers of open surveys are then missing in the backup."
)


async def back_up(engine: AsyncEngine, path: Path, made_at: datetime) -> About:
    """Write the database, as it is at one moment, to an archive.

    Raises BackupError if the file can't be written or the database is not Attune's.
    """
    with archive.writing(path) as writer:
        async with snapshot(engine) as connection:
            tables = await connection.run_sync(reflected)
            if "alembic_version" not in {table.name for table in tables}:
                raise BackupError(NOT_MIGRATED)
            migration = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            for table in kept(tables):
                await _write(connection, writer, table)
        about = About(_attune(), str(migration), engine.dialect.name, made_at, writer.tables)
        writer.finish(about)
    return about


async def note_backup(sessions: Sessions, made_at: datetime) -> None:
    """Store when the last backup was made, for `python -m bot doctor`."""
    async with sessions.begin() as session:
        await note_time(session, BACKUP, made_at)


async def wait_until_sealed(
    sessions: Sessions, patience: float, clock: Clock, look_seconds: float = LOOK_SECONDS
) -> None:
    """Wait until no survey has answers that a backup would leave out.

    Of the company pulse and of milestones, some wave is nearly always open; they aren't waited for.

    Raises BackupError after `patience` seconds.
    """
    begun = clock()
    while await unpublished_waves(sessions):
        if (clock() - begun).total_seconds() >= patience:
            raise BackupError(STILL_OPEN)
        await asyncio.sleep(look_seconds)


async def unpublished_waves(sessions: Sessions) -> int:
    """Count the surveys' waves that are open, or sealed and not published yet."""
    waves = (
        select(func.count())
        .select_from(Wave)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            or_(Wave.status == "open", Wave.status == "sealed"),
            Survey.cadence.not_in((Cadence.STANDING, Cadence.DAILY)),
        )
    )
    async with reading(sessions) as session:
        return int(await session.scalar(waves) or 0)


async def _write(connection: AsyncConnection, writer: Writer, table: Table) -> None:
    columns = [
        null().label(column.name) if (table.name, column.name) in EMPTIED else column
        for column in table.columns
    ]
    # In the order of keys, which tells nothing; the order of writing might.
    query = select(*columns).order_by(*table.primary_key.columns)
    if table.name in KEPT_ROWS:
        query = query.where(KEPT_ROWS[table.name](table))
    key = list(table.primary_key.columns)
    with writer.table(table.name, table.columns.keys()) as page:
        after = query
        while rows := (await connection.execute(after.limit(ROWS_AT_ONCE))).mappings().all():
            page.write([to_plain(value) for value in row.values()] for row in rows)
            after = query.where(tuple_(*key) > tuple_(*(rows[-1][part.name] for part in key)))


def _attune() -> str:
    """Return the version of this program."""
    described = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(described["project"]["version"])
