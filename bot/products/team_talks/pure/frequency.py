"""How often a manager gets help for a team talk. Pure.

Slack tells nobody whether a message was read, so a message says only what it is about, and opening
it is a press that shows the rest. A press of "No more of these" opens nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

BETWEEN: Final = timedelta(weeks=2)
"""The shortest time between two of these messages to one person."""
MOST_UNOPENED: Final = 2
"""After so many that stayed unopened, no further one is sent."""


@dataclass(frozen=True)
class TalksSent:
    """What is known of these messages to a person."""

    wanted: bool = True
    unopened: int = 0
    """How many were sent since the person last opened one."""
    last_at: datetime | None = None
    """When the last one was sent."""

    def may_send(self, now: datetime) -> bool:
        """Return True if another one may be sent."""
        is_soon = self.last_at is not None and now - self.last_at < BETWEEN
        return self.wanted and self.unopened < MOST_UNOPENED and not is_soon

    @property
    def is_last(self) -> bool:
        """True if the next one is the last unless it is opened."""
        return self.unopened == MOST_UNOPENED - 1

    def after_sending(self, now: datetime) -> Self:
        """Return what is known after one was sent."""
        return replace(self, unopened=self.unopened + 1, last_at=now)

    def after_opening(self) -> Self:
        """Return what is known after any of them was opened."""
        return replace(self, unopened=0)
