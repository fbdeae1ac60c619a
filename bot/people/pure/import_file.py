"""HR's file of people: CSV with a header line, checked before anything is stored. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.languages import _, marked
from bot.people.pure.team_names import clean_name

KEY: Final = "email"
TEXT_COLUMNS: Final = ("team", "department", "location")
DATE_COLUMNS: Final = ("hired_on", "leaves_on", "back_on", "absent_from", "absent_until")
COLUMNS: Final = (KEY, *TEXT_COLUMNS, "manager_email", *DATE_COLUMNS)
TEXT_LENGTH: Final = 120
NOT_UTF8: Final = marked("a character is not in UTF-8: save the file as “CSV UTF-8”")
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
"""No character of a text: NUL, which PostgreSQL refuses, and bytes that are not UTF-8."""

Value = str | date | None


@dataclass(frozen=True)
class Problem:
    """Why a file can't be imported; the text names the line but no person's data."""

    line: int | None
    """From 1; None if it is about the whole file."""
    why: str

    def __str__(self) -> str:
        """Return it as a sentence without its full stop."""
        if self.line is None:
            return f"{self.why[0].upper()}{self.why[1:]}"
        return _("Line {number}: {why}").format(number=self.line, why=self.why)


class ImportFileError(ValueError):
    """The file can't be imported because of a problem."""

    def __init__(self, line: int | None, why: str) -> None:
        self.problem = Problem(line, why)
        super().__init__(_("{problem}. Nothing was imported.").format(problem=self.problem))


@dataclass(frozen=True)
class ImportRow:
    """One person of the file.

    `values` holds only the columns of the file. An empty cell clears a value; a missing column
    leaves it unchanged.
    """

    line: int
    key: str
    """What finds the person: the e-mail in lower case, or the Slack id of who was read in Slack."""
    values: Mapping[str, Value]


@dataclass(frozen=True)
class PeopleFile:
    """The people of a file, and all that is wrong with its lines."""

    rows: Sequence[ImportRow]
    problems: Sequence[Problem]
    """By line. Where there are any, the file must not be imported."""


def read_file(content: bytes) -> PeopleFile:
    """Read a file as spreadsheets save it: UTF-8, with or without its mark, or marked UTF-16.

    Each line with other bytes is a problem.
    """
    if content.startswith(_UTF16_MARKS):
        return read_text(content.decode("utf-16", "replace"))
    # What is no UTF-8 becomes half of a surrogate pair, so that its line can be named.
    return read_text(content.decode("utf-8", "surrogateescape").removeprefix("\ufeff"))


def read_csv(text: str) -> list[ImportRow]:
    """Read the file's text; raise ImportFileError for the first mistake."""
    found = read_text(text)
    if found.problems:
        first = found.problems[0]
        raise ImportFileError(first.line, first.why)
    return list(found.rows)


def read_text(text: str) -> PeopleFile:
    """Read the file's text, with all its mistakes.

    Columns are separated by commas or, as spreadsheets do in many countries, by semicolons or tabs.
    """
    rows: list[ImportRow] = []
    problems: list[Problem] = []
    try:
        for row in _rows(text):
            if isinstance(row, Problem):
                problems.append(row)
            else:
                rows.append(row)
    except ImportFileError as error:  # nothing can be read from here on
        problems.append(error.problem)
    return PeopleFile(rows, problems)


def _rows(text: str) -> Iterator[ImportRow | Problem]:
    """Yield each row, or what is wrong with it; raise ImportFileError if the rest is unreadable."""
    header = text.partition("\n")[0]
    separator = "," if "," in header else next((each for each in ";\t" if each in header), ",")
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=separator, restkey="", strict=True
    )
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_header(list(reader.fieldnames))
        for cells in reader:
            try:
                yield _row(reader.line_num, cells)
            except ImportFileError as error:
                yield error.problem
    except csv.Error:
        line = reader.reader.line_num  # DictReader's own count stops before the faulty line.
        raise ImportFileError(line, _("a quotation mark is missing or misplaced")) from None


def _check_header(names: list[str]) -> None:
    known = ", ".join(COLUMNS)
    if KEY not in names:
        raise ImportFileError(
            None,
            _("the first line must name the columns, email among {columns}").format(columns=known),
        )
    if len(set(names)) < len(names):
        raise ImportFileError(1, _("a column is named twice"))
    unknown = sum(name not in COLUMNS for name in names)
    if unknown:
        position = next(i for i, name in enumerate(names, 1) if name not in COLUMNS)
        raise ImportFileError(
            1,
            _("I don't know column {number}; there can be {columns}").format(
                number=position, columns=known
            ),
        )


def _row(line: int, cells: Mapping[str, str | None]) -> ImportRow:
    if "" in cells:
        raise ImportFileError(line, _("there are more cells than columns"))
    if any(cell is None for cell in cells.values()):
        raise ImportFileError(line, _("there are fewer cells than columns"))
    written = {name: (cell or "").strip() for name, cell in cells.items()}
    if any(map(NO_TEXT.search, written.values())):
        raise ImportFileError(line, _(NOT_UTF8))
    email = written.pop(KEY).lower()
    if "@" not in email:
        raise ImportFileError(line, _("there is no email address in the column email"))
    values = {name: _value(line, name, cell) for name, cell in written.items()}
    begins, ends = values.get("absent_from"), values.get("absent_until")
    if isinstance(begins, date) and isinstance(ends, date) and begins > ends:
        raise ImportFileError(line, _("absent_until is before absent_from"))
    return ImportRow(line, email, values)


def _value(line: int, column: str, cell: str) -> Value:
    if column in TEXT_COLUMNS:
        cell = clean_name(cell)
    if not cell:
        return None
    if column == "manager_email":
        return cell.lower()
    if column in DATE_COLUMNS:
        try:
            return date.fromisoformat(cell)
        except ValueError:
            raise ImportFileError(
                line, _("{column} is no date written as 2024-05-31").format(column=column)
            ) from None
    if len(cell) > TEXT_LENGTH:
        raise ImportFileError(
            line,
            _("{column} has more than {most} characters").format(column=column, most=TEXT_LENGTH),
        )
    return cell
