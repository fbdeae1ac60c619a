"""Slack's tables: ``table`` and ``data_table``, the latter with pages."""

from typing import Any

from sandbox.web.markup import Html, join, lines, tag
from sandbox.web.names import Names
from sandbox.web.rich_text import rich_text
from sandbox.web.surface import Json, Surface
from sandbox.web.tags import EMIT_NOTHING, el, put, raw, set_text


def cell(content: Json, names: Names) -> Html:
    """Return what a cell shows."""
    kind = content.get("type")
    if kind == "rich_text":
        return rich_text(content, names)
    if kind == "raw_number":
        return lines(str(content.get("text") or content.get("value", "")))
    if kind == "raw_text":
        return lines(str(content.get("text", "")))
    return tag("span", f"[{kind}]", class_="unknown-inline")


def aligned(content: Json, settings: Json) -> str | None:
    """Return the class that sets how a cell is aligned: numbers to the right."""
    align = settings.get("align") or ("right" if content.get("type") == "raw_number" else None)
    names = [f"align-{align}"] if align in {"center", "right"} else []
    if not settings.get("is_wrapped", True):
        names.append("one-line")
    return " ".join(names) or None


def table_html(
    rows: list[list[Json]], names: Names, settings: list[Json | None], row_header: int | None
) -> Html:
    """Return a table whose first row is its header."""

    def row(cells: list[Json], header: bool) -> Html:
        drawn = []
        for index, content in enumerate(cells):
            own = (settings[index] if index < len(settings) else None) or {}
            scope = "col" if header else "row" if index == row_header else None
            drawn.append(
                tag(
                    "th" if scope else "td",
                    cell(content, names),
                    class_=aligned(content, own),
                    scope=scope,
                )
            )
        return tag("tr", *drawn)

    head, body = rows[:1], rows[1:]
    return join(
        [
            tag("thead", *(row(cells, True) for cells in head)),
            tag("tbody", *(row(cells, False) for cells in body)),
        ]
    )


def table(block: Json, surface: Surface) -> None:
    """Draw a table."""
    settings = block.get("column_settings") or []
    shown = table_html(block.get("rows", []), surface.names, settings, None)
    with scrolling("Table"):
        raw(shown, "table", "table")


def scrolling(label: str) -> Any:
    """Make a frame that scrolls sideways, by keyboard too."""
    return el("div", classes="table-frame", role="region", aria_label=label, tabindex="0")


def data_table(block: Json, surface: Surface) -> None:
    """Draw a table with a caption, a page at a time."""
    header, *rows = block.get("rows") or [[]]
    size = int(block.get("page_size") or 10)
    row_header = block.get("row_header_column_index")
    caption = str(block.get("caption", ""))

    def page(number: int) -> Html:
        shown = [header, *rows[number * size : (number + 1) * size]]
        return join([tag("caption", caption), table_html(shown, surface.names, [], row_header)])

    with el("div", classes="data-table"):
        with scrolling(caption or "Table"):
            drawn = raw(page(0), "table", "table")
        if len(rows) > size:
            pager(len(rows), size, lambda number: drawn.set_content(page(number)))


def pager(count: int, size: int, show: Any) -> None:
    """Draw the buttons that turn the pages of a table."""
    last = (count - 1) // size
    state = {"page": 0}

    def turn(by: int) -> None:
        state["page"] = min(max(state["page"] + by, 0), last)
        number = state["page"]
        show(number)
        set_text(said, said_page(number))
        put(back, disabled=number == 0 or None)
        put(on, disabled=number == last or None)

    def said_page(number: int) -> str:
        return f"{number * size + 1}–{min((number + 1) * size, count)} of {count}"

    with el("div", classes="pager"):
        back = el("button", "Previous", "button quiet", type="button", disabled=True)
        said = el("span", said_page(0), role="status")
        on = el("button", "Next", "button quiet", type="button")
    back.on("click", lambda: turn(-1), js_handler=EMIT_NOTHING)
    on.on("click", lambda: turn(1), js_handler=EMIT_NOTHING)
