"""A database of an earlier version, with a row in each table, is migrated and goes on.

0001 is the first schema that any commit could make; 0007 is the first that others than its authors
ran; the last is that of the latest version.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from alembic import command
from sqlalchemy import Connection, select

from bot.backup.tables import reflected
from models import Base
from models.database import make_engine
from tests.conftest import migrate
from tests.models.test_migrations import config_of
from tests.rows import fill, row_of

LATEST: Final = "0025"
"""The migration of version 0.1, the latest one; UPGRADING.md says so."""
GOES: Final = {
    # Publishing deletes the answers of anonymous surveys: see the migration.
    "0008": {"answers", "comments", "named_responses"},
    # States of installations are signed since then, and no longer stored.
    "0012": {"oauth_states"},
}


def on(url: str, work: Callable[[Connection], Any]) -> Any:
    async def run() -> Any:
        engine = make_engine(url)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())


@pytest.fixture
def emptied_url(database_url: str) -> Iterator[str]:
    """A database whose schema a test may take back; it is at head again afterwards."""
    yield database_url
    migrate(database_url)


def counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: len(connection.execute(select(*table.primary_key.columns)).all())
        for table in reflected(connection)
        if table.name != "alembic_version"
    }


@pytest.mark.parametrize("first", ["0001", "0007", LATEST])
def test_each_row_of_an_earlier_version_is_there_after_the_upgrade(
    emptied_url: str, first: str
) -> None:
    config = config_of(emptied_url)
    command.downgrade(config, first)
    on(emptied_url, fill)
    before: dict[str, int] = on(emptied_url, counts)
    command.upgrade(config, "head")
    after: dict[str, int] = on(emptied_url, counts)
    may_go = set().union(*(tables for number, tables in GOES.items() if number > first))
    lost = {name for name, rows in before.items() if after.get(name, 0) < rows}
    assert set(before.values()) == {1}
    assert lost <= may_go
    assert after.keys() == Base.metadata.tables.keys()


def test_the_latest_version_can_write_on_the_new_schema(emptied_url: str) -> None:
    """Old processes serve on while new ones start, so a migration must not stand in their way."""
    config = config_of(emptied_url)
    command.downgrade(config, LATEST)
    old = on(
        emptied_url,
        lambda connection: [
            (table, row_of(connection, table))
            for table in reflected(connection)
            if table.name != "alembic_version"
        ],
    )
    command.upgrade(config, "head")

    def write(connection: Connection) -> None:
        for table, row in old:
            connection.execute(table.insert(), [row])
            assert connection.execute(select(table)).one()

    on(emptied_url, write)
