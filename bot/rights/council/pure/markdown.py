"""Reads tables and lists out of this project's own documentation. Pure.

It understands what `docs/privacy.md` uses, and nothing more.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

_CODE_OR_LINK: Final = re.compile(r"`([^`]+)`|\[([^\]]+)\]\([^)]+\)|\*\*([^*]+)\*\*|\*([^*]+)\*")
_TAGS: Final = ("code", "span", "strong", "em")


def table_under(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, its own header first.

    Raises LookupError if there is no such heading or no table.
    """
    rows: list[list[str]] = []
    for line in _section(text, heading):
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows:
            break
    if not rows:
        raise LookupError(heading)
    return [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]


def list_under(text: str, heading: str) -> list[str]:
    """Return the points of the list under a heading; raise LookupError if there is none."""
    found = [line[2:] for line in _section(text, heading) if line.startswith("- ")]
    if not found:
        raise LookupError(heading)
    return found


def _section(text: str, heading: str) -> Iterator[str]:
    """Yield the lines from a heading to the next one."""
    inside = False
    for line in text.splitlines():
        if line.startswith("#"):
            inside = line.lstrip("#").strip() == heading
        elif inside:
            yield line


def inline_html(text: str) -> str:
    """Return a line's code, links, bold and italic text as HTML; links lose their address."""

    def tagged(match: re.Match[str]) -> str:
        tag = _TAGS[(match.lastindex or 1) - 1]
        inside = escape(match[match.lastindex or 1])
        return inside if tag == "span" else f"<{tag}>{inside}</{tag}>"

    pieces: list[str] = []
    end = 0
    for match in _CODE_OR_LINK.finditer(text):
        pieces += [escape(text[end : match.start()]), tagged(match)]
        end = match.end()
    return "".join([*pieces, escape(text[end:])])
