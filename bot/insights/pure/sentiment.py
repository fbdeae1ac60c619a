"""The mood of comments: TextBlob's polarity, extended with words that people use about work.

TextBlob averages the polarity of the words it knows. In comments about work it misses phrases
("short notice"), emoji and Slack's names for them, and takes "more" or "first" for praise.
``sentiment.toml`` lists what to add and what to ignore; TextBlob still handles negation and
emphasis. On 150 labelled comments the accuracy over three moods was 0.79 (macro F1 0.78), against
0.44 (0.43) for TextBlob alone. The lexicon's author had read those comments; with only the terms
that occur in at least two of them it is 0.47 (0.48), so expect something between. Comments are
never logged here, and only a group's summary is published.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from statistics import fmean
from typing import Any, Final

POSITIVE_ABOVE: Final = 0.05
NEGATIVE_BELOW: Final = -0.05
"""Comments between the two count as neutral, so a single weak word decides nothing."""

_LEXICON_FILE: Final = "sentiment.toml"
_VARIANTS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|:skin-tone-[2-6]:")
"""Characters that only change an emoji's look: presentation selectors and skin tones."""


def mood(comment: str) -> int:
    """Return how a comment sounds: 1 for positive, −1 for negative, 0 for neither."""
    value = polarity(comment)
    return (value > POSITIVE_ABOVE) - (value < NEGATIVE_BELOW)


def polarity(text: str) -> float:
    """Return a comment's polarity, from −1 (negative) to 1 (positive); 0 if no word counts."""
    return _analyser().polarity(text)


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

    def polarity(self, text: str) -> float:
        plain = _VARIANTS.sub("", text.lower().replace("’", "'"))
        marked = self._terms.sub(self._replacement, plain)
        assessments = self._textblob(self._negation.sub(" not", marked)).assessments
        counted = [
            value
            for words, value, _subjectivity, _label in assessments
            if value and not self._ignored.issuperset(words)
        ]
        return fmean(counted) if counted else 0.0

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
