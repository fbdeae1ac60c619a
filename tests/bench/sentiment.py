"""How well moods and themes are found: `python -m tests.bench.sentiment FILE.csv`.

FILE.csv has the columns `text` and `sentiment` (−1, 0 or 1), and `themes` where they are known,
separated by semicolons.
"""

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.insights.pure.words.sentiment import CLEAR_FROM, MOODS, Judgement, judge_all
from bot.insights.pure.words.themes import themes_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def measures(truth: IntArray, probabilities: FloatArray) -> Iterator[str]:
    """Yield what there is to say about estimated moods.

    `truth` has −1, 0 or 1 per comment; `probabilities` a row per comment, negative first.
    """
    found = probabilities.argmax(axis=1) - 1
    confusion = np.array(
        [[((truth == a) & (found == b)).sum() for b in (-1, 0, 1)] for a in (-1, 0, 1)]
    )
    hits, named, true = np.diag(confusion), confusion.sum(axis=0), confusion.sum(axis=1)
    occurring = true > 0
    f1 = 2 * hits / np.maximum(named + true, 1)
    clear = probabilities.max(axis=1) >= CLEAR_FROM
    yield f"macro-F1 {f1[occurring].mean():.3f}; right {hits.sum() / max(len(truth), 1):.3f}"
    yield f"negative: recall {_ratio(hits[0], true[0])}, precision {_ratio(hits[0], named[0])}"
    right = (found == truth)[clear].mean()
    yield f"unclear {1 - clear.mean():.3f}; right among the clear {right:.3f}"
    yield "confusion (rows: truth; columns: found)"
    for mood, row in zip(MOODS, confusion, strict=True):
        yield f"  {mood:>8} " + " ".join(f"{count:5}" for count in row)
    shares = np.mean([Judgement(*row).shares for row in probabilities.tolist()], axis=0)
    for mood, share, counted, count in zip(MOODS, shares, named, true, strict=True):
        yield (
            f"share {mood}: estimated {share:.3f}, by counting {counted / len(truth):.3f}, "
            f"truth {count / len(truth):.3f}"
        )


def theme_measures(truth: Sequence[set[str]], found: Sequence[set[str]]) -> str:
    """Say how well themes are found, over all comments and themes together (micro-averages)."""
    hits = sum(len(a & b) for a, b in zip(truth, found, strict=True))
    named, true = sum(map(len, found)), sum(map(len, truth))
    return (
        f"themes: micro-F1 {_ratio(2 * hits, named + true)}, precision {_ratio(hits, named)}, "
        f"recall {_ratio(hits, true)}"
    )


def _ratio(part: float, whole: float) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def main() -> int:
    """Judge a file's comments and print how right that was."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    path: Path = parser.parse_args().file
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    comments = [(row["text"], None) for row in rows]
    judge_all(comments[:5])  # loads the models
    start = time.process_time()
    judgements = judge_all(comments)
    spent = time.process_time() - start
    scored = [(row, each) for row, each in zip(rows, judgements, strict=True) if each]
    lines = [
        f"{len(rows)} comments, {len(rows) - len(scored)} not scored (unknown language)",
        *measures(
            np.array([int(row["sentiment"]) for row, _ in scored]),
            np.array([each.probabilities for _, each in scored]),
        ),
        f"{1000 * spent / max(len(rows), 1):.3f} ms a comment",
    ]
    if rows and "themes" in rows[0]:
        truth = [
            {each.strip() for each in row["themes"].split(";") if each.strip()} for row in rows
        ]
        start = time.process_time()
        found = [set(themes_of(row["text"])) for row in rows]
        lines.append(theme_measures(truth, found))
        lines.append(f"{1000 * (time.process_time() - start) / len(rows):.3f} ms a comment")
        missed: Counter[str] = Counter(
            key for a, b in zip(truth, found, strict=True) for key in a - b
        )
        wrong: Counter[str] = Counter(
            key for a, b in zip(truth, found, strict=True) for key in b - a
        )
        lines.append(
            f"  missed most: {missed.most_common(5)}; wrongly named most: {wrong.most_common(5)}"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
