"""The words that the search compares, and how a card matches a question.

SQLite and PostgreSQL split texts into words differently, so texts are split here, and both index
the result. Each word comes out in ASCII letters and digits: neither database splits those further.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
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
_EVERYDAY: Final = frozenset(
    ["a", "about", "after", "all", "also", "am", "an", "and", "any", "anybody", "anyone", "are", "as", "at", "be", "because", "been", "before", "but", "by", "can", "could", "did", "do", "does", "doing", "done", "for", "from", "get", "getting", "had", "has", "have", "he", "help", "her", "here", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "know", "let", "like", "make", "me", "more", "most", "must", "my", "need", "no", "not", "of", "off", "on", "one", "only", "or", "other", "our", "out", "over", "please", "same", "she", "should", "so", "some", "somebody", "someone", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "up", "us", "use", "used", "using", "very", "want", "was", "way", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would", "yes", "you", "your", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einer", "und", "oder", "ist", "sind", "war", "wie", "was", "wer", "wo", "wann", "warum", "ich", "du", "er", "sie", "es", "wir", "ihr", "mit", "von", "zu", "im", "in", "an", "auf", "aus", "bei", "nach", "nicht", "kann", "man", "für", "le", "la", "les", "un", "une", "des", "du", "de", "et", "ou", "est", "sont", "comment", "que", "qui", "quoi", "où", "quand", "pourquoi", "je", "tu", "il", "elle", "nous", "vous", "avec", "pour", "dans", "sur", "par", "ne", "pas", "el", "los", "las", "una", "y", "es", "son", "cómo", "qué", "quién", "dónde", "cuándo", "con", "para", "en", "por", "no", "se"]
)


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
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKC", "".join(c for c in folded if not _is_accent(c)))
    for word in _WORD.findall(plain):
        if word in _STOP:
            continue
        if topic := curated_key(word):
            yield topic
            continue
        yield from _parts(word)


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


def _is_accent(char: str) -> bool:
    return bool(unicodedata.combining(char))


def _ascii(word: str) -> str:
    """Write other letters than a to z as the hexadecimal of their UTF-8."""
    is_plain = word.isascii() and word.isalnum()
    return word if is_plain else f"x{word.encode().hex()}"


_STOP: Final = frozenset(
    "".join(c for c in unicodedata.normalize("NFKD", word) if not _is_accent(c))
    for word in _EVERYDAY
)
