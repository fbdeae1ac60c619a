"""Scores all pairs that the rules allow, in blocks, for any number of people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import numpy as np
from scipy import sparse

from bot.mentoring.rounds.pure.assignment import Edges
from bot.mentoring.rounds.pure.rules import Pool, ruled_out
from bot.mentoring.rounds.pure.scoring import Mentee, Mentor, Scorer, Weights

_BLOCK_PAIRS: Final = 1_000_000
_KEPT_PAIRS: Final = 10_000_000
"""Most possible pairs that are kept in memory (120 MB); more are scored again in each pass."""


class AllowedPairs:
    """The pairs of a pool, by positions, that share a wanted topic and that no rule forbids.

    Iterating gives blocks of whole mentees, in order, always the same.
    """

    def __init__(
        self,
        mentees: Sequence[Mentee],
        mentors: Sequence[Mentor],
        pool: Pool,
        weights: Weights,
        now: datetime,
    ) -> None:
        self.scorer = Scorer(mentees, mentors, weights, now)
        self._shape = (len(mentees), len(mentors))
        forbidden = np.array(sorted(ruled_out(mentees, mentors, pool)), dtype=np.int64)
        rows, cols = forbidden.reshape(-1, 2).T
        self._forbidden = sparse.csr_array(
            (np.ones(len(rows), dtype=bool), (rows, cols)), shape=self._shape
        )
        few = len(mentees) * len(mentors) <= _KEPT_PAIRS
        self._kept = list(self._scored()) if few else None

    def __iter__(self) -> Iterator[Edges]:
        return iter(self._kept) if self._kept is not None else self._scored()

    def _scored(self) -> Iterator[Edges]:
        mentees, mentors = self._shape
        step = max(1, _BLOCK_PAIRS // mentors)
        for start in range(0, mentees, step):
            stop = min(start + step, mentees)
            rows, cols, scores = self.scorer.pairs(start, stop)
            allowed = ~self._forbidden[start:stop].toarray()[rows - start, cols]
            yield Edges(rows[allowed], cols[allowed], scores[allowed])
