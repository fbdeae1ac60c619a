"""SQLite through aiosqlite, with one visit to its thread per statement instead of four.

SQLAlchemy asks aiosqlite to open a cursor, execute, fetch and close it, and each step goes to the
connection's thread and back. Here one visit does all four: results are fetched whole anyway. BEGIN
travels with the first statement, and nothing is rolled back after a commit. In a quick transaction
only the first statement and the commit visit the thread.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


@dataclass
class _Done:
    """The results of a closed cursor."""

    description: Any
    rowcount: int
    lastrowid: int | None
    rows: Sequence[Any]


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
        adapted: Any = self._adapt_connection
        begin_with = adapted.take_begin()

        def run() -> _Done:
            cursor = connection._conn.cursor()  # noqa: SLF001 (SQLAlchemy reaches in, too)
            try:
                if begin_with:
                    cursor.execute(begin_with)
                getattr(cursor, how)(operation, parameters)
                rows = cursor.fetchall() if cursor.description else ()
                return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
            finally:
                cursor.close()

        if adapted.is_quick and not begin_with:
            done: Any = run()
        else:
            async with adapted._execute_mutex:  # noqa: SLF001
                done = await connection._execute(run)  # noqa: SLF001
        self._cursor = done
        self._rows = deque(done.rows)

    def close(self) -> None:
        """Drop the rows; the cursor is closed already."""
        self._rows.clear()


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection with the BEGIN of its transaction, and a mark if the transaction is quick."""

    __slots__ = ("_begun", "begin_with", "is_quick")
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.begin_with: str | None = None
        """The BEGIN of a transaction that has no statement yet."""
        self._begun = False
        self.is_quick = False
        """True if the statements after the first run on the event loop, not in the thread."""

    def take_begin(self) -> str | None:
        """Return the BEGIN for the first statement of a transaction, and None for the others."""
        begin_with, self.begin_with = self.begin_with, None
        self._begun |= bool(begin_with)
        return begin_with

    def commit(self) -> None:
        """End the transaction, if it has begun."""
        self.begin_with, self.is_quick = None, False
        if self._begun:
            super().commit()
            self._begun = False

    def rollback(self) -> None:
        """Undo the transaction, if it has begun."""
        self.begin_with, self.is_quick = None, False
        if self._begun:
            super().rollback()
            self._begun = False


class OneVisit(AsyncAdapt_aiosqlite_dbapi):
    """The driver for `create_async_engine(module=...)`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """Open a connection whose cursors visit its thread once per statement."""
        opened: Any = super().connect(*arg, **kw)
        return Connection(self, opened._connection)  # noqa: SLF001
