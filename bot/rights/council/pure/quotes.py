"""Parts of `docs/privacy.md` that the dossier quotes, in the current language. Pure.

The catalogues hold each cell and point without its numbers, so that new figures need no new
translation, and a new wording does.
"""

import re
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from bot.languages import _, write_number
from bot.rights.council.pure.markdown import list_under, table_under

PRIVACY: Final = Path(__file__).resolve().parents[4] / "docs" / "privacy.md"
WHO_COULD: Final = "Who could learn what"
ATTACKS: Final = "The attacks"
NOT_PROMISED: Final = "What is not promised"
CANNOT_REACH: Final = "What forgetting cannot reach"
"""Headings in `docs/privacy.md`."""
_TABLES: Final = (WHO_COULD, ATTACKS)
_LISTS: Final = (CANNOT_REACH, NOT_PROMISED)
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w)")
_PLACE: Final = re.compile(r"\{(\d+)\}")
_LINK: Final = re.compile(r" \(\[[^\]]+\]\([^)]+\)\)|\[([^\]]+)\]\([^)]+\)")
"""A link, which a printed page loses; one that is alone in brackets goes as a whole."""


def quoted_table(privacy: str, heading: str) -> list[list[str]]:
    """Return a table's rows, its header first; raise LookupError as `table_under` does."""
    return [list(map(_quoted, row)) for row in table_under(privacy, heading)]


def quoted_list(privacy: str, heading: str) -> list[str]:
    """Return a list's points; raise LookupError as `list_under` does."""
    return list(map(_quoted, list_under(privacy, heading)))


def _quoted(text: str) -> str:
    said, numbers = _without_numbers(text)
    return _PLACE.sub(lambda place: _written(numbers[int(place[1])]), _(said))


def _without_numbers(text: str) -> tuple[str, list[str]]:
    """Return a text as the catalogues hold it, `{0} of {1}` for `3 of 24`, and its numbers."""
    unlinked = _LINK.sub(lambda link: link[1] or "", text)
    places = count()
    said = _NUMBER.sub(lambda _number: f"{{{next(places)}}}", unlinked)
    return said, _NUMBER.findall(unlinked)


def _written(number: str) -> str:
    digits = number.replace(",", "")
    return write_number(float(digits), len(digits.partition(".")[2]))


def quoted_texts(
    _file: Any,
    _keywords: Any,
    _comment_tags: Any,
    options: Any,  # noqa: ARG001 (Babel passes it by name)
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield what this module quotes, for `pybabel extract`; `languages/babel.cfg` names it.

    The documentation stands outside the folder that is extracted, so this module stands for it.
    """
    privacy = PRIVACY.read_text("utf-8")
    cells = (cell for heading in _TABLES for row in table_under(privacy, heading) for cell in row)
    points = (point for heading in _LISTS for point in list_under(privacy, heading))
    for text in chain(cells, points):
        yield 1, "gettext", _without_numbers(text)[0], []
