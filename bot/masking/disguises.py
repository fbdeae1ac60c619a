"""Finds names in disguise: `J@ck`, `A n n a`, `M*rk`, `mark_h`, and initials."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import product
from typing import Final

from bot.masking.name_index import Names
from bot.masking.words import SHORTEST_NAME, data, fold, forms_of

Span = tuple[int, int]
"""Where something begins and ends in the text."""

_LEET: Final = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "!": "i", "|": "il", "€": "e", "£": "l",
}  # fmt: skip
_LEET_TOKEN: Final = re.compile(
    r"(?<![\w@$!€£|])(?:[^\W_]|[@$!€£|]){3,30}(?![\w@$!€£|])|(?<![^\W_])[^\W\d_]{2,20}[_\d]\d{1,4}(?!\w)"
)
_MOST_LEET: Final = 5
_TRAILING: Final = re.compile(r"[!|_\d]+$")
_SPACED: Final = re.compile(
    r"(?<![^\W_])[^\W\d_](?P<gap>[\W_]{1,2})[^\W\d_](?:(?P=gap)[^\W\d_])+(?![^\W_])"
)
_LONGEST_SPACED: Final = 16
_STARRED: Final = re.compile(r"(?<![\w*])[^\W\d_]{1,20}(?:[*#•]{1,12}[^\W\d_]{1,20}){1,3}(?![\w*])")
_STARS_BEHIND: Final = re.compile(r"(?<![\w*])[A-Z][a-z]{1,20}[*•]{1,12}(?![\w*])")
_HANDLE: Final = re.compile(r"(?<![\w@.])([a-z]{2,20})([._])([a-z\d]{1,20})(?![\w@]|\.\w)")
_DOTTED: Final = re.compile(
    r"(?<![\w.])[A-ZÀ-ÞĀ-Ž]\. ?(?:[A-ZÀ-ÞĀ-Ž]\. ?)?(?:[A-ZÀ-ÞĀ-Ž]\.|[B-HJ-Z](?!\w))"
)


def find_disguised(text: str, names: Names) -> Iterator[Span]:
    """Yield the spans of names with other characters between or instead of their letters."""
    if not text.isalpha():
        yield from _in_leet(text, names)
        yield from _spaced(text, names)
        yield from _starred(text, names)
        yield from _handles(text, names)
        yield from _dotted_initials(text)


def _in_leet(text: str, names: Names) -> Iterator[Span]:
    for match in _LEET_TOKEN.finditer(text):
        written = match.group()
        if written.isalpha() or sum(map(str.isalpha, written)) < SHORTEST_NAME:
            continue
        bare = _TRAILING.sub("", written)
        if bare.isalpha():
            # `kasia88`, and `team!`, which is only a word.
            known = forms_of(bare) & names.words
            digits = written[len(bare) :].strip("!|")
            if known and digits and not known & data("months"):
                yield match.span()
            continue
        if any(form in names.words and len(form) > SHORTEST_NAME for form in _unleet(bare)):
            yield match.start(), match.start() + len(bare)


def _unleet(written: str) -> Iterator[str]:
    [form, *_] = sorted(forms_of(written))
    if sum(letter in _LEET for letter in form) > _MOST_LEET:
        return iter(())
    return map("".join, product(*(_LEET.get(letter, letter) for letter in form)))


def _spaced(text: str, names: Names) -> Iterator[Span]:
    for match in _SPACED.finditer(text):
        step = 1 + len(match["gap"])
        letters = match.group()[::step]
        start = 0
        while start < len(letters) - SHORTEST_NAME:
            for end in range(min(len(letters), start + _LONGEST_SPACED), start + SHORTEST_NAME, -1):
                form = fold(letters[start:end])
                if form in names.words and form not in data("function_words"):
                    yield match.start() + start * step, match.start() + (end - 1) * step + 1
                    start = end - 1
                    break
            start += 1


def _starred(text: str, names: Names) -> Iterator[Span]:
    for pattern in (_STARRED, _STARS_BEHIND) if "*" in text or "•" in text or "#" in text else ():
        for match in pattern.finditer(text):
            [form, *_] = sorted(forms_of(match.group()))
            shape = re.compile(re.sub(r"[*#•]", ".", form))
            [head, *_] = re.split(r"[*#•]", form)
            at = bisect_left(names.by_start, head)
            while at < len(names.by_start) and names.by_start[at].startswith(head):
                if shape.fullmatch(names.by_start[at]):
                    yield match.span()
                    break
                at += 1


def _handles(text: str, names: Names) -> Iterator[Span]:
    """Find `mark_h` and `will.p`, but not a sentence with no space after its stop."""
    for match in _HANDLE.finditer(text):
        first, gap, second = match.groups()
        whole = gap == "_" or len(second) == 1 or any(map(str.isdigit, second))
        if whole and any(
            part in names.words and len(part) > SHORTEST_NAME for part in (first, second)
        ):
            yield match.span()


def _dotted_initials(text: str) -> Iterator[Span]:
    for match in _DOTTED.finditer(text):
        letters = "".join(filter(str.isalpha, match.group())).lower()
        if letters not in data("dotted_abbreviations"):
            yield match.span()
