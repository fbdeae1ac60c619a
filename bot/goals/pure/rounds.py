"""Rounds of two weeks in which people say how their goals are going, and what they may say."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

EVERY: Final = timedelta(weeks=2)


class State(StrEnum):
    """What somebody says of a goal: how it goes or, looking back, what became of it."""

    ON_TRACK = "on track"
    AT_RISK = "at risk"
    STUCK = "stuck"
    KEPT = "kept"
    CHANGED = "changed"
    DROPPED = "dropped"
    REACHED = "reached"


HOW_IT_GOES: Final = (State.ON_TRACK, State.AT_RISK, State.STUCK)
OUTCOMES: Final = (State.KEPT, State.CHANGED, State.REACHED, State.DROPPED)
"""What became of a goal by the end of a quarter."""
ENDS: Final = (State.REACHED, State.DROPPED)
"""After these the goal is over."""


def round_of(ask_at: datetime) -> date:
    """Return the day (UTC) on which the round began that lasts until `ask_at`."""
    return (ask_at - EVERY).date()


def is_last_of_quarter(asked_on: date) -> bool:
    """Return True if the round after the one of `asked_on` begins in another calendar quarter.

    >>> is_last_of_quarter(date(2026, 12, 18)), is_last_of_quarter(date(2026, 12, 17))
    (True, False)
    """
    return _quarter(asked_on) != _quarter(asked_on + EVERY)


def weeks_in_state(said: Sequence[tuple[date, State]]) -> int:
    """Return for how many weeks a goal has been in its latest state; 0 if nothing was said.

    `said` are the rounds and what was said in them, in any order. A round without an answer ends
    the count: nobody knows how it went.

    >>> rounds = [date(2026, 11, 2) + number * EVERY for number in range(3)]
    >>> weeks_in_state([(each, State.ON_TRACK) for each in rounds])
    6
    >>> weeks_in_state([(rounds[0], State.ON_TRACK), (rounds[2], State.ON_TRACK)])
    2
    """
    latest_first = sorted(said, reverse=True)
    rounds = 0
    for asked_on, state in latest_first:
        first, now_in = latest_first[0]
        if state is not now_in or asked_on != first - rounds * EVERY:
            break
        rounds += 1
    return rounds * EVERY.days // 7


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3
