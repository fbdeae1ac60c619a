"""Messages about goals. Slack keeps messages, so none of them holds a goal or how it goes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import Message, actions, button, context, section
from bot.blockkit.text import mention
from bot.errors import OutdatedError
from bot.goals.pure.rounds import HOW_IT_GOES, State

OPEN: Final = "goals:open"
"""Opens the person's goals from a message or the Home tab."""
STATE: Final = "goals:state"
"""Prefix of the three buttons' ids, such as `goals:state:at risk`."""
LOOK_BACK: Final = "goals:look_back"
SHARED: Final = "goals:shared"
"""Opens the goals that a colleague shares; its value is the colleague's id."""

LABELS: Final[Mapping[State, str]] = {
    State.ON_TRACK: "On track",
    State.AT_RISK: "At risk",
    State.STUCK: "Stuck",
    State.KEPT: "I go on with it",
    State.CHANGED: "I go on, but change it",
    State.REACHED: "I reached it",
    State.DROPPED: "I let it go",
}
WHO_SEES: Final = (
    "Only you see the answer, and the colleague you share the goal with. HR sees shares of "
    "groups, never "
    "a person's."
)


def check_message(goals: int, asked_on: date) -> Message:
    """Ask how a person's goals go: one press is enough."""
    text = "How is your goal going?" if goals == 1 else f"How are your {goals} goals going?"
    buttons = [
        button(LABELS[state], f"{STATE}:{state}", asked_on.isoformat()) for state in HOW_IT_GOES
    ]
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions([*buttons, button("See my goals", OPEN)]),
            context(WHO_SEES),
        ],
    )


def look_back_message(goals: int, asked_on: date) -> Message:
    """Ask at the end of a quarter what became of a person's goals."""
    of_what = "your goal" if goals == 1 else f"your {goals} goals"
    text = f"The quarter is ending. What became of {of_what}?"
    look_back = button("Look back", LOOK_BACK, asked_on.isoformat(), style="primary")
    return Message(
        text,
        [
            section(f"*{text}*\nReached, changed, let go: all of it is fine."),
            actions([look_back]),
            context(WHO_SEES),
        ],
    )


def state_in(action: Mapping[str, Any]) -> State:
    """Return what a pressed button says; raise OutdatedError for an unknown one."""
    said = str(action["action_id"]).removeprefix(f"{STATE}:")
    if said not in HOW_IT_GOES:
        raise OutdatedError
    return State(said)


def asked_on_in(value: object) -> date:
    """Return the round that a button or form is about; raise OutdatedError for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise OutdatedError from None


def saved_message() -> Message:
    """Say that an answer is saved, without saying which it was."""
    text = "Thanks, saved. I'll ask again in two weeks."
    return Message(text, [section(text), actions([button("See my goals", OPEN)])])


def shared_message(owner_id: str) -> Message:
    """Tell a colleague that somebody shares a goal with them."""
    text = f"{mention(owner_id)} shares a goal with you."
    return Message(
        text,
        [
            section(
                f"*{text}*\nThere is nothing you have to do. If you like, ask how you can help."
            ),
            actions([button("See it", SHARED, owner_id)]),
            context("They chose you, and may take it back at any time. `/goal` shows it, too."),
        ],
    )
