"""Parts that a demo may add to the page: a clock to move, and a tour.

Nothing here needs NiceGUI.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class TourStep:
    """One step of a tour, as it stands now."""

    title: str
    detail: str = ""
    """More about it, in ``mrkdwn``."""
    is_done: bool = False
    as_user: str | None = None
    """The person for this step: an id, name or e-mail. The step leads there."""
    place: str | None = None
    """Where it happens: ``home``, ``app`` (its messages), or a channel's id or name."""


@dataclass(frozen=True)
class Role:
    """A person to try and their role, offered first in the switcher."""

    user: str
    """An id, name or e-mail."""
    label: str
    """Such as ``HR admin``."""


CLOCK_STEPS = {
    "+1 hour": timedelta(hours=1),
    "+1 day": timedelta(days=1),
    "+1 week": timedelta(weeks=1),
}
"""The buttons that move the clock."""


@dataclass(frozen=True)
class Extras:
    """The demo's own parts of the page; each may be left out."""

    clock_now: Callable[[], datetime] | None = None
    """The time to show, aware; without it the workspace's time is shown."""
    advance: Callable[[timedelta], Awaitable[None]] | None = None
    """Moves the whole demo; the buttons of all pages wait for it."""
    preparing: Callable[[], str] | None = None
    """The demo's work before visitors may begin, as a sentence; empty once it is ready.
    Asked after each move of the clock; until then the clock's buttons are held."""
    tour_steps: Callable[[], Sequence[TourStep]] | None = None
    """The steps with what is done by now; asked after every change in the workspace."""
    tour_title: str = "Tour"
    tour_end: str = "That was all. Look around as long as you like."
    """The text after the last step, in ``mrkdwn``."""
    roles: Sequence[Role] = ()
    """People to try, listed first."""
    became: Callable[[str], None] | None = None
    """Told the id of the person that a visitor is from now on."""
    start_as: str | None = None
    """The person when the page opens: an id, name or e-mail."""
    start_in: str | None = None
    """The place that is open then, as in `TourStep.place`."""
