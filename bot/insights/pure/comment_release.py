"""Which comments of a sealed wave HR may read, and under what heading. Pure.

At least 2k people must have written in a wave, else none of its comments comes out. Comments of
several waves are never put together to get there: nothing tells whether they have the same author.

A comment stands under its question, and under its team, where at least 2k people wrote about that
question, in that team, and where the gate allows the team. What stands under no question, or under
no team, is of 2k people again or of none: otherwise the least commented question joins it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Final

from bot.insights.pure.figures import writers
from bot.insights.pure.sealed_wave import SealedComment, SealedWave
from bot.insights.pure.segments import Candidates

TEAM: Final = "team"

_random = SystemRandom()


@dataclass(frozen=True)
class ReleasedComments:
    """A comment that may be read."""

    text: str
    position: int | None
    """The question, where enough people wrote about it."""
    team: str | None
    """The team, or merged teams, where enough of them wrote."""


def release(wave: SealedWave, who: Candidates) -> list[ReleasedComments]:
    """Return the comments that may be read, in random order, not yet masked.

    `who` has the parts of the wave's people that may be shown at all.
    """
    enough = 2 * wave.k
    if not who.narrow(writers(wave.remarks), enough):
        return []
    released: list[ReleasedComments] = []
    for position, remarks in _headings(wave.remarks, enough):
        allowed = who.narrow(writers(remarks), enough)
        parts = [each for each in allowed.segments() if each.dimension == TEAM] if allowed else []
        for remark in remarks:
            team = next((part.name for part in parts if remark.cohort in part.cohorts), None)
            released.append(ReleasedComments(remark.text, position, team))
    _random.shuffle(released)
    return released


def _headings(
    remarks: Sequence[SealedComment], enough: int
) -> list[tuple[int | None, Sequence[SealedComment]]]:
    """Divide comments by question, and those of questions with too few under None."""
    counts = Counter(remark.position for remark in remarks)
    headed = sorted(
        (position for position in counts if counts[position] >= enough),
        key=lambda position: (-counts[position], position),
    )
    rest = [remark for remark in remarks if remark.position not in headed]
    while headed and rest and sum(writers(rest).values()) < enough:
        joins = headed.pop()
        rest += [remark for remark in remarks if remark.position == joins]
    divided: list[tuple[int | None, Sequence[SealedComment]]] = [
        (position, [remark for remark in remarks if remark.position == position])
        for position in headed
    ]
    return [*divided, (None, rest)] if rest else divided
