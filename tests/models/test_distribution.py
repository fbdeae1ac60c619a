"""Every table can be spread over many PostgreSQL servers by `workspace_id`: see docs/scale.md.

Citus demands the distribution column in each primary key and unique index, and on both sides of
each foreign key between two distributed tables
(https://docs.citusdata.com/en/stable/reference/common_errors.html).
"""

from typing import Any, Final

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.ext.asyncio import AsyncEngine

from models import Base

COLUMN: Final = "workspace_id"
OTHER_COLUMNS: Final = {
    # The workspace itself; its rows lie beside all others of the same workspace.
    "workspaces": "id",
    # A hash of a request's signature: the request is refused before anybody knows its workspace.
    "seen_requests": "fingerprint",
    # A few rows about the whole installation.
    "last_times": "name",
    # An organisation of Enterprise Grid, whose installation serves several workspaces.
    "organisations": "id",
}
"""Tables that are distributed by another column, with the reason. No table refers to the others."""
NOT_DISTRIBUTED: Final = {
    # One row, which only `alembic upgrade` writes: it stays on the coordinator.
    "alembic_version",
}


def distributed_by(table: str) -> str:
    return OTHER_COLUMNS.get(table, COLUMN)


def refers_within(table: str, key: ReflectedForeignKeyConstraint) -> bool:
    """Return True if a foreign key ties the distribution columns of both tables to each other."""
    pairs = zip(key["constrained_columns"], key["referred_columns"], strict=True)
    return (distributed_by(table), distributed_by(key["referred_table"])) in pairs


def obstacles(connection: Connection) -> list[str]:
    """Say what keeps the tables of a database from being distributed."""
    found, schema = [], inspect(connection)
    for table in set(schema.get_table_names()) - NOT_DISTRIBUTED:
        unique: list[Any] = [schema.get_pk_constraint(table)["constrained_columns"]]
        # PostgreSQL keeps each unique constraint as an index.
        unique += [each["column_names"] for each in schema.get_indexes(table) if each["unique"]]
        found += [
            f"{table}: {columns} is unique and does not begin with {distributed_by(table)}"
            for columns in unique
            if columns[:1] != [distributed_by(table)]
        ]
        found += [
            f"{table}: {key['constrained_columns']} refers to another workspace's rows"
            for key in schema.get_foreign_keys(table)
            if not refers_within(table, key)
        ]
    return found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_each_table_of_a_migrated_database_can_be_distributed(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(obstacles) == []
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(tables) == Base.metadata.tables.keys() | NOT_DISTRIBUTED


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("columns", "obstacle"),
    [
        ("id TEXT PRIMARY KEY", "['id'] is unique"),
        (
            "workspace_id TEXT, id TEXT, PRIMARY KEY (id, workspace_id)",
            "['id', 'workspace_id'] is unique",
        ),
        (
            "workspace_id TEXT, key TEXT UNIQUE, PRIMARY KEY (workspace_id, key)",
            "['key'] is unique",
        ),
        (
            "workspace_id TEXT PRIMARY KEY, other TEXT REFERENCES workspaces (id)",
            "['other'] refers to",
        ),
    ],
)
async def test_a_table_that_cannot_be_is_found(
    engine: AsyncEngine, columns: str, obstacle: str
) -> None:
    async with engine.connect() as connection:
        await connection.exec_driver_sql(f"CREATE TABLE loose ({columns})")
        (found,) = await connection.run_sync(obstacles)
        assert obstacle in found
        await connection.rollback()


def test_the_exceptions_are_tables_without_a_workspace_of_their_own() -> None:
    for table, column in OTHER_COLUMNS.items():
        columns = Base.metadata.tables[table].columns
        assert column in columns
        assert COLUMN not in columns
