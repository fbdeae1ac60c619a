"""What a comment is about, found by words and phrases that HR can add to. Pure.

``themes.toml`` lists them per theme and language. Precision counts more than recall: a comment
without a theme does little harm, a wrong one misleads.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from bot.insights.pure.words.language import language_of

_WITHOUT_SPACES: Final = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""Letters of languages that do not separate words: such a term counts wherever it occurs."""


@dataclass(frozen=True)
class Term:
    """A word or phrase that a workspace added to a theme."""

    theme: str
    text: str
    """In lower case; a * at the end stands for the rest of a word."""


def theme_labels() -> Mapping[str, str]:
    """Return the name of each theme by its key, such as `wlb`."""
    return {theme["key"]: theme["label"] for theme in _file()["themes"]}


def themes_of(comment: str, added: Iterable[Term] = ()) -> frozenset[str]:
    """Return the keys of a comment's themes; none if no term occurs.

    Terms of the comment's language count, and the workspace's own in any language.
    """
    text = comment.lower().replace("’", "'")
    return _lexicon(language_of(comment)).themes(text) | _added(frozenset(added)).themes(text)


class _Lexicon:
    """Terms with their themes. The longest term at a place wins."""

    def __init__(self, terms: Mapping[str, frozenset[str]]) -> None:
        self._terms = terms
        longest_first = sorted(terms, key=len, reverse=True)
        spaced = [term for term in longest_first if not _WITHOUT_SPACES.search(term)]
        others = [term for term in longest_first if _WITHOUT_SPACES.search(term)]
        alternatives = []
        if spaced:
            alternatives.append(rf"(?<!\w)(?:{_any_of(spaced)})(?!\w)")
        if others:
            alternatives.append(_any_of(others))
        self._pattern = re.compile("|".join(alternatives)) if terms else None

    def themes(self, text: str) -> frozenset[str]:
        if self._pattern is None:
            return frozenset()
        found = (self._of(match.group()) for match in self._pattern.finditer(text))
        return frozenset().union(*found)

    def _of(self, found: str) -> frozenset[str]:
        """Return the themes of the term that matched: the text itself, or its longest beginning."""
        stems = (f"{found[:length]}*" for length in range(len(found), 0, -1))
        return next(self._terms[term] for term in (found, *stems) if term in self._terms)


def _any_of(terms: Iterable[str]) -> str:
    return "|".join(re.escape(term).replace(r"\*", r"\w*") for term in terms)


@cache
def _lexicon(language: str) -> _Lexicon:
    file = _file()
    terms: dict[str, frozenset[str]] = dict.fromkeys(
        file["silent"].get(language, ()), frozenset[str]()
    )
    for theme in file["themes"]:
        for term in theme.get(language, ()):
            terms[term] = terms.get(term, frozenset()) | {theme["key"]}
    return _Lexicon(terms)


@lru_cache(maxsize=32)  # for a few workspaces at a time
def _added(terms: frozenset[Term]) -> _Lexicon:
    found: dict[str, frozenset[str]] = {}
    for term in terms:
        found[term.text] = found.get(term.text, frozenset()) | {term.theme}
    return _Lexicon(found)


@cache
def _file() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("themes.toml").read_text("utf-8")
    return tomllib.loads(text)
