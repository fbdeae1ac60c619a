"""Which comments of a sealed wave HR may read, and under what heading. Pure.

A wave releases comments only if at least 2k people wrote one. Comments of several waves never count
together, because nothing tells whether they have the same author.

A comment appears under its question if at least 2k people wrote about that question, and under its
team if 2k of them are in that team and the gate allows it. The comments without a question, or
without a team, come from 0 or at least 2k people too: otherwise the question with the fewest
comments joins them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom

from bot.insights.pure.figures import count_writers
from bot.insights.pure.sealed_wave import SealedComment, SealedWave
from bot.insights.pure.segments import TEAM_DIMENSION, Segment, SegmentCandidates
from bot.pulse.pure.counting import counted

_random = SystemRandom()


@dataclass(frozen=True)
class ReleasedComment:
    """A comment that HR may read."""

    text: str
    position: int | None
    """The question, if enough people wrote about it."""
    team: str | None
    """The team or merged teams, if enough of their people wrote."""


def release_comments(wave: SealedWave, candidates: SegmentCandidates) -> list[ReleasedComment]:
    """Return the comments that HR may read, in random order, not masked yet.

    `candidates` has the segments that may be shown at all.
    """
    enough = 2 * wave.k
    if not candidates.narrow(count_writers(wave.comments), enough):
        return []
    released: list[ReleasedComment] = []
    for position, comments in _headings(wave, enough):
        parts = _teams(wave, candidates, count_writers(comments))
        for comment in comments:
            team = next((part.name for part in parts if comment.cohort in part.cohorts), None)
            released.append(ReleasedComment(comment.text, position, team))
    _random.shuffle(released)
    return released


def _teams(
    wave: SealedWave, candidates: SegmentCandidates, writers: Mapping[int, int]
) -> list[Segment]:
    """Return the teams under which comments may stand; `writers` counts their authors.

    None if everybody of a cohort wrote: comments are shown one by one, so their number would say
    it.
    """
    if counted(writers, wave.asked) != writers:
        return []
    allowed = candidates.narrow(writers, 2 * wave.k)
    if allowed is None:
        return []
    return [each for each in allowed.segments() if each.dimension == TEAM_DIMENSION]


def _headings(wave: SealedWave, enough: int) -> list[tuple[int | None, Sequence[SealedComment]]]:
    """Group comments by question; questions with too few comments are together under None."""
    comments = wave.comments
    by_position: defaultdict[int, list[SealedComment]] = defaultdict(list)
    for comment in comments:
        by_position[comment.position].append(comment)
    counts = {
        position: wave.people(count_writers(own), wave.cohorts)
        for position, own in by_position.items()
    }
    headed = sorted(
        (position for position in counts if counts[position] >= enough),
        key=lambda position: (-counts[position], position),
    )
    rest = [comment for comment in comments if comment.position not in headed]
    while headed and rest and wave.people(count_writers(rest), wave.cohorts) < enough:
        joins = headed.pop()
        rest += by_position[joins]
    divided: list[tuple[int | None, Sequence[SealedComment]]] = [
        (position, by_position[position]) for position in headed
    ]
    return [*divided, (None, rest)] if rest else divided
