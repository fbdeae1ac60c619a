"""Rules between the properties of one object.

A rule is called only when each property is right by itself, so it need not doubt their types.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from sandbox.blockkit.schema import Report, Rule


def any_of(*names: str) -> Rule:
    """At least one of the properties must be there."""
    listed = ", ".join(f"`{name}`" for name in names)

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if not any(name in value for name in names):
            report.failed(at, f"must define at least one of {listed}", "any_of")

    return rule


def exactly_one(first: str, second: str) -> Rule:
    """One of two properties must be there, and not the other."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if (first in value) == (second in value):
            report.failed(at, f"must define either `{first}` or `{second}`", "one_of")

    return rule


def not_both(first: str, second: str) -> Rule:
    """Two properties exclude each other."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if first in value and second in value:
            report.failed(at, f"must not define both `{first}` and `{second}`", "not")

    return rule


def flag_needs(name: str, needed: str) -> Rule:
    """Let a flag be true only while another is true."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if value.get(name) is True and value.get(needed) is not True:
            report.failed(f"{at}/{name}", f"`{name}` needs `{needed}` to be true", "all_of")

    return rule


def flags_exclude(name: str, other: str) -> Rule:
    """Two flags may not both be true."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if value.get(name) is True and value.get(other) is True:
            report.failed(f"{at}/{name}", f"`{name}` needs `{other}` to be false", "not")

    return rule


def in_order(low: str, high: str, read: Callable[[Any], Any] = int) -> Rule:
    """Keep the first property from exceeding the second."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        if low in value and high in value and read(value[low]) > read(value[high]):
            report.failed(f"{at}/{low}", f"`{low}` must not be greater than `{high}`", "maximum")

    return rule


def unique(name: str, key: str) -> Rule:
    """Items of the array `name` may not share the same `key`."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        seen: set[Any] = set()
        for index, item in enumerate(value.get(name, ())):
            if key in item and item[key] in seen:
                reason = f"`{key}` {item[key]} already exists for another of the {name}"
                report.failed(f"{at}/{name}/{index}/{key}", reason, "unique_items")
            seen.add(item.get(key))

    return rule


def no_duplicates(name: str) -> Rule:
    """Demand that the plain values in the array `name` differ."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        items = value.get(name, ())
        if len(set(items)) < len(items):
            report.failed(f"{at}/{name}", "Input contains duplicate items", "unique_items")

    return rule


def initial_among_options(value: dict[str, Any], at: str, report: Report) -> None:
    """Demand that what is selected at first is one of the options, word for word."""
    grouped = chain.from_iterable(group["options"] for group in value.get("option_groups", ()))
    options = [*value.get("options", ()), *grouped]
    chosen = (
        [(f"{at}/initial_option", value["initial_option"])] if "initial_option" in value else []
    )
    several = enumerate(value.get("initial_options", ()))
    chosen += [(f"{at}/initial_options/{index}", option) for index, option in several]
    for pointer, option in chosen:
        if option not in options:
            report.failed(pointer, "must exactly match one of the provided options", "enum")


def real_date(value: dict[str, Any], at: str, report: Report) -> None:
    """`initial_date` must be a day of the calendar."""
    try:
        date.fromisoformat(value.get("initial_date", "2000-01-01"))
    except ValueError:
        report.failed(f"{at}/initial_date", "input must be a valid: date", "format")


def whole_unless_decimal(value: dict[str, Any], at: str, report: Report) -> None:
    """Demand whole numbers of a number input that takes no decimals."""
    if value["is_decimal_allowed"]:
        return
    for name in ("initial_value", "min_value", "max_value"):
        if "." in value.get(name, ""):
            report.failed(f"{at}/{name}", "decimal numbers are not allowed", "pattern")


def number_bounds(value: dict[str, Any], at: str, report: Report) -> None:
    """Demand the order minimum, initial value, maximum of a number input."""
    pairs = (("min_value", "max_value"), ("min_value", "initial_value"))
    for low, high in (*pairs, ("initial_value", "max_value")):
        in_order(low, high, Decimal)(value, at, report)


def covers_every_category(value: dict[str, Any], at: str, report: Report) -> None:
    """Each series of a chart has one point for every category and no other."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        pointer = f"{at}/axis_config/categories"
        report.failed(pointer, "Input contains duplicate items", "unique_items")
        return
    for index, series in enumerate(value["series"]):
        labels = [point["label"] for point in series["data"]]
        if sorted(labels) != sorted(categories):
            reason = "labels must match `axis_config.categories` exactly"
            report.failed(f"{at}/series/{index}/data", reason, "enum", expected=categories)


def rows_of_equal_length(value: dict[str, Any], at: str, report: Report) -> None:
    """Every row of a data table has as many cells as the header row."""
    columns = len(value["rows"][0])
    for index, row in enumerate(value["rows"]):
        if len(row) != columns:
            reason = f"every row must have {columns} cells"
            report.failed(f"{at}/rows/{index}", reason, "min_items", expected=columns, got=len(row))


def header_row_is_plain(value: dict[str, Any], at: str, report: Report) -> None:
    """Refuse rich text in the header row of a data table."""
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            pointer = f"{at}/rows/0/{index}/type"
            expected = ["raw_text", "raw_number"]
            reason = "unsupported type: rich_text"
            report.failed(pointer, reason, "enum", expected=expected, got="rich_text")


def row_header_is_a_column(value: dict[str, Any], at: str, report: Report) -> None:
    """`row_header_column_index` counts from 0 and must be one of the columns."""
    last = len(value["rows"][0]) - 1
    index = value.get("row_header_column_index", 0)
    if index > last:
        pointer = f"{at}/row_header_column_index"
        reason = f"must be less than {last + 1}"
        report.failed(pointer, reason, "maximum", expected=last, got=index)


def characters_in_cells(most: int) -> Rule:
    """All cells of a table together hold at most so many characters."""

    def rule(value: dict[str, Any], at: str, report: Report) -> None:
        count = sum(written_characters(cell) for cell in chain.from_iterable(value["rows"]))
        if count > most:
            reason = f"must be less than {most + 1} characters"
            report.failed(f"{at}/rows", reason, "max_length", expected=most, got=count)

    return rule


def written_characters(part: dict[str, Any]) -> int:
    """Count the characters in a cell: its own text and that of the rich text inside."""
    inner: Iterable[dict[str, Any]] = part.get("elements", ())
    return len(part.get("text", "")) + sum(written_characters(element) for element in inner)
