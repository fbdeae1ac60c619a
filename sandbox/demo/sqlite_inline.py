"""SQLite without a thread, for a process that has its database to itself.

aiosqlite hands each statement to a thread and waits. If nobody else holds the file, the statement
takes microseconds and the hand-overs take twenty times as long: without them, the demo's weeks
pass in half the time.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from models.database import make_engine


def make_inline_engine(path: Path) -> AsyncEngine:
    """Create an engine for a SQLite file, as models.database does, that uses no thread."""

    async def connect() -> InlineConnection:
        return await InlineConnection(lambda: sqlite3.connect(path), iter_chunk_size=64)

    return make_engine(f"sqlite:///{path}", hide_parameters=True, async_creator=connect)


class _AtOnce:
    """Stands in for the queue to the thread: does what is put into it."""

    def put_nowait(self, order: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, do = order
        try:
            done = do()
        except Exception as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(done)


class InlineConnection(aiosqlite.Connection):
    """Does at once what its parent hands to a thread; SQLAlchemy sees no difference."""

    def __init__(self, *connector: Any, **options: Any) -> None:
        super().__init__(*connector, **options)
        self._tx: Any = _AtOnce()

    def __await__(self) -> Generator[Any, None, "InlineConnection"]:
        # The parent starts its thread here.
        yield from self._connect().__await__()
        return self
