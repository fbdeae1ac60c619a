"""The states of an item, and which may follow which. Pure.

proposed → taken up → doing → shipped. At any time before it is shipped it can be put off, refused
with a reason, or wait for what people are asked; what was put off or asked comes back as taken up.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where an item stands."""

    PROPOSED = "proposed"
    """Attune found it in published figures. Nobody has acted."""
    TAKEN_UP = "taken up"
    DOING = "doing"
    LATER = "later"
    WONT = "wont"
    ASKING = "asking more"
    SHIPPED = "shipped"


DECISIONS: Final = (State.DOING, State.LATER, State.WONT, State.ASKING)
TOLD: Final = (*DECISIONS, State.SHIPPED)
"""States that people are told about, each with a reason."""
UNDECIDED: Final = (State.PROPOSED, State.TAKEN_UP)
DATED: Final = (State.LATER, State.ASKING)
"""States that end on a day: then the item is to be decided again."""
FOLLOWS: Final[Mapping[State, tuple[State, ...]]] = {
    State.PROPOSED: (State.TAKEN_UP, *DECISIONS),
    State.TAKEN_UP: DECISIONS,
    State.DOING: (State.SHIPPED, State.LATER, State.WONT),
    State.LATER: (State.DOING, State.WONT, State.ASKING, State.TAKEN_UP),
    State.ASKING: (State.DOING, State.LATER, State.WONT, State.TAKEN_UP),
    State.WONT: (State.TAKEN_UP,),
    State.SHIPPED: (State.TAKEN_UP,),
}
"""The states that may follow each state."""


def choices(state: State) -> tuple[State, ...]:
    """Return what can be decided about an item in this state."""
    return tuple(each for each in FOLLOWS[state] if each in TOLD)
