"""Names of teams as people type them: without what nobody can see, and those that look alike. Pure.

Characters are told apart by their general category (Unicode Standard, section 4.5).
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

INVISIBLE: Final = ("Cc", "Cf", "Zl", "Zp")
"""Categories of control, direction and format characters, and of separators of lines."""
JOINER: Final = "\u200d"
"""Joins emoji to one (Unicode TR51, section 2.3). Only this character of category Cf is kept."""
_SELECTORS: Final = "\ufe0e\ufe0f"
"""Choose whether a symbol is shown as text or as emoji."""


def clean_name(text: str) -> str:
    """Return a name with single spaces for all white space, and without invisible characters."""
    if text.isprintable():  # as nearly all are, of 100,000 people's file
        return " ".join(text.split())
    seen = (
        each
        for each in text
        if each.isspace() or each == JOINER or unicodedata.category(each) not in INVISIBLE
    )
    return " ".join("".join(seen).split()).strip(f"{JOINER} ")


def look_alikes(names: Iterable[str]) -> list[list[str]]:
    """Return the groups of names that differ only by case or compatibility (Unicode TR15), sorted.

    Characters that nobody can see make no difference, either.
    """
    found: dict[str, set[str]] = {}
    for name in names:
        found.setdefault(_folded(name), set()).add(name)
    return [sorted(alike) for _folded_name, alike in sorted(found.items()) if len(alike) > 1]


def _folded(name: str) -> str:
    seen = (each for each in name if unicodedata.category(each) != "Cf" and each not in _SELECTORS)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", "".join(seen)).casefold())
