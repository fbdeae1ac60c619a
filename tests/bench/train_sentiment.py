"""Train the mood model: `python -m tests.bench.train_sentiment [--check]`.

The comments in `data/workplace_comments.csv` (with themes) and `data/workplace_moods.csv` were
written for this project, one group (`source`) per kind of workplace or way of speaking. Words that
do not occur there are known from `data/vader_lexicon.csv`: each counts as a short comment of little
weight. It has the plain words of VADER's lexicon (Hutto and Gilbert, ICWSM 2014; MIT licence,
copyright 2016 C.J. Hutto, https://github.com/cjhutto/vaderSentiment), with polarities from −4 to 4.
Public data sets (comments on Reddit and of patients) were tried as well and did not help.

`data/workplace_held_out.csv` was written afterwards and is for measuring only.

The groups are held out in turn, to print how well moods are found in groups that the model has not
seen. Then the weights are written into the package, unless only a check is wanted.

The model is a multinomial logistic regression with an L2 penalty (Hastie, Tibshirani, Friedman,
The Elements of Statistical Learning, 4.4), fitted with L-BFGS.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

import bot.insights.pure.words
from bot.insights.pure.words import other_languages
from bot.insights.pure.words.features import (
    BUCKETS,
    LETTERS_WEIGHT,
    POLARITY_COUNT,
    Features,
    features,
)
from bot.insights.pure.words.sentiment import MOODS
from tests.bench.sentiment import measures

DATA: Final = Path(__file__).parent / "data"
COMMENTS: Final = (DATA / "workplace_comments.csv", DATA / "workplace_moods.csv")
WEIGHTS: Final = Path(bot.insights.pure.words.__file__).parent / "sentiment.npz"
LEXICON: Final = DATA / "vader_lexicon.csv"
WORD_WEIGHT: Final = 0.3
"""Weight of a word of the lexicon beside a comment."""
FEELING_FROM: Final = 0.8
"""The polarity from which a word of the lexicon is positive; below its opposite it is negative."""
PENALTY: Final = 0.2
EMBEDDING_PENALTY: Final = 0.33
FOLDS: Final = 6

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Labelled comments as the model sees them."""

    rows: Any
    """A sparse matrix with a row per example, see `_matrix`."""
    moods: NDArray[np.int64]
    """0 for negative, 1 for neutral, 2 for positive."""
    weights: FloatArray
    sources: NDArray[np.str_]
    """The group of a comment; empty for a word of the lexicon, which is never held out."""

    def where(self, chosen: NDArray[np.bool_]) -> "Examples":
        """Return the chosen examples."""
        return Examples(
            self.rows[chosen], self.moods[chosen], self.weights[chosen], self.sources[chosen]
        )


def read() -> Examples:
    """Return the comments and the words of the lexicon, with their features."""
    examples = [
        (features(row["text"]), int(row["sentiment"]), 1.0, row["source"]) for row in _comments()
    ]
    for row in _rows_of(LEXICON):
        polarity = float(row["polarity"])
        feeling = (polarity > FEELING_FROM) - (polarity < -FEELING_FROM)
        found = features(row["text"])._replace(polarity=[0.0] * POLARITY_COUNT)
        examples.append((found, feeling, WORD_WEIGHT, ""))
    found_features, moods, weights, sources = zip(*examples, strict=True)
    return Examples(
        _matrix(found_features), np.array(moods) + 1, np.array(weights), np.array(sources)
    )


def _comments() -> list[dict[str, str]]:
    return [row for path in COMMENTS for row in _rows_of(path)]


def _rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _matrix(examples: Sequence[Features]) -> Any:
    """Return a sparse matrix: per example its word buckets, letter buckets, polarity, and 1."""
    indices: list[int] = []
    values: list[float] = []
    ends = [0]
    for found in examples:
        for buckets, offset, weight in (
            (found.words, 0, 1.0),
            (found.letters, BUCKETS, LETTERS_WEIGHT),
        ):
            indices += [bucket + offset for bucket in buckets]
            values += [weight / max(len(buckets), 1) ** 0.5] * len(buckets)
        indices += range(2 * BUCKETS, 2 * BUCKETS + POLARITY_COUNT + 1)
        values += [*found.polarity, 1.0]
        ends.append(len(indices))
    shape = (len(examples), 2 * BUCKETS + POLARITY_COUNT + 1)
    return sparse.csr_matrix((values, indices, ends), shape=shape)


def fit(data: Examples, strength: float = PENALTY) -> FloatArray:
    """Return the weights, one row per feature and one column per mood."""
    used = np.unique(data.rows.indices)
    rows = data.rows[:, used]
    transposed = rows.T.tocsr()
    wanted = np.eye(len(MOODS))[data.moods]
    shape = (len(used), len(MOODS))
    penalty = np.full((len(used), 1), strength)
    penalty[-1] = 0.0  # the constant

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        logs = log_softmax(rows @ weights, axis=1)
        likelihood = (data.weights[:, None] * wanted * logs).sum()
        error = data.weights[:, None] * (np.exp(logs) - wanted)
        gradient = transposed @ error + penalty * weights
        return (penalty * weights**2).sum() / 2 - likelihood, gradient.ravel()

    found = minimize(
        loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 120}
    )
    weights = np.zeros((data.rows.shape[1], len(MOODS)))
    weights[used] = found.x.reshape(shape)
    return weights


def held_out(data: Examples, strength: float = PENALTY) -> FloatArray:
    """Return each example's logits from a model that saw no comment of its source."""
    sources, sizes = np.unique(data.sources[data.sources != ""], return_counts=True)
    totals = [0] * FOLDS
    folds: dict[str, int] = {}
    for source, size in sorted(zip(sources, sizes, strict=True), key=lambda each: -each[1]):
        folds[source] = totals.index(min(totals))
        totals[folds[source]] += size
    fold_of = np.array([folds.get(source, FOLDS) for source in data.sources])
    logits = np.zeros((len(data.moods), len(MOODS)))
    for fold in range(FOLDS):
        weights = fit(data.where(fold_of != fold), strength)
        logits[fold_of == fold] = data.rows[fold_of == fold] @ weights
    return logits


def temperature(logits: FloatArray, moods: NDArray[np.int64]) -> float:
    """Return the factor that makes probabilities honest (Guo et al., ICML 2017)."""
    factors = np.linspace(0.3, 3.0, 109)
    likelihoods = [
        log_softmax(factor * logits, axis=1)[np.arange(len(moods)), moods].sum()
        for factor in factors
    ]
    return float(factors[int(np.argmax(likelihoods))])


def write(weights: FloatArray, factor: float) -> None:
    """Write the weights, hashed ones as bytes, into the package."""
    scaled = factor * weights
    hashed, polarity, constant = np.split(scaled, [2 * BUCKETS, 2 * BUCKETS + POLARITY_COUNT])
    scale = float(np.abs(hashed).max()) / 127
    np.savez_compressed(
        WEIGHTS,
        hashed=np.round(hashed / scale).astype(np.int8),
        scale=np.array(scale),
        polarity=polarity,
        constant=constant[0],
    )


def train_other_languages(*, check: bool) -> None:
    """Measure and write the weights for the sentence encoder's embeddings."""
    rows = _comments()
    embedded = other_languages.embeddings([row["text"] for row in rows])
    data = Examples(
        sparse.csr_matrix(np.column_stack([embedded, np.ones(len(rows))])),
        np.array([int(row["sentiment"]) + 1 for row in rows]),
        np.ones(len(rows)),
        np.array([row["source"] for row in rows]),
    )
    logits = held_out(data, EMBEDDING_PENALTY)
    factor = temperature(logits, data.moods)
    tell("other languages, on the English comments", data.moods, factor * logits)
    if not check:
        np.savez_compressed(
            WEIGHTS.with_name("other_languages.npz"),
            weights=(factor * fit(data, EMBEDDING_PENALTY)).astype(np.float32),
        )


def tell(title: str, moods: NDArray[np.int64], logits: FloatArray) -> None:
    """Print how well moods are found in groups that were held out."""
    sys.stdout.write(f"{title}: {len(moods)} comments\n")
    for line in measures(moods - 1, softmax(logits, axis=1)):
        sys.stdout.write(f"{line}\n")


def main() -> int:
    """Measure the models, train them with all comments, and write their weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="measure, and write nothing")
    check: bool = parser.parse_args().check
    data = read()
    is_comment = data.sources != ""
    logits, moods = held_out(data)[is_comment], data.moods[is_comment]
    factor = temperature(logits, moods)
    tell("English", moods, factor * logits)
    if not check:
        write(fit(data), factor)
        sys.stdout.write(f"wrote {WEIGHTS.stat().st_size / 2**20:.2f} MiB\n")
    if other_languages.is_installed():
        train_other_languages(check=check)
    return 0


if __name__ == "__main__":
    sys.exit(main())
