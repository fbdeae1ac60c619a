"""The life of a match: which status may follow which. Every change goes through `move`."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from models import Delivery, MentoringMatch

FOLLOWS: Final = {
    "proposed": frozenset({"accepted", "declined", "lapsed", "ended"}),
    "accepted": frozenset({"active", "declined", "lapsed", "ended"}),
    "active": frozenset({"completed", "ended"}),
}
"""The statuses that may follow each open status. No other status changes."""

OPEN: Final = tuple(FOLLOWS)
"""Statuses in which a match occupies a place of the mentor, and the mentee."""

NO_ANSWER: Final = "no answer"
"""The mentor did not answer in time."""
NOT_CONFIRMED: Final = "not confirmed"
"""The mentee did not confirm in time."""
MENTOR_PAUSED: Final = "mentor paused"
MENTEE_PASSED: Final = "mentee passed"
MENTOR_GONE: Final = "mentor gone"
MENTEE_GONE: Final = "mentee gone"
REFIT: Final = "refit"
"""One of the two asked for another match; nobody is told which one."""
SILENCE: Final = "silence"
TAKEN_BACK: Final = "taken back"
"""The mentor said yes and then took it back."""
AGREED: Final = "agreed"
"""One of the two ended it after both were asked."""
LENGTH: Final = "length"
"""The programme's time was over."""


SAID_YES: Final = frozenset({NOT_CONFIRMED, MENTEE_PASSED, TAKEN_BACK})
"""Close reasons of matches that failed after the mentor had said yes."""


def move(match: MentoringMatch, status: str, now: datetime, reason: str | None = None) -> None:
    """Change a match's status; raise ValueError if the new status may not follow.

    `reason` is a code that says why the match closed. The caller holds the row's lock.
    """
    if status not in FOLLOWS.get(match.status, ()):
        raise ValueError(f"a match that is {match.status} cannot become {status}")
    match.status = status
    match.due_at = None
    match.answer_by = None
    if status not in OPEN:
        match.closed_at, match.close_reason = now, reason


async def locked_match(
    session: AsyncSession, workspace_id: str, match_id: str
) -> MentoringMatch | None:
    """Return a match, locked until the transaction ends."""
    return await session.get(
        MentoringMatch, (workspace_id, match_id), with_for_update=True, populate_existing=True
    )


async def match_for(
    session: AsyncSession, delivery: Delivery, *statuses: str
) -> MentoringMatch | None:
    """Return the match that a delivery is about, or None if it has none of these statuses.

    Without statuses, any status will do.
    """
    key = (delivery.workspace_id, str(delivery.detail["match"]))
    match = await session.get(MentoringMatch, key, populate_existing=True)
    if match is None or (statuses and match.status not in statuses):
        return None
    return match
