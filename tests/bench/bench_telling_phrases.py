"""Time the search for telling phrases in the worst texts, against an ordinary one as long.

A pattern that tries the same text again from each of its places would take hundreds of times as
long as an ordinary comment does.
"""

import sys
import time

from bot.pulse.pure.telling_phrases import find_phrases
from tests.bench.demands import Demand, judge

LENGTH = 2000
ORDINARY = "The team is great, but in March I had too little time for what matters to me. "
PIECES = ("\n", " ", "my ", "i have been ", "the only ", "as a ", "x")
REPEATS = 20
MOST_TIMES = 10


def seconds(text: str) -> float:
    """Return the shortest of some runs, in CPU time."""
    whole = (text * LENGTH)[:LENGTH]
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        find_phrases(whole)
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> int:
    """Compare the slowest text with an ordinary one."""
    ordinary = seconds(ORDINARY)
    demands = [
        Demand(
            f"{piece!r} repeated", seconds(piece) / ordinary, MOST_TIMES, "times an ordinary text"
        )
        for piece in PIECES
    ]
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
