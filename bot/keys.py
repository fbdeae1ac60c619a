"""ATTUNE_SECRET_KEY on the console: making a key, and re-encrypting stored texts."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from sqlalchemy import Column, Text, select, tuple_, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.text import plural
from bot.settings import Settings
from models.database import Base, Sessions
from models.encryption import CIPHERTEXT, Encrypted, UnreadableError, new_secret_key

if TYPE_CHECKING:
    from argparse import _SubParsersAction

NEW_KEY: Final = "new-key"
ROTATE_KEYS: Final = "rotate-keys"

BATCH: Final = 500
"""Rows per transaction, so that answers don't wait for the whole table."""

NO_KEY: Final = "ATTUNE_SECRET_KEY is empty, so there is nothing to encrypt with. `{}` makes a key."
MAKES_A_KEY: Final = f"python -m bot {NEW_KEY}"


def add_commands(subparsers: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `new-key` and `rotate-keys` to the program's commands."""
    subparsers.add_parser(NEW_KEY, help="print a fresh key for ATTUNE_SECRET_KEY")
    subparsers.add_parser(
        ROTATE_KEYS,
        help="encrypt all stored tokens and comments with the first key of ATTUNE_SECRET_KEY; "
        "the others can be taken out afterwards",
    )


def print_new_key() -> int:
    """Print a new key; return the exit status. It needs no settings."""
    print(new_secret_key())  # noqa: T201 (the command's own answer)
    return 0


async def run_rotation(sessions: Sessions, settings: Settings, out: TextIO = sys.stdout) -> int:
    """Re-encrypt everything and report how much; return the exit status."""
    if not settings.secret_keys:
        out.write(f"{NO_KEY.format(MAKES_A_KEY)}\n")
        return 1
    count = await rotate(sessions)
    out.write(f"Encrypted {plural(count, 'text')} with the first key.\n")
    return 0


async def is_readable(session: AsyncSession) -> bool:
    """Return True if this process's keys decrypt one stored text of each column."""
    for column in encrypted_columns():
        encrypted = type_coerce(column, Text).startswith(CIPHERTEXT)
        try:
            await session.scalar(select(column).where(encrypted).limit(1))
        except UnreadableError:
            return False
    return True


async def rotate(sessions: Sessions) -> int:
    """Encrypt every stored text with the first key, in small transactions; return how many.

    It can be repeated after an interruption. Raises UnreadableError if no key fits.
    """
    return sum([await _rotate_column(sessions, column) for column in encrypted_columns()])


def encrypted_columns() -> Iterator[Column[str]]:
    """Yield every encrypted column."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Encrypted))


async def _rotate_column(sessions: Sessions, column: Column[str]) -> int:
    count = 0
    last: Sequence[Any] | None = None
    while True:
        async with sessions.begin() as session:
            rows = await _rows_after(session, column, last)
            for row in rows:
                count += await _encrypt_anew(session, column, row)
        if not rows:
            return count
        last = _key_of(column.table, rows[-1])


async def _rows_after(
    session: AsyncSession, column: Column[str], last: Sequence[Any] | None
) -> Sequence[Any]:
    key = column.table.primary_key.columns.values()
    statement = select(*key, type_coerce(column, Text).label("stored"), column.label("text"))
    if last is not None:
        statement = statement.where(tuple_(*key) > tuple_(*last))
    found = await session.execute(statement.where(column.is_not(None)).order_by(*key).limit(BATCH))
    return found.all()


async def _encrypt_anew(session: AsyncSession, column: Column[str], row: Any) -> int:
    """Write one text back unless its author has changed it meanwhile."""
    key = zip(column.table.primary_key.columns.values(), _key_of(column.table, row), strict=True)
    written = await session.execute(
        update(column.table)
        .where(*(part == value for part, value in key))
        .where(type_coerce(column, Text) == row.stored)
        .values({column: row.text})
    )
    return int(getattr(written, "rowcount", 0))


def _key_of(table: Any, row: Any) -> Sequence[Any]:
    return tuple(row[: len(table.primary_key.columns)])
