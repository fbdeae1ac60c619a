"""Finds replies that ask an anonymous author who they are, in six languages.

The list catches what people usually write, not every way to ask. It has English, German, French,
Spanish, Portuguese and Japanese phrases, and all of them are looked for: HR may write in any.
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

_STRAIGHT: Final = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "ß": "ss"})


def asks_who(text: str) -> bool:
    """Return True if a text asks its reader for their name, team, manager or place."""
    plain = _plain(text)
    return any(pattern.search(plain) for pattern in _patterns())


def _plain(text: str) -> str:
    """Return a text in small letters, with single spaces and no accents on Latin letters.

    Characters that nobody sees, such as a space without width, could part a word; they go.
    """
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_STRAIGHT)
    parted = unicodedata.normalize("NFD", folded)
    # Only combining marks of Latin letters: in Japanese they make another sound.
    kept = "".join(each for each in parted if not "\u0300" <= each <= "\u036f")
    return unicodedata.normalize("NFC", " ".join(kept.split()))


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    file = resources.files(__package__).joinpath("asking_who.toml")
    phrases = tomllib.loads(file.read_text("utf-8"))
    return tuple(re.compile(phrase) for each in phrases.values() for phrase in each)
