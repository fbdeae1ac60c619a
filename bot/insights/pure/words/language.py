"""Which language a comment is in, recognised by its commonest short words. Pure.

A library that knows letters only (langid and the like) mistakes one short English comment in
twelve for another language. Common words are surer in comments of a few words, and whatever shows
no sign of another language counts as the default one.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from importlib import resources
from typing import Final

DEFAULT: Final = "en"
UNKNOWN: Final = "?"
"""Another language than those of `languages.toml`."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of a comment's language, `UNKNOWN` if it is not one we know.

    A comment without letters, such as an emoji, has the default language.
    """
    words = _WORD.findall(text.lower().replace("’", "'"))
    scripts = Counter(_script(letter) for word in words for letter in word)
    if scripts.total() - scripts["LATIN"] > scripts.total() / 2:
        return "ja" if scripts["HIRAGANA"] + scripts["KATAKANA"] else UNKNOWN
    counts = Counter({DEFAULT: 0})
    for word in words:
        counts.update(_languages().get(word, ()))
    language, most = counts.most_common(1)[0]
    if most:
        return DEFAULT if counts[DEFAULT] == most else language
    return DEFAULT if all(word.isascii() for word in words) else UNKNOWN


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


@cache
def _languages() -> dict[str, list[str]]:
    """Return the languages of each common word."""
    file = resources.files(__package__).joinpath("languages.toml")
    found: dict[str, list[str]] = {}
    for language, words in tomllib.loads(file.read_text("utf-8")).items():
        for word in words.split():
            if len(word) > 1 or word == "i" or not word.isascii():
                found.setdefault(word, []).append(language)
    return found
