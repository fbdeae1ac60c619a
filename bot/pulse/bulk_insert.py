"""Inserts and finds very many rows in statements of a size that databases take."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Base, table_of

BATCH: Final = 5_000
"""Rows per statement."""

Item = TypeVar("Item")


async def insert_all(
    session: AsyncSession, table: type[Base], rows: Iterable[dict[str, Any]]
) -> None:
    """Insert `rows` in their order. All have the same keys; defaults fill in the rest."""
    # A connection makes no objects of the rows, which takes half of the time.
    connection = await session.connection()
    for batch in batches(rows):
        await connection.execute(insert(table_of(table)), batch)


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield the items in lists of at most BATCH."""
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        yield batch
