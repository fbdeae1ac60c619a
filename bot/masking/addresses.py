"""Finds e-mail and web addresses, @mentions, phone numbers and other long numbers in a comment."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.masking.identifiers import Kind, find_identifiers
from bot.masking.words import data

FEWEST_PHONE_DIGITS: Final = 7
MOST_PHONE_DIGITS: Final = 15
"""ITU-T E.164."""

_PATTERNS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("email", re.compile(r"(?<![\w.+%-])[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")),
    ("link", re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)[^\s<>]+", re.IGNORECASE)),
    (
        "link",
        re.compile(
            r"(?<![\w@.])\w[\w-]{0,62}(?:\.[\w-]{1,63})*\.[a-z]{2,}/[^\s<>]*", re.IGNORECASE
        ),
    ),
    ("name", re.compile(r"<@\w+(?:\|[^>]*)?>")),
    ("name", re.compile(r"(?<![\w@])@(?!(?:here|channel|everyone)\b)[^\W\d_][\w.-]*\b")),
)
_DOMAIN: Final = re.compile(
    r"(?<![\w@.-])(?P<labels>(?:[^\W_][\w-]*\.)+)(?P<top>[^\W\d_]{2,24})(?![\w@])(?::\d+)?"
)
_DIGITS: Final = re.compile(
    r"(?<!\w)\+?\(?\d[\d \u00a0().\-‐‑/]{5,}\d|(?<!\d)(?<!\d[.,])(?<![A-Z]{2}-)\d{5,}"
)
_DATES_AND_TIMES: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d"
    r"|(?:19|20)\d\d(?=[ \-–/])|(?<=[ \-–/])(?:19|20)\d\d|\d{1,2}[.:]\d\d ?[-–] ?\d{1,2}[.:]\d\d)"
    r"(?!\d)"
)
_STANDARD: Final = re.compile(r"(?:ISO|DIN|RFC|IEC|EN|SOC|[€$£]|EUR|USD|PLN|CHF) ?$")
_CURRENCY: Final = re.compile(
    r" ?(?:k\b|%|[€$£]|(?:euros?|eur|usd|dollars?|pounds?|pln|chf)\b)", re.IGNORECASE
)
_ROUND_AMOUNT: Final = re.compile(r"\d{1,3}(?:[ \u00a0.]\d{3})*[ \u00a0.]000")


class Hidden(NamedTuple):
    """Something that was taken out."""

    kind: Kind
    start: int
    end: int
    """Where it stood in the text."""


def find_addresses(text: str) -> list[Hidden]:
    """Return all that reaches a person; what overlaps becomes one, of the longest one's kind."""
    found: list[Hidden] = []
    for hidden in sorted(_candidates(text), key=lambda each: each.start):
        last = found[-1] if found else None
        if last is None or last.end <= hidden.start:
            found.append(hidden)
            continue
        longest = max(last, hidden, key=lambda each: each.end - each.start)
        found[-1] = Hidden(longest.kind, last.start, max(last.end, hidden.end))
    return found


def _candidates(text: str) -> Iterator[Hidden]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Hidden(kind, match.start(), match.end())
    for found, start, end in find_identifiers(text):
        yield Hidden(found, start, end)
    for match in _DOMAIN.finditer(text):
        if _is_domain(match["labels"].split(".")[:-1], match["top"]):
            yield Hidden("link", match.start(), match.end())
    for match in _DIGITS.finditer(text):
        kind_of_number = _kind_of_number(match.group())
        amount = _STANDARD.search(text, max(0, match.start() - 5), match.start()) or (
            _CURRENCY.match(text, match.end())
        )
        if kind_of_number and not (kind_of_number == "number" and amount):
            yield Hidden(kind_of_number, match.start(), match.end())


def _is_domain(labels: list[str], top: str) -> bool:
    """Tell `wiki.corp.local` from `e.g.`, a time, and a sentence with no space after its stop.

    Three words joined by stops are one whatever they end in: companies make up their own endings.
    """
    if any(label.isdigit() for label in labels) or not (top.islower() or top.isupper()):
        return False
    if len(labels) > 1 and all(len(label) == 1 for label in labels):
        return False
    if top.lower() in data("top_level_domains"):
        return True
    return len(labels) > 1 and all(len(label) > 1 for label in labels)


def _kind_of_number(written: str) -> Kind | None:
    if _ROUND_AMOUNT.fullmatch(written):
        return None
    if written.isdigit():
        return "number"
    undated = written if written.startswith("+") else _DATES_AND_TIMES.sub("", written)
    if sum(map(str.isdigit, undated)) < FEWEST_PHONE_DIGITS:
        return None
    return "phone" if sum(map(str.isdigit, written)) <= MOST_PHONE_DIGITS else "number"
