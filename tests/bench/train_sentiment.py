"""Train the mood model: `python -m tests.bench.train_sentiment [--check]`.

The comments in `data/workplace_comments.csv` were written for this project, one group (`source`)
per kind of workplace or way of speaking. Public data sets (comments on Reddit and of patients) were
tried beside them and did not help.

The groups are held out in turn, to print how well moods are found in groups that the model has not
seen. Then the weights are written into the package, unless only a check is wanted.

The model is a multinomial logistic regression with an L2 penalty (Hastie, Tibshirani, Friedman,
The Elements of Statistical Learning, 4.4), fitted with L-BFGS.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

import bot.insights.pure.words
from bot.insights.pure.words.features import BUCKETS, LETTERS_WEIGHT, POLARITY_COUNT, features
from bot.insights.pure.words.sentiment import MOODS
from tests.bench.sentiment import measures

COMMENTS: Final = Path(__file__).parent / "data" / "workplace_comments.csv"
WEIGHTS: Final = Path(bot.insights.pure.words.__file__).parent / "sentiment.npz"
PENALTY: Final = 0.2
FOLDS: Final = 6

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Labelled comments as the model sees them."""

    rows: Any
    """Sparse matrix: one row per comment; word buckets, letter buckets, polarity, 1."""
    moods: NDArray[np.int64]
    """0 for negative, 1 for neutral, 2 for positive."""
    sources: NDArray[np.str_]

    def where(self, chosen: NDArray[np.bool_]) -> "Examples":
        """Return the chosen examples."""
        return Examples(self.rows[chosen], self.moods[chosen], self.sources[chosen])


def read(path: Path) -> Examples:
    """Return the features and labels of a file's comments."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    indices: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        found = features(row["text"])
        for buckets, offset, weight in (
            (found.words, 0, 1.0),
            (found.letters, BUCKETS, LETTERS_WEIGHT),
        ):
            indices += [bucket + offset for bucket in buckets]
            values += [weight / max(len(buckets), 1) ** 0.5] * len(buckets)
        indices += range(2 * BUCKETS, 2 * BUCKETS + POLARITY_COUNT + 1)
        values += [*found.polarity, 1.0]
        ends.append(len(indices))
    shape = (len(rows), 2 * BUCKETS + POLARITY_COUNT + 1)
    return Examples(
        sparse.csr_matrix((values, indices, ends), shape=shape),
        np.array([int(row["sentiment"]) + 1 for row in rows]),
        np.array([row["source"] for row in rows]),
    )


def fit(data: Examples) -> FloatArray:
    """Return the weights, one row per feature and one column per mood."""
    used = np.unique(data.rows.indices)
    rows = data.rows[:, used]
    transposed = rows.T.tocsr()
    wanted = np.eye(len(MOODS))[data.moods]
    shape = (len(used), len(MOODS))
    penalty = np.full((len(used), 1), PENALTY)
    penalty[-1] = 0.0  # the constant

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        logs = log_softmax(rows @ weights, axis=1)
        likelihood = (wanted * logs).sum()
        gradient = transposed @ (np.exp(logs) - wanted) + penalty * weights
        return (penalty * weights**2).sum() / 2 - likelihood, gradient.ravel()

    found = minimize(
        loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 120}
    )
    weights = np.zeros((data.rows.shape[1], len(MOODS)))
    weights[used] = found.x.reshape(shape)
    return weights


def held_out(data: Examples) -> FloatArray:
    """Return each comment's logits from a model that saw no comment of its source."""
    sources, sizes = np.unique(data.sources, return_counts=True)
    totals = [0] * FOLDS
    folds: dict[str, int] = {}
    for source, size in sorted(zip(sources, sizes, strict=True), key=lambda each: -each[1]):
        folds[source] = totals.index(min(totals))
        totals[folds[source]] += size
    fold_of = np.array([folds[source] for source in data.sources])
    logits = np.zeros((len(data.moods), len(MOODS)))
    for fold in range(FOLDS):
        weights = fit(data.where(fold_of != fold))
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


def main() -> int:
    """Measure the model, train it with all comments, and write its weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="measure, and write nothing")
    arguments = parser.parse_args()
    data = read(COMMENTS)
    logits = held_out(data)
    factor = temperature(logits, data.moods)
    sys.stdout.write(f"{len(data.moods)} comments; temperature factor {factor:.2f}\n")
    for line in measures(data.moods - 1, softmax(factor * logits, axis=1)):
        sys.stdout.write(f"{line}\n")
    if not arguments.check:
        write(fit(data), factor)
        sys.stdout.write(f"wrote {WEIGHTS.stat().st_size / 2**20:.2f} MiB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
