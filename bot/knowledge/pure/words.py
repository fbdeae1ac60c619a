"""The words that the search compares, and how a card matches a question.

SQLite and PostgreSQL split texts into words differently, so texts are split here, and both index
the result. Each word comes out in ASCII letters and digits: neither database splits those further.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import combinations
from typing import Final

from bot.mentoring.profiles.pure.topics import curated_key, singular

MOST_WORDS: Final = 6
"""Words of a question that are searched for, the longest ones: they tell the most."""
NEEDED: Final = 3
"""Of these, how many a card has to have at most; of up to four words, more than half."""

_WORD: Final = re.compile(r"[^\W_]+[+#]*")
_WITHOUT_SPACES: Final = re.compile(
    "[\u0e00-\u0eff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff]+"
)
"""Thai, Lao, Japanese and Chinese: no spaces between words, so pairs of letters are compared."""


def words_of(*texts: str) -> list[str]:
    """Return the words of texts, in their order, without everyday ones.

    A word is without case, accents and plural; other names of a topic, such as "k8s", become its
    name.

    >>> words_of("How do I restart the K8s pods?")
    ['restart', 'kubernetes', 'pod']
    """
    return [_ascii(word) for text in texts for word in _split(text)]


def indexed(*texts: str) -> str:
    """Return the words of a card's texts between spaces, each once: one to match by ` word `."""
    return f" {' '.join(dict.fromkeys(words_of(*texts)))} "


def searched(text: str) -> list[str]:
    """Return up to six words of a question, the longest first.

    >>> searched("How do I roll back a Kubernetes deployment?")
    ['kubernetes', 'deployment', 'roll', 'back']
    """
    return sorted(dict.fromkeys(words_of(text)), key=len, reverse=True)[:MOST_WORDS]


def ways_to_match(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the sets of words of which a card must have one whole.

    A card must have three of the words; of up to four, more than half.

    >>> ways_to_match(["roll", "back", "pod"])
    [('roll', 'back'), ('roll', 'pod'), ('back', 'pod')]
    """
    return list(combinations(words, min(NEEDED, len(words) // 2 + 1)))


def fts5_query(ways: Iterable[Sequence[str]]) -> str:
    """Write ways to match as SQLite's FTS5 reads them.

    https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    return " OR ".join("(" + " AND ".join(f'"{word}"' for word in way) + ")" for way in ways)


def tsquery(ways: Iterable[Sequence[str]]) -> str:
    """Write ways to match as PostgreSQL reads them.

    https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
    """
    return " | ".join("(" + " & ".join(f"'{word}'" for word in way) + ")" for way in ways)


def _split(text: str) -> Iterable[str]:
    for word in _WORD.findall(_plain(text)):
        if word in _everyday():
            continue
        topic = curated_key(word)
        yield from [topic] if topic else _parts(word)


def _parts(word: str) -> Iterable[str]:
    """Yield a word in the singular; of a text without spaces, each pair of neighbours."""
    end = 0
    for run in _WITHOUT_SPACES.finditer(word):
        yield from _spaced(word[end : run.start()])
        letters = run[0]
        yield from (letters[n : n + 2] for n in range(max(1, len(letters) - 1)))
        end = run.end()
    yield from _spaced(word[end:])


def _spaced(word: str) -> Iterable[str]:
    if word:
        yield singular(word)


def _ascii(word: str) -> str:
    """Write other letters than a to z as the hexadecimal of their UTF-8."""
    is_plain = word.isascii() and word.isalnum()
    return word if is_plain else f"x{word.encode().hex()}"


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", plain)


@cache
def _everyday() -> frozenset[str]:
    """Return words that say nothing about a question's subject."""
    text = resources.files("bot.knowledge.pure").joinpath("everyday.txt").read_text("utf-8")
    return frozenset(_plain(text).split())
