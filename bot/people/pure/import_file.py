"""HR's file of people: CSV with a header line, checked before anything is stored."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

KEY: Final = "email"
TEXT_COLUMNS: Final = ("team", "department", "location")
DATE_COLUMNS: Final = ("hired_on", "leaves_on", "back_on", "absent_from", "absent_until")
COLUMNS: Final = (KEY, *TEXT_COLUMNS, "manager_email", *DATE_COLUMNS)
TEXT_LENGTH: Final = 120

Value = str | date | None


class ImportFileError(ValueError):
    """The file can't be imported. The text names the line but no person's data."""

    def __init__(self, line: int | None, why: str) -> None:
        sentence = f"{why[0].upper()}{why[1:]}" if line is None else f"Line {line}: {why}"
        super().__init__(f"{sentence}. Nothing was imported.")


@dataclass(frozen=True)
class ImportRow:
    """One person of the file.

    `values` holds only the columns of the file. An empty cell clears a value; a missing column
    leaves it unchanged.
    """

    line: int
    email: str
    """In lower case."""
    values: Mapping[str, Value]


def read_csv(text: str) -> list[ImportRow]:
    """Read the file's text; raise ImportFileError for the first mistake.

    Columns are separated by commas or, as spreadsheets do in many countries, by semicolons.
    """
    header = text.partition("\n")[0]
    separator = ";" if ";" in header and "," not in header else ","
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=separator, restkey="", strict=True
    )
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_header(list(reader.fieldnames))
        return [_row(reader.line_num, cells) for cells in reader]
    except csv.Error:
        line = reader.reader.line_num  # DictReader's own count stops before the faulty line.
        raise ImportFileError(line, "a quotation mark is missing or misplaced") from None


def _check_header(names: list[str]) -> None:
    known = ", ".join(COLUMNS)
    if KEY not in names:
        raise ImportFileError(None, f"the first line must name the columns, email among {known}")
    if len(set(names)) < len(names):
        raise ImportFileError(1, "a column is named twice")
    unknown = sum(name not in COLUMNS for name in names)
    if unknown:
        position = next(i for i, name in enumerate(names, 1) if name not in COLUMNS)
        raise ImportFileError(1, f"I don't know column {position}; there can be {known}")


def _row(line: int, cells: Mapping[str, str | None]) -> ImportRow:
    if "" in cells:
        raise ImportFileError(line, "there are more cells than columns")
    if any(cell is None for cell in cells.values()):
        raise ImportFileError(line, "there are fewer cells than columns")
    written = {name: (cell or "").strip() for name, cell in cells.items()}
    email = written.pop(KEY).lower()
    if "@" not in email:
        raise ImportFileError(line, "there is no email address in the column email")
    values = {name: _value(line, name, cell) for name, cell in written.items()}
    begins, ends = values.get("absent_from"), values.get("absent_until")
    if isinstance(begins, date) and isinstance(ends, date) and begins > ends:
        raise ImportFileError(line, "absent_until is before absent_from")
    return ImportRow(line, email, values)


def _value(line: int, column: str, cell: str) -> Value:
    if not cell:
        return None
    if column == "manager_email":
        return cell.lower()
    if column in DATE_COLUMNS:
        try:
            return date.fromisoformat(cell)
        except ValueError:
            raise ImportFileError(line, f"{column} is no date written as 2024-05-31") from None
    if len(cell) > TEXT_LENGTH:
        raise ImportFileError(line, f"{column} has more than {TEXT_LENGTH} characters")
    return cell
