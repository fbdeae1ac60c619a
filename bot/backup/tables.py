"""Which rows a backup holds, and how their values are written.

Tables are read as the database has them, not as the models say: a backup can be made of a database
that waits for its migrations, and restored to the migration that it was made of. Encrypted texts
stay encrypted, so neither needs the key.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    cast,
    event,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

LEFT_OUT: Final = {
    "open_answers": "answers of surveys that are open, or not published yet",
    "pools": "keys of answers that wait",
    "pool_entries": "answers that wait",
    "pool_comments": "comments that wait",
    "blocker_pools": "the key of a month's counted blockers",
    "counted_blockers": "who counted a blocker, under that key",
    "support_rounds": "keys of who said “same for me”",
    "supports": "who said “same for me”, under those keys",
    "seen_requests": "only for requests of the last minutes",
    "sender_leases": "only for processes that run now",
    "team_readings": "teams read from Slack for an import; they are read again",
    "last_times": "only about this installation",
    "alembic_version": "said on the archive's own page",
}
"""Tables that no backup holds, with the reason."""
KEPT_ROWS: Final[Mapping[str, Callable[[Table], ColumnElement[bool]]]] = {
    # Two backups of one day would tell when somebody wrote to HR.
    "voice_threads": lambda table: table.c.status != "uncollected",
    "voice_messages": lambda table: table.c.collect_at.is_(None),
}
"""Of these tables, only some rows: what was written to HR today is left out."""
EMPTIED: Final = {("waves", "key")}
"""Columns without their values: the key that ties the answers of an open survey to people."""


def reflected(connection: Connection) -> list[Table]:
    """Return the database's tables, each after those that it refers to."""
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def read_json_as_text(_inspector: Any, _table: Table, column: dict[str, Any]) -> None:
        # A JSON null and an SQL NULL are one value in Python, but not in the database.
        if isinstance(column["type"], JSON):
            is_postgres = connection.dialect.name == "postgresql"
            column["type"] = _JsonText() if is_postgres else Text()

    # SQLite's full-text index has tables of its own, which follow those that it searches.
    metadata.reflect(connection, only=lambda name, _: not name.startswith("fts_"))
    return metadata.sorted_tables


def kept(tables: list[Table]) -> list[Table]:
    """Return the tables that a backup holds."""
    return [table for table in tables if table.name not in LEFT_OUT]


class _JsonText(TypeDecorator[str]):
    """PostgreSQL's JSON as the text that it is."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:
        """Store a text as JSON."""
        return cast(bindparam, JSON)

    def column_expression(self, column: Any) -> ColumnElement[Any]:
        """Read JSON as text."""
        return cast(column, Text)


def to_plain(value: Any) -> Any:
    """Return a column's value as JSON can hold it: bytes in hexadecimal, times in ISO 8601."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


def from_plain(value: Any, type_: TypeEngine[Any], dialect: str) -> Any:
    """Return what `to_plain` was given, as this database takes it."""
    if value is None:
        return None
    if isinstance(type_, DateTime):
        moment = datetime.fromisoformat(value)
        return moment if dialect == "postgresql" else moment.astimezone(UTC).replace(tzinfo=None)
    if isinstance(type_, Date):
        return date.fromisoformat(value)
    if isinstance(type_, Time):
        return time.fromisoformat(value)
    if isinstance(type_, LargeBinary):
        return bytes.fromhex(value)
    return value
