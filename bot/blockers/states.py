"""The life of a blocker: which status may follow which. Every change goes through `move`."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message, section
from bot.errors import UserError
from models import Blocker

FOLLOWS: Final = {
    "open": frozenset({"asked", "solved", "dropped", "lapsed"}),
    "asked": frozenset({"asked", "open", "helped", "solved", "dropped", "lapsed"}),
    "helped": frozenset({"asked", "open", "solved", "dropped", "lapsed"}),
}
"""The statuses that may follow each unfinished status. No other status changes."""
UNFINISHED: Final = tuple(FOLLOWS)


class News(StrEnum):
    """What asker or helper is told; stored with the message until it is sent."""

    THANKS = "thanks"
    PASSED_ON = "passed on"
    NO_HELP = "no help"
    ASKER_LEFT = "asker left"


class PressRefusedError(UserError):
    """A press that changes nothing; the text tells the person why."""


class OverError(PressRefusedError):
    """A press on a blocker that needs nothing from this person any more: its buttons can go."""

    @property
    def message(self) -> Message:
        """The sentence as a message without buttons, to replace the pressed one."""
        return Message(str(self), [section(str(self))])


def move(blocker: Blocker, status: str, now: datetime, *, helper_id: str | None = None) -> None:
    """Change a blocker's status; raise ValueError if the new status may not follow.

    `helper_id` is for `asked`: whom. Somebody who was only asked is no helper of a closed blocker.
    The caller holds the row's lock.
    """
    if status not in FOLLOWS.get(blocker.status, ()):
        raise ValueError(f"a blocker that is {blocker.status} cannot become {status}")
    was_helped = blocker.status == "helped"
    blocker.status = status
    blocker.answer_by = None
    if status in ("open", "asked"):
        blocker.helper_id, blocker.postponed = helper_id, 0
        blocker.helped_at, blocker.introduced = None, False
    elif status == "helped":
        blocker.helped_at = now
    else:
        blocker.closed_at = now
        if not was_helped:
            blocker.helper_id = None


async def locked(session: AsyncSession, workspace_id: str, blocker_id: str) -> Blocker | None:
    """Return a blocker, locked until the transaction ends."""
    return await session.get(
        Blocker, (workspace_id, blocker_id), with_for_update=True, populate_existing=True
    )
