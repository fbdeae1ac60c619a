"""What the mood of a comment is computed from: its words, its letters and their polarity. Pure.

Word 1–2-grams and character 2–4-grams are hashed, so no vocabulary is kept (feature hashing:
Weinberger et al., ICML 2009). Training and use share this file.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple
from zlib import crc32

from bot.insights.pure.words.polarity import polarities

BUCKETS: Final = 1 << 16
"""Number of buckets for words, and as many again for letters."""
LETTERS_WEIGHT: Final = 0.7
"""Weight of the letters' block beside the words' block; both have length 1 otherwise."""
POLARITY_COUNT: Final = 8

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[!?]+|[^\w\s]")
_EDGE: Final = "|"
_CONTRAST: Final = frozenset({"but", "however", "though", "although", "yet", "except"})


class Features(NamedTuple):
    """A comment's features."""

    words: list[int]
    """Buckets, 0 to BUCKETS − 1, of its words and pairs of words."""
    letters: list[int]
    """Buckets of the letters within its words."""
    polarity: list[float]
    """POLARITY_COUNT numbers about its polarity and length, each from −1 to 1."""


def features(text: str) -> Features:
    """Return a comment's features."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    return Features(
        _buckets([*words, *(" ".join(pair) for pair in pairwise([_EDGE, *words, _EDGE]))]),
        _buckets(part for word in set(words) for part in _parts(f" {word} ")),
        _polarity(text, words),
    )


def _parts(word: str) -> Iterator[str]:
    """Yield all substrings of two to four characters."""
    for length in (2, 3, 4):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


def _buckets(grams: Iterable[str]) -> list[int]:
    return sorted({crc32(gram.encode()) % BUCKETS for gram in grams})


def _polarity(text: str, words: list[str]) -> list[float]:
    values = polarities(text)
    mean = sum(values) / len(values) if values else 0.0
    return [
        max(mean, 0.0),
        max(-mean, 0.0),
        float(not values),
        max(0.0, *values, 0.0),
        max(0.0, *(-value for value in values), 0.0),
        values[-1] if values else 0.0,
        min(len(words) / 40, 1.0),
        float(not _CONTRAST.isdisjoint(words)),
    ]
