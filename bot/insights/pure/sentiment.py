"""The mood of comments: TextBlob's polarity, with the words people use about work added.

TextBlob averages the polarity of the words it knows. For comments about work it misses phrases
("short notice"), emoji and Slack's names for them, and takes "more" or "first" for praise.
``sentiment.toml`` says what to add and what to ignore; TextBlob still handles negation and
emphasis. On 150 labelled comments the three moods were told apart with an accuracy of 0.79 (macro
F1 0.78) against 0.44 (0.43) for TextBlob alone; the lexicon's author had read those comments, and
counting only terms that occur in two of them or more leaves 0.47 (0.48), so expect something
between. A comment is never logged here, and only the summary of a group goes out.
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
"""Between these a comment counts as neutral: a single weak word decides nothing."""

_LEXICON_FILE: Final = "sentiment.toml"
_VARIANTS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|:skin-tone-[2-6]:")
"""What only changes the look of an emoji: presentation selectors and skin tones."""


def mood(comment: str) -> int:
    """Return how a comment sounds: 1 for positive, −1 for negative, 0 for neither."""
    value = polarity(comment)
    return (value > POSITIVE_ABOVE) - (value < NEGATIVE_BELOW)


def polarity(text: str) -> float:
    """Return how good a comment's mood is, from −1 to 1; 0 where nothing tells."""
    return _analyser().polarity(text)


class _Analyser:
    """TextBlob's word-by-word analysis, with each of our terms put in as a made-up word."""

    def __init__(self) -> None:
        # TextBlob brings NLTK and takes a second to import: too long for every process to pay.
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
        # TextBlob takes "n't" apart before it looks for it, and forgets "not" at the next word.
        fillers = "|".join(lexicon["fillers"])
        self._negation = re.compile(rf"(?:n't|\b(?:not|never|no))\b(?: +(?:{fillers})\b(?= +\w))*")

    def polarity(self, text: str) -> float:
        plain = _VARIANTS.sub("", text.lower().replace("’", "'"))
        marked = self._terms.sub(self._replacement, plain)
        assessments = self._textblob(self._negation.sub(" not", marked)).assessments
        told = [
            value
            for words, value, _subjectivity, _label in assessments
            if value and not self._ignored.issuperset(words)
        ]
        return fmean(told) if told else 0.0

    def _replacement(self, match: re.Match[str]) -> str:
        found = match.group()
        stems = (f"{found[:length]}*" for length in range(len(found), 0, -1))
        term = next(term for term in (found, *stems) if term in self._made_up)
        return f" {self._made_up[term]} "


@cache
def _analyser() -> _Analyser:
    return _Analyser()


def _pattern_of(terms: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the terms, the longest first, and words as whole words only."""
    words: list[str] = []
    symbols: list[str] = []
    for term in sorted(terms, key=len, reverse=True):
        pattern = re.escape(term).replace(r"\*", r"\w*")
        (words if term[0].isalnum() else symbols).append(pattern)
    return re.compile(rf"\b(?:{'|'.join(words)})\b|{'|'.join(symbols)}")
