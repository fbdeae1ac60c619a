"""Whatever the tests make the product do, its logs hold no answer, comment, name or token.

The log is the one that `python -m bot` and `python -m scheduler` write: every logger from INFO on.
What must not be in it is read from each test's database, and recognised by its form.
"""

import logging
import re
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Final

FORMS: Final = {
    "an answer": re.compile(r"\b[0-9a-f]{32}\.\d{1,3}\.(\d{1,3}|-)\.[0-9a-f]{16}\b"),
    "an answer's value": re.compile(r"\bvalue['\"]?\s*[:=]\s*['\"]?\d", re.IGNORECASE),
    "a respondent's token": re.compile(r"\b[0-9a-f]{64}\b"),
    "a token of Slack": re.compile(r"\bx(ox[abeprs]|app)-[\w-]{8,}"),
    "an address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
}
SHORTEST: Final = 6
"""Shorter names are words like any other: Maya is found as Maya Lindqvist."""

_SECRETS: Final = (
    "SELECT name FROM employees UNION SELECT email FROM employees UNION "
    "SELECT comment FROM open_answers UNION SELECT text FROM comments"
)
_OWN: Final = ("sandbox", "tests")
"""Loggers that are no part of the product."""


class LogBook(logging.Handler):
    """Keeps what is logged, and what must not be."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self.secrets: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as it would be written, with its traceback."""
        if record.name.partition(".")[0] not in _OWN:
            self.lines.append(self.format(record))

    def learn(self, database: Path) -> None:
        """Remember the names and comments in a test's SQLite database."""
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                return
            self.secrets |= {value for (value,) in connection.execute(_SECRETS) if value}


def found_in(lines: Collection[str], secrets: Collection[str]) -> list[str]:
    """Say what the lines hold that they must not, without repeating it."""
    text = "\n".join(lines)
    found = [
        f"{name}, {len(hits)} times" for name, form in FORMS.items() if (hits := form.findall(text))
    ]
    words = [secret for secret in secrets if len(secret) >= SHORTEST and secret in text]
    return found + [f"a name or comment of {len(word)} characters" for word in words]
