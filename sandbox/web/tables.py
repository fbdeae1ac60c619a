"""The ``data_table`` block, a page at a time."""

from sandbox.state import Json
from sandbox.web.markup import Html, join, lines, tag
from sandbox.web.names import Names
from sandbox.web.rich_text import rich_text
from sandbox.web.surface import Surface
from sandbox.web.tags import EMIT_NOTHING, el, put, raw, set_text


def data_table(block: Json, surface: Surface) -> None:
    """Draw a table with its caption."""
    header, *rows = block["rows"]
    size = int(block.get("page_size") or 10)
    last = (len(rows) - 1) // size
    caption = str(block.get("caption", ""))
    shown = {"page": 0}

    def page() -> Html:
        first = shown["page"] * size
        row_header = block.get("row_header_column_index")
        drawn = [row(cells, row_header, surface.names) for cells in rows[first : first + size]]
        head = tag("tr", *(tag("th", cell(one, surface.names), scope="col") for one in header))
        return join([tag("caption", caption), tag("thead", head), tag("tbody", *drawn)])

    def said() -> str:
        first = shown["page"] * size
        return f"{first + 1}–{min(first + size, len(rows))} of {len(rows)}"

    def turn(by: int) -> None:
        shown["page"] = min(max(shown["page"] + by, 0), last)
        table.set_content(page())
        set_text(status, said())
        put(back, disabled=shown["page"] == 0 or None)
        put(on, disabled=shown["page"] == last or None)

    with el("div", classes="table-frame", role="region", aria_label=caption, tabindex="0"):
        table = raw(page(), "table", "table")
    if last:
        with el("div", classes="pager"):
            back = el("button", "Previous", "button quiet", type="button", disabled=True)
            status = el("span", said(), role="status")
            on = el("button", "Next", "button quiet", type="button")
        back.on("click", lambda: turn(-1), js_handler=EMIT_NOTHING)
        on.on("click", lambda: turn(1), js_handler=EMIT_NOTHING)


def row(cells: list[Json], row_header: int | None, names: Names) -> Html:
    """Return one row; the cell in the column ``row_header`` names it."""
    drawn = []
    for index, content in enumerate(cells):
        if index == row_header:
            drawn.append(tag("th", cell(content, names), scope="row"))
        else:
            number = "align-right" if content["type"] == "raw_number" else None
            drawn.append(tag("td", cell(content, names), class_=number))
    return tag("tr", *drawn)


def cell(content: Json, names: Names) -> Html:
    """Return what a cell shows."""
    if content["type"] == "rich_text":
        return rich_text(content, names)
    return lines(str(content.get("text", "")))
