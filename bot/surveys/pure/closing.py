"""When a wave may close, and how many answers it needs for figures.

Time zones let somebody ask a few people hours before all others. If HR could then close the wave
at once, a survey of the whole company would show figures of those few: three who say what they
answered, and one who does not. So everybody has a day, and a wave ended early needs more answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TIME_TO_ANSWER: Final = timedelta(hours=24)
"""What everybody has, from the moment at which they are asked, before a wave closes."""


@dataclass(frozen=True)
class Asking:
    """How far a wave has got with asking its people."""

    last_asked: datetime | None = None
    """When the last of those who have the question was asked."""
    last_waiting: datetime | None = None
    """When the last of those who wait for it is due; that may be past."""

    @property
    def is_done(self) -> bool:
        """Whether nobody is still to be asked."""
        return self.last_waiting is None


def earliest_close(asking: Asking, now: datetime) -> datetime:
    """Return when everybody has had their day: `now` if that was before."""
    moments = [now]
    if asking.last_asked:
        moments.append(asking.last_asked + TIME_TO_ANSWER)
    if asking.last_waiting:
        moments.append(max(asking.last_waiting, now) + TIME_TO_ANSWER)
    return max(moments)


def least_answers(k: int, invited: int, *, ended_early: bool) -> int:
    """Return how many people must have answered for any figure of an anonymous wave.

    Ended early, that is 2k or 30 % of those invited, whichever is more.
    """
    return max(2 * k, -(-3 * invited // 10)) if ended_early else k


def may_publish(
    *, responded: int, invited: int, k: int, ended_early: bool, anonymous: bool = True
) -> bool:
    """Tell whether a wave that has closed may have figures and comments at all.

    The gate decides which. A named survey hides nobody, so ending it early changes nothing.
    """
    if not (ended_early and anonymous):
        return True
    return responded >= least_answers(k, invited, ended_early=True)
