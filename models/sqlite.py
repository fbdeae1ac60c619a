"""SQLite through aiosqlite, with one visit of its thread for a statement instead of four.

SQLAlchemy asks aiosqlite to open a cursor, execute, fetch and close it one after the other, and
each is a way to the connection's thread and back. Its results are fetched whole anyway.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


class _Done:
    """What stays of a cursor that has been closed."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.description: Any = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        self.rows: Sequence[Any] = cursor.fetchall() if cursor.description else ()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Executes, fetches and closes in one call."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def _make_new_cursor(self, connection: Any) -> Any:  # noqa: ARG002 (opened in `_visit`)
        return None

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._visit("execute", operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._visit("executemany", operation, seq_of_parameters)

    async def _visit(self, how: str, operation: Any, parameters: Any) -> None:
        connection: Any = self._connection

        def run() -> _Done:
            cursor = connection._conn.cursor()  # noqa: SLF001 (SQLAlchemy reaches in, too)
            try:
                getattr(cursor, how)(operation, parameters)
                return _Done(cursor)
            finally:
                cursor.close()

        async with self._adapt_connection._execute_mutex:  # noqa: SLF001
            done = await connection._execute(run)  # noqa: SLF001
        self._cursor = done
        self._rows = deque(done.rows)

    def close(self) -> None:
        """Forget the rows; the cursor is closed already."""
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class OneVisit(AsyncAdapt_aiosqlite_dbapi):
    """The driver for `create_async_engine(module=...)`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """Open a connection whose cursors go to its thread once."""
        opened: Any = super().connect(*arg, **kw)
        return _Connection(self, opened._connection)  # noqa: SLF001
