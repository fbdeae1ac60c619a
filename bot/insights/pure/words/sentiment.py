"""The mood of comments, estimated by a small linear model. Pure.

The model reads a comment's words and letters and TextBlob's polarity (`features`). Its weights,
``sentiment.npz``, are made by `tests.bench.train_sentiment`, which also measures it. It knows
English only, and `other_languages` some more if it is installed: a comment in an unknown language
is not scored, rather than taken for neutral.

A single comment's likeliest mood is often wrong (`ERROR_RATE`), so only shares of many comments
are shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.insights.pure.words import other_languages
from bot.insights.pure.words.features import BUCKETS, LETTERS_WEIGHT, features
from bot.insights.pure.words.language import DEFAULT, language_of
from bot.languages import marked

FloatArray = NDArray[np.float64]

CLEAR_FROM: Final = 0.48
"""The least probability of a mood that is called clear; about 15 % of comments stay below."""
ERROR_RATE: Final = marked("about one in three")
"""How many comments are judged otherwise than by a person: 0.31 of groups that were held out in
training (`tests.bench.train_sentiment`)."""


class MoodKind(StrEnum):
    """How a comment sounds, in the order of the model's probabilities."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNCLEAR = "unclear"


MOODS: Final = (MoodKind.NEGATIVE, MoodKind.NEUTRAL, MoodKind.POSITIVE)

SCORES_BY_MOOD: Final = ((0.50, 0.25, 0.25), (0.25, 0.30, 0.45), (0.10, 0.20, 0.70))
"""How often people whose comment is negative, neutral or positive give a low, a middle or a high
score beside it. These are assumptions, deliberately mild: a text outweighs its score."""


@dataclass(frozen=True)
class Judgement:
    """The probabilities of a comment's moods; they add up to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def likeliest(self) -> MoodKind:
        """The most probable mood."""
        return MOODS[max(range(3), key=self.probabilities.__getitem__)]

    @property
    def mood(self) -> MoodKind:
        """The most probable mood, or unclear if it is not probable enough."""
        return self.likeliest if max(self.probabilities) >= CLEAR_FROM else MoodKind.UNCLEAR

    @property
    def probabilities(self) -> tuple[float, float, float]:
        """The three probabilities, in the order of `MOODS`."""
        return self.negative, self.neutral, self.positive

    @property
    def shares(self) -> tuple[float, float, float]:
        """How much the comment counts for each mood, in the order of `MOODS`; together 1.

        It lies halfway between its probabilities and its likeliest mood. Sums of either lean to
        one side, in opposite directions where moods are easy to tell (Forman, Quantifying counts
        and costs via classification, 2008; Bella et al., Quantification via probability
        estimators, 2010).
        """
        negative, neutral, positive = (
            (probability + (mood is self.likeliest)) / 2
            for mood, probability in zip(MOODS, self.probabilities, strict=True)
        )
        return negative, neutral, positive


def judge(comment: str, score: float | None = None) -> Judgement | None:
    """Estimate one comment's mood, see `judge_all`."""
    return judge_all([(comment, score)])[0]


def judge_all(comments: Sequence[tuple[str, float | None]]) -> list[Judgement | None]:
    """Estimate the moods of comments; None where the language is not known: it is not scored.

    Beside each comment is the answer given with it, from 0 (unfavourable) to 1 (favourable), or
    None. By Bayes' rule, each mood's probability is multiplied by how often people in that mood
    give such a score (`SCORES_BY_MOOD`).
    """
    judged: list[Judgement | None] = [None] * len(comments)
    in_others: list[int] = []
    for number, (comment, score) in enumerate(comments):
        language = language_of(comment)
        if language == DEFAULT:
            judged[number] = _judgement(_model().logits(comment), score)
        elif language in other_languages.LANGUAGES:
            in_others.append(number)
    if in_others and other_languages.is_installed():
        rows = other_languages.logits([comments[number][0] for number in in_others])
        for number, logits in zip(in_others, rows, strict=True):
            judged[number] = _judgement(logits, comments[number][1])
    return judged


def _judgement(logits: FloatArray, score: float | None) -> Judgement:
    likelihoods = np.exp(logits - logits.max())
    if score is not None:
        level = 0 if score < 0.4 else 1 if score <= 0.6 else 2
        likelihoods *= np.array(SCORES_BY_MOOD)[:, level]
    negative, neutral, positive = (likelihoods / likelihoods.sum()).tolist()
    return Judgement(negative, neutral, positive)


class _Model:
    """The weights of the features: one row per bucket, one column per mood."""

    def __init__(self) -> None:
        with (
            resources.files(__package__).joinpath("sentiment.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as stored,
        ):
            self._hashed: NDArray[np.int8] = stored["hashed"]
            self._scale = float(stored["scale"])
            self._polarity: FloatArray = stored["polarity"]
            self._constant: FloatArray = stored["constant"]

    def logits(self, comment: str) -> FloatArray:
        found = features(comment)
        hashed = self._sum(found.words, 0) + LETTERS_WEIGHT * self._sum(found.letters, BUCKETS)
        logits: FloatArray = np.array(found.polarity) @ self._polarity + self._constant
        return logits + self._scale * hashed

    def _sum(self, buckets: Sequence[int], offset: int) -> FloatArray:
        rows = self._hashed[np.array(buckets, dtype=np.int64) + offset]
        total: FloatArray = rows.sum(axis=0, dtype=np.float64)
        return total / math.sqrt(max(len(buckets), 1))


@cache
def _model() -> _Model:
    return _Model()
