"""An export as files: CSV, Parquet, and a data dictionary. Pure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from bot.insights.export.pure.exported_figure import COLUMNS, Column, ExportedFigure, Value

if TYPE_CHECKING:
    from arro3.core import Array

FIGURES_CSV: Final = "figures.csv"
FIGURES_PARQUET: Final = "figures.parquet"
DICTIONARY: Final = "dictionary.csv"
KINDS: Final[Mapping[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    date: "date",
}
EPOCH: Final = date(1970, 1, 1)
_FORMULA: Final = re.compile(r"(^|[,;|\t\r\n\"'])(?=\s*[=+\-@＝＋－＠])")
"""The start of a cell that a spreadsheet would run as a formula, also of a cell that begins only
where a spreadsheet takes another separator or quotation mark than this file has."""


def has_parquet() -> bool:
    """Return True if the extra `parquet` is installed."""
    return find_spec("arro3") is not None


def export_files(figures: Sequence[ExportedFigure]) -> dict[str, bytes]:
    """Return the files of an export by name; the one in Parquet only with the extra `parquet`."""
    files = {FIGURES_CSV: csv_file(figures), DICTIONARY: dictionary_file()}
    if has_parquet():
        files[FIGURES_PARQUET] = parquet_file(figures)
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return one zip file with all files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def harmless(text: str) -> str:
    """Return text that no spreadsheet runs as a formula: an apostrophe stands before it.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return _FORMULA.sub(r"\1'", text)


def csv_file(figures: Iterable[ExportedFigure]) -> bytes:
    """Return the figures in CSV (RFC 4180), in UTF-8 with the mark that spreadsheets look for."""
    rows = ([getattr(each, column.name) for column in COLUMNS] for each in figures)
    return _csv([column.name for column in COLUMNS], rows)


def dictionary_file() -> bytes:
    """Return the meaning of each column in CSV."""
    rows = ((each.name, KINDS[each.kind], each.can_be_empty, each.meaning) for each in COLUMNS)
    return _csv(["column", "kind", "can_be_empty", "meaning"], rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    written = io.StringIO(newline="")
    # Numbers stay bare, so that a negative one is a number and no text.
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(header)
    writer.writerows(map(_cell, row) for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else value


def parquet_file(figures: Sequence[ExportedFigure]) -> bytes:
    """Return the figures in Parquet, with each column's meaning in its metadata.

    Texts are as people wrote them: no program that reads Parquet runs formulas. Raises ImportError
    without the extra `parquet`.
    """
    from arro3.core import Field, Schema, Table  # noqa: PLC0415 (an extra)
    from arro3.io import write_parquet  # noqa: PLC0415

    arrays = [_array(figures, column) for column in COLUMNS]
    schema = Schema(
        [
            Field(
                column.name,
                array.type,
                nullable=column.can_be_empty,
                metadata={"meaning": column.meaning},
            )
            for column, array in zip(COLUMNS, arrays, strict=True)
        ]
    )
    written = io.BytesIO()
    write_parquet(Table.from_arrays(arrays, schema=schema), written, compression="snappy")
    return written.getvalue()


def _array(figures: Iterable[ExportedFigure], column: Column) -> "Array":
    from arro3.core import Array, DataType  # noqa: PLC0415 (an extra)

    values: list[Any] = [getattr(each, column.name) for each in figures]
    if column.kind is date:
        days = [value and (value - EPOCH).days for value in values]
        return Array(days, DataType.int32()).cast(DataType.date32())
    kinds: dict[type, DataType] = {
        str: DataType.utf8(),
        bool: DataType.bool(),
        int: DataType.int64(),
        float: DataType.float64(),
    }
    return Array(values, kinds[column.kind])
