"""What a pair's meetings are about, from the first to the last."""

from enum import StrEnum


class Stage(StrEnum):
    """What a pair's next meeting may be about."""

    GOALS = "goals"
    FEEDBACK = "feedback"
    OBSTACLES = "obstacles"
    CLOSE = "close"


def stage_of(number: int, planned: int) -> Stage:
    """Return the topic of nudge `number` (from 1) out of `planned` nudges.

    >>> [stage_of(number, 5).value for number in range(6)]
    ['goals', 'goals', 'goals', 'feedback', 'obstacles', 'close']
    """
    if number >= planned > 0:
        return Stage.CLOSE
    if number < 1:
        return Stage.GOALS
    return (Stage.GOALS, Stage.FEEDBACK, Stage.OBSTACLES)[(number - 1) * 3 // (planned - 1)]
