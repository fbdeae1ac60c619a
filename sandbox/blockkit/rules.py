"""Relations between the properties of one object.

A rule runs only when each property is right, so it does not check types again.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from sandbox.blockkit.schema import Check, Report

MAX_CELL_CHARACTERS: Final = 10_000
"""All cells of a table together: 20,000 in newer sources; the stricter counts."""


def any_of(*names: str) -> Check:
    """Require at least one of the properties."""
    listed = ", ".join(f"`{name}`" for name in names)

    def rule(value: Any, at: str, report: Report) -> None:
        if not any(name in value for name in names):
            report.add(at, f"must define at least one of {listed}")

    return rule


def exactly_one(first: str, second: str) -> Check:
    """Require one of two properties, and not the other."""

    def rule(value: Any, at: str, report: Report) -> None:
        if (first in value) == (second in value):
            report.add(at, f"must define either `{first}` or `{second}`")

    return rule


def in_order(low: str, high: str, read: Callable[[Any], Any] = int) -> Check:
    """Keep the first property from exceeding the second."""

    def rule(value: Any, at: str, report: Report) -> None:
        if low in value and high in value and read(value[low]) > read(value[high]):
            report.add(f"{at}/{low}", f"`{low}` must not be greater than `{high}`")

    return rule


def unique(name: str, key: str) -> Check:
    """Require that items of the array `name` differ in their `key`."""

    def rule(value: Any, at: str, report: Report) -> None:
        seen: set[Any] = set()
        for index, item in enumerate(value.get(name, ())):
            if key in item and item[key] in seen:
                reason = f"`{key}` {item[key]} already exists for another of the {name}"
                report.add(f"{at}/{name}/{index}/{key}", reason)
            seen.add(item.get(key))

    return rule


def no_duplicates(name: str) -> Check:
    """Require that the plain values in the array `name` differ."""

    def rule(value: Any, at: str, report: Report) -> None:
        items = value.get(name, ())
        if len(set(items)) < len(items):
            report.add(f"{at}/{name}", "Input contains duplicate items")

    return rule


def initial_among_options(value: Any, at: str, report: Report) -> None:
    """Require that what is selected at first is one of the options, word for word."""
    grouped = chain.from_iterable(group["options"] for group in value.get("option_groups", ()))
    options = [*value.get("options", ()), *grouped]
    chosen = [("initial_option", value["initial_option"])] if "initial_option" in value else []
    several = enumerate(value.get("initial_options", ()))
    chosen += [(f"initial_options/{index}", option) for index, option in several]
    for name, option in chosen:
        if option not in options:
            report.add(f"{at}/{name}", "must exactly match one of the provided options")


def real_date(value: Any, at: str, report: Report) -> None:
    """Require that `initial_date` is a day of the calendar."""
    try:
        date.fromisoformat(value.get("initial_date", "2000-01-01"))
    except ValueError:
        report.add(f"{at}/initial_date", "input must be a valid: date")


def number_bounds(value: Any, at: str, report: Report) -> None:
    """Require the order minimum, initial value, maximum, and whole numbers unless told."""
    for name in ("initial_value", "min_value", "max_value"):
        if not value["is_decimal_allowed"] and "." in value.get(name, ""):
            report.add(f"{at}/{name}", "decimal numbers are not allowed")
    pairs = (("min_value", "max_value"), ("min_value", "initial_value"))
    for low, high in (*pairs, ("initial_value", "max_value")):
        in_order(low, high, Decimal)(value, at, report)


def covers_every_category(value: Any, at: str, report: Report) -> None:
    """Require that each series of a chart has one point for every category and no other."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        report.add(f"{at}/axis_config/categories", "Input contains duplicate items")
        return
    for index, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            reason = "labels must match `axis_config.categories` exactly"
            report.add(f"{at}/series/{index}/data", reason)


def rectangular(value: Any, at: str, report: Report) -> None:
    """Require rows of one length, a plain header row, and a row header among the columns."""
    header = value["rows"][0]
    for index, row in enumerate(value["rows"]):
        if len(row) != len(header):
            report.add(f"{at}/rows/{index}", f"every row must have {len(header)} cells")
    for index, cell in enumerate(header):
        if cell["type"] == "rich_text":
            report.add(f"{at}/rows/0/{index}/type", "unsupported type: rich_text")
    if value.get("row_header_column_index", 0) >= len(header):
        report.add(f"{at}/row_header_column_index", f"must be less than {len(header)}")


def characters_in_cells(value: Any, at: str, report: Report) -> None:
    """Limit the characters of all cells of a table together."""
    count = sum(_characters(cell) for cell in chain.from_iterable(value["rows"]))
    if count > MAX_CELL_CHARACTERS:
        report.add(f"{at}/rows", f"must be less than {MAX_CELL_CHARACTERS + 1} characters")


def _characters(part: dict[str, Any]) -> int:
    """Count the characters of a cell: its own text and that of the rich text inside."""
    inner: Iterable[dict[str, Any]] = part.get("elements", ())
    return len(part.get("text", "")) + sum(_characters(element) for element in inner)
