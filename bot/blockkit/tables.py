"""Tables: Slack's own block, and text in code blocks for servers that refuse it.

https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import SECTION_TEXT, Block
from bot.blockkit.text import encode

TABLE_COLUMNS: Final = 20
TABLE_ROWS: Final = 101
"""With the head; Slack's page has named this number, and a larger one since."""
TABLE_CHARACTERS: Final = 10_000
_FENCE: Final = "```"


def data_table(caption: str, rows: Sequence[Sequence[str]], page_size: int = 100) -> Block:
    """Build a table; the first row is its head, and the first column names the rows.

    Raises ValueError beyond Slack's limits.
    """
    characters = sum(len(cell) for row in rows for cell in row)
    if not 2 <= len(rows) <= TABLE_ROWS or characters > TABLE_CHARACTERS:
        raise ValueError("a table has 2 to 101 rows and at most 10,000 characters")
    if {len(row) for row in rows} != {len(rows[0])} or len(rows[0]) > TABLE_COLUMNS:
        raise ValueError("a table has rows of one length, of at most 20 columns")
    return {
        "type": "data_table",
        "caption": caption,
        "row_header_column_index": 0,
        "page_size": page_size,
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows],
    }


def text_tables(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write a table as mrkdwn in code blocks; the head, the first row, is repeated in each."""
    plain = [[" ".join(cell.replace("`", "'").split()) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*plain, strict=True)]
    head, *lines = [encode(_line(row, widths)) for row in plain]
    tables, current = [], head
    for line in lines:
        if len(current) + len(line) + 10 > SECTION_TEXT:
            tables.append(current)
            current = head
        current += f"\n{line}"
    return [f"{_FENCE}\n{table}\n{_FENCE}" for table in [*tables, current]]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join([f"{first[0]:<{first[1]}}", *(f"{cell:>{width}}" for cell, width in rest)])
