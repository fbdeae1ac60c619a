"""Finds what files, Slack or an office know a person by: numbers, ids, dates, addresses."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Literal

from bot.masking.words import read

Kind = Literal["name", "email", "link", "phone", "number", "date", "address"]


def find_identifiers(text: str) -> Iterator[tuple[Kind, int, int]]:
    """Yield kind, start and end of everything that identifies a person in the company."""
    for kind, pattern in _patterns():
        group = "hit" if pattern.groupindex else 0
        for match in pattern.finditer(text):
            if match.start(group) >= 0:
                yield kind, *match.span(group)


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    file = tomllib.loads(read("identifiers.toml"))
    parts: dict[str, str] = {}

    def whole(pattern: str) -> str:
        for name, part in parts.items():
            pattern = pattern.replace(f"<{name}>", part)
        return pattern

    for name, part in file["parts"].items():
        parts[name] = whole(part)
    return tuple(
        (each["kind"], re.compile(whole(each["pattern"]), 0 if each.get("case") else re.IGNORECASE))
        for each in file["pattern"]
    )
