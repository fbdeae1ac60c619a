"""The file of a backup: a ZIP archive of JSON lines, with a page that says what is in it.

`about.json` names the format, the database's migration, the time, and each table's columns, number
of rows and SHA-256. `rows/TABLE.jsonl` has one row a line: the values in the order of the columns.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1
ABOUT: Final = "about.json"
BROKEN: Final = "{} is damaged, or no backup of Attune: {}. Take another backup."
OF_A_NEWER_ATTUNE: Final = (
    "{} was made by a newer Attune: restore it with that version, or a later one."
)


class BackupError(Exception):
    """A backup can't be made, read or restored; the text says why and what to do."""


@dataclass(frozen=True)
class TablePage:
    """What an archive says about one table."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True)
class About:
    """What an archive says about itself."""

    attune: str
    """The version of the program that made it."""
    migration: str
    """The database's migration, such as `0026`."""
    database: str
    """`postgresql` or `sqlite`; it can be restored on either."""
    made_at: datetime
    tables: dict[str, TablePage] = field(default_factory=dict)


class Writer:
    """Writes the tables of an archive, one after the other."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.tables: dict[str, TablePage] = {}

    @contextmanager
    def table(self, name: str, columns: Sequence[str]) -> Iterator["TableWriter"]:
        """Write the rows of a table."""
        with self._archive.open(_rows_of(name), "w", force_zip64=True) as file:
            writing = TableWriter(file)
            yield writing
        self.tables[name] = TablePage(tuple(columns), writing.rows, writing.digest.hexdigest())

    def finish(self, about: About) -> None:
        """Write what the archive says about itself."""
        tables = {name: vars(page) for name, page in self.tables.items()}
        said = vars(about) | {
            "format": FORMAT,
            "made_at": about.made_at.isoformat(),
            "tables": tables,
        }
        self._archive.writestr(ABOUT, json.dumps(said, indent=2))


class TableWriter:
    """Writes the rows of one table."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.rows = 0
        self.digest = sha256()

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of plain values."""
        for row in rows:
            line = json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            self.digest.update(line)
            self._file.write(line)
            self.rows += 1


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Make an archive that only its owner can read; nothing is left if it is not finished.

    Raises BackupError if the file exists or can't be written.
    """
    if path.exists():
        raise BackupError(f"{path} exists: name a new file.")
    try:
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise BackupError(f"{path} can't be written ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield Writer(archive)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).rename(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


class Reader:
    """Reads an archive."""

    def __init__(self, archive: zipfile.ZipFile, about: About) -> None:
        self._archive = archive
        self.about = about

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Return the rows of a table. Raises ValueError at the end if they are not as written."""
        page = self.about.tables[table]
        digest, count = sha256(), 0
        with self._archive.open(_rows_of(table)) as file:
            for line in file:
                digest.update(line)
                count += 1
                yield dict(zip(page.columns, json.loads(line), strict=True))
        if (count, digest.hexdigest()) != (page.rows, page.sha256):
            raise ValueError(f"the rows of {table} are not those that were written")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open an archive. Raises BackupError if it is damaged or of a newer Attune."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(ABOUT))
            if said.pop("format") > FORMAT:
                raise BackupError(OF_A_NEWER_ATTUNE.format(path))
            yield Reader(archive, _about(said))
    except OSError as error:
        raise BackupError(f"{path} can't be read ({error.strerror}).") from None
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise BackupError(BROKEN.format(path, type(error).__name__)) from None


def _about(said: dict[str, Any]) -> About:
    tables = {
        name: TablePage(tuple(page["columns"]), page["rows"], page["sha256"])
        for name, page in said.pop("tables").items()
    }
    return About(**{**said, "made_at": datetime.fromisoformat(said["made_at"])}, tables=tables)


def _rows_of(table: str) -> str:
    return f"rows/{table}.jsonl"
