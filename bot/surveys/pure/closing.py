"""When a wave may close, and how many answers it needs for figures.

With time zones, a few people can be asked hours before everybody else. If HR could close the wave
at once, a survey of the whole company would show figures of those few: three who tell their
answers, and one who does not. So everybody has a day, and a wave ended early needs more answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TIME_TO_ANSWER: Final = timedelta(hours=24)
"""How long everybody can answer after being asked, before a wave may close."""


@dataclass(frozen=True)
class Asking:
    """How far a wave has got with sending its questions."""

    last_asked: datetime | None = None
    """When the last person who has the question was asked."""
    last_waiting: datetime | None = None
    """When the last waiting question is due; that may be in the past."""


def earliest_close(asking: Asking, now: datetime) -> datetime:
    """Return when everybody has had their day, at least `now`."""
    moments = [now]
    if asking.last_asked:
        moments.append(asking.last_asked + TIME_TO_ANSWER)
    if asking.last_waiting:
        moments.append(max(asking.last_waiting, now) + TIME_TO_ANSWER)
    return max(moments)


def least_answers(k: int, invited: int, *, ended_early: bool) -> int:
    """Return how many answers any figure of an anonymous wave needs.

    After an early end: 2k or 30 % of the invited people, whichever is more.
    """
    return max(2 * k, -(-3 * invited // 10)) if ended_early else k


def may_publish(
    *, responded: int, invited: int, k: int, ended_early: bool, anonymous: bool = True
) -> bool:
    """Return True if a closed wave may have figures and comments at all.

    The gate decides which. A named survey hides nobody, so its early end changes nothing.
    """
    if not (ended_early and anonymous):
        return True
    return responded >= least_answers(k, invited, ended_early=True)
