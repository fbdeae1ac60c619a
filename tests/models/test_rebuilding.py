"""A migration that rebuilds a table on SQLite keeps the rows of all others."""

import asyncio
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import JSON, String, Table, TypeDecorator, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from models import Base
from models.database import make_engine
from tests.conftest import NOW, ROOT

HEADER = """
from alembic import op

revision = "rebuilt"
down_revision = "{head}"
"""
REBUILD_ALL = """
def upgrade():
    op.execute("PRAGMA ignore_check_constraints=ON")
    for table in {tables}:
        with op.batch_alter_table(table, recreate="always"):
            pass
"""
LOSE_A_PARENT = """
def upgrade():
    op.execute("DELETE FROM workspaces")
"""
VALUES: dict[type, Any] = {
    bool: False,
    bytes: b"x" * 32,
    date: NOW.date(),
    datetime: NOW,
    float: 0.5,
    int: 5,
    time: time(9),
}


@pytest.fixture
def url(tmp_path: Path, sqlite_template: Path) -> str:
    """A database of SQLite with a row in each table."""
    path = tmp_path / "full.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    asyncio.run(_fill(f"sqlite:///{path}"))
    return f"sqlite:///{path}"


async def _fill(url: str) -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        # The values are of the right type; no check of what they say matters here.
        await connection.execute(text("PRAGMA ignore_check_constraints=ON"))
        for table in Base.metadata.sorted_tables:
            await connection.execute(table.insert().values(_row(table)))
    await engine.dispose()


def _row(table: Table) -> dict[str, Any]:
    return {column.name: _value(column.type) for column in table.columns}


def _value(type_: TypeEngine[Any]) -> Any:
    plain = type_.impl_instance if isinstance(type_, TypeDecorator) else type_
    if isinstance(plain, JSON):
        return {}
    return "x" if isinstance(plain, String) else VALUES[plain.python_type]


async def _counts(url: str) -> dict[str, int]:
    engine = make_engine(url)
    async with engine.begin() as connection:
        counts = {
            table.name: await _count(connection, table) for table in Base.metadata.sorted_tables
        }
    await engine.dispose()
    return counts


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


def _migrate(url: str, folder: Path, upgrade: str) -> None:
    """Run one more migration, which is not the product's, after all of its own."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url)
    heads = _heads()
    (folder / "rebuilt.py").write_text(HEADER.format(head=heads) + upgrade)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{ROOT}/migrations/versions\n{folder}")
    command.upgrade(config, "rebuilt")


def _heads() -> str:
    head = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head()
    assert head
    return head


def test_rebuilding_each_table_loses_no_row(url: str, tmp_path: Path) -> None:
    tables = [table.name for table in Base.metadata.sorted_tables]
    _migrate(url, tmp_path, REBUILD_ALL.format(tables=tables))
    assert asyncio.run(_counts(url)) == dict.fromkeys(tables, 1)


def test_a_migration_that_leaves_rows_without_their_parent_changes_nothing(
    url: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="Nothing was changed"):
        _migrate(url, tmp_path, LOSE_A_PARENT)
    assert asyncio.run(_counts(url))["workspaces"] == 1
