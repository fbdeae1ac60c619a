"""A row in each table of a database, whatever its migration."""

import re
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    inspect,
)
from sqlalchemy.types import TypeEngine

from bot.backup.tables import from_plain, reflected

TEXT: Final = "x"
"""The value of each text, so that each reference finds its row."""
PLAIN: Final[dict[type[TypeEngine[Any]], Any]] = {
    Boolean: False,
    DateTime: "2026-11-03T09:00:00+00:00",
    Date: "2026-11-03",
    Time: "09:00:00",
    LargeBinary: "ab" * 32,
    Float: 0.5,
    Integer: 5,
}
OTHERS: Final = {
    "decision_days": 14,
    "direction": 1,
    "every_weeks": 1,
    "helper_id": "y",
    "mentor_id": "y",
    "ordinal": "last",
    "rating": 1,
    "shared_with": "y",
    "starts_at": "2026-11-03T08:00:00+00:00",
}
"""Columns in which the usual value is not allowed."""
JSON_COLUMNS: Final = "{}"
CHOICE: Final = re.compile(r"^\W*(\w+)\W.*?'([^']*)'", re.DOTALL)
"""The first value that a constraint such as `status IN ('open', …)` allows."""


def fill(connection: Connection, tables: list[Table] | None = None) -> None:
    """Insert a row into each table, with a value in each column."""
    for table in tables or reflected(connection):
        if table.name != "alembic_version":
            connection.execute(table.insert(), [row_of(connection, table)])


def row_of(connection: Connection, table: Table) -> dict[str, Any]:
    """Return a row that all constraints of a table allow."""
    found = inspect(connection).get_check_constraints(table.name)
    matches = (CHOICE.match(each["sqltext"]) for each in found)
    choices = {match[1]: match[2] for match in matches if match}
    is_json = {
        column["name"]
        for column in inspect(connection).get_columns(table.name)
        if str(column["type"]) == "JSON"
    }
    return {
        column.name: _value(connection, column.name, column.type, choices, is_json)
        for column in table.columns
    }


def _value(
    connection: Connection,
    name: str,
    type_: TypeEngine[Any],
    choices: dict[str, str],
    is_json: set[str],
) -> Any:
    if name in is_json:
        return JSON_COLUMNS
    if name in choices and isinstance(type_, String):
        return choices[name]
    plain = OTHERS.get(name) or next(
        (value for kind, value in PLAIN.items() if isinstance(type_, kind)), TEXT
    )
    return from_plain(plain, type_, connection.dialect.name)
