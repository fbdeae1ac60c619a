"""SQLite's files: an older moment of the database, read from its write-ahead log.

The log holds pages as they were after each transaction. A copy of the database with the log cut
after an earlier commit opens as the database was then, with the keys of waves that were open.
https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from struct import unpack
from typing import Final

HEADER: Final = 32
FRAME_HEADER: Final = 24


def moments(database: Path, folder: Path) -> Iterator[Path]:
    """Give the database as it was after each commit that its log still holds, the latest first."""
    folder.mkdir()
    log = database.with_name(f"{database.name}-wal")
    content = log.read_bytes() if log.exists() else b""
    for number, end in enumerate(reversed([0, *_commits(content)])):
        copy = folder / f"{number}.sqlite3"
        copy.write_bytes(database.read_bytes())
        copy.with_name(f"{copy.name}-wal").write_bytes(content[:end])
        yield copy


def _commits(content: bytes) -> Iterator[int]:
    """Give where in the log each transaction ends."""
    if len(content) < HEADER:
        return
    frame = FRAME_HEADER + int(unpack(">I", content[8:12])[0])
    for start in range(HEADER, len(content) - frame + 1, frame):
        pages = unpack(">I", content[start + 4 : start + 8])[0]
        if pages and content[start + 8 : start + 16] == content[16:24]:
            yield start + frame


def opened_again(database: Path, folder: Path) -> int:
    """Return how many moments show a wave's key or an open answer."""
    return sum(_shows_a_wave(moment) for moment in moments(database, folder))


def _shows_a_wave(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        try:
            keys = connection.execute("SELECT count(*) FROM waves WHERE key IS NOT NULL")
            answers = connection.execute("SELECT count(*) FROM open_answers")
            return bool(keys.fetchone()[0] or answers.fetchone()[0])
        except sqlite3.DatabaseError:  # The moment is not whole any more.
            return False


def left_bytes(database: Path, secrets: list[bytes]) -> int:
    """Return how many of these the files of a database still hold."""
    files = database.parent.glob(f"{database.name}*")
    contents = [path.read_bytes() for path in files if path.is_file()]
    return sum(any(secret in content for content in contents) for secret in secrets)
