"""TextBlob's polarity of a comment, extended with words that people use about work. Pure.

TextBlob averages the polarity of the words it knows (https://textblob.readthedocs.io). In comments
about work it misses phrases ("short notice"), emoji and Slack's names for them, and takes "more"
or "first" for praise. ``polarity.toml`` lists what to add and what to ignore; TextBlob still
handles negation and emphasis. The values are features of the model in `sentiment`.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

_LEXICON_FILE: Final = "polarity.toml"
_VARIANTS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|:skin-tone-[2-6]:")
"""Characters that only change an emoji's look: presentation selectors and skin tones."""


def polarities(text: str) -> list[float]:
    """Return the polarity of each word or phrase that counts, in order: −1 (bad) to 1 (good)."""
    return _analyser().polarities(text)


class _Analyser:
    """TextBlob's word-by-word analysis, with each of our terms replaced by a made-up word."""

    def __init__(self) -> None:
        # TextBlob imports NLTK, which takes a second: too slow for processes that do not use it.
        from textblob import en  # noqa: PLC0415

        lexicon = tomllib.loads(
            resources.files(__package__).joinpath(_LEXICON_FILE).read_text("utf-8")
        )
        self._textblob: Any = en.Sentiment(
            path=en.sentiment.path,
            tokenizer=en.sentiment.tokenizer,
            negations=(*en.sentiment.negations, *lexicon["negations"]),
        )
        self._textblob.load()
        self._ignored = frozenset(lexicon["ignored"])
        self._made_up: dict[str, str] = {}
        for index, group in enumerate(lexicon["terms"]):
            made_up = f"ourterm{index}"
            self._textblob.annotate(made_up, None, group["polarity"], 1.0, 1.0)
            self._made_up |= dict.fromkeys(group["terms"], made_up)
        self._terms = _pattern_of(self._made_up)
        # TextBlob splits "n't" before it looks for it, and forgets "not" after the next word.
        fillers = "|".join(lexicon["fillers"])
        self._negation = re.compile(rf"(?:n't|\b(?:not|never|no))\b(?: +(?:{fillers})\b(?= +\w))*")

    def polarities(self, text: str) -> list[float]:
        plain = _VARIANTS.sub("", text.lower().replace("’", "'"))
        marked = self._terms.sub(self._replacement, plain)
        assessments = self._textblob(self._negation.sub(" not", marked)).assessments
        return [
            value
            for words, value, _subjectivity, _label in assessments
            if value and not self._ignored.issuperset(words)
        ]

    def _replacement(self, match: re.Match[str]) -> str:
        found = match.group()
        stems = (f"{found[:length]}*" for length in range(len(found), 0, -1))
        term = next(term for term in (found, *stems) if term in self._made_up)
        return f" {self._made_up[term]} "


@cache
def _analyser() -> _Analyser:
    return _Analyser()


def _pattern_of(terms: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the terms, longest first; words only as whole words."""
    words: list[str] = []
    symbols: list[str] = []
    for term in sorted(terms, key=len, reverse=True):
        pattern = re.escape(term).replace(r"\*", r"\w*")
        (words if term[0].isalnum() else symbols).append(pattern)
    return re.compile(rf"\b(?:{'|'.join(words)})\b|{'|'.join(symbols)}")
