"""Messages about goals. Slack keeps messages, so none of them holds a goal or how it goes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import Message, actions, button, context, section
from bot.blockkit.text import mention
from bot.errors import OutdatedError
from bot.goals.pure.rounds import HOW_IT_GOES, State
from bot.languages import _, marked, write_number

OPEN: Final = "goals:open"
"""Opens the person's goals from a message or the Home tab."""
STATE: Final = "goals:state"
"""Prefix of the three buttons' ids, such as `goals:state:at risk`."""
LOOK_BACK: Final = "goals:look_back"
SHARED: Final = "goals:shared"
"""Opens the goals that a colleague shares; its value is the colleague's id."""

LABELS: Final[Mapping[State, str]] = {
    State.ON_TRACK: marked("On track"),
    State.AT_RISK: marked("At risk"),
    State.STUCK: marked("Stuck"),
    State.KEPT: marked("I go on with it"),
    State.CHANGED: marked("I go on, but change it"),
    State.REACHED: marked("I reached it"),
    State.DROPPED: marked("I let it go"),
}
WHO_SEES: Final = marked(
    "Only you see the answer, and the colleague you share the goal with. HR sees shares of groups, "
    "never a person's."
)


def check_message(goals: int, asked_on: date) -> Message:
    """Ask how a person's goals go: one press is enough."""
    text = _("How is your goal going?")
    if goals > 1:
        text = _("How are your {goals} goals going?").format(goals=write_number(goals))
    buttons = [
        button(_(LABELS[state]), f"{STATE}:{state}", asked_on.isoformat()) for state in HOW_IT_GOES
    ]
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions([*buttons, button(_("See my goals"), OPEN)]),
            context(_(WHO_SEES)),
        ],
    )


def look_back_message(goals: int, asked_on: date) -> Message:
    """Ask at the end of a quarter what became of a person's goals."""
    text = _("The quarter is ending. What became of your goal?")
    if goals > 1:
        text = _("The quarter is ending. What became of your {goals} goals?").format(
            goals=write_number(goals)
        )
    fine = _("Reached, changed, let go: all of it is fine.")
    look_back = button(_("Look back"), LOOK_BACK, asked_on.isoformat(), style="primary")
    return Message(
        text,
        [
            section(f"*{text}*\n{fine}"),
            actions([look_back]),
            context(_(WHO_SEES)),
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
    text = _("Thanks, saved. I'll ask again in two weeks.")
    return Message(text, [section(text), actions([button(_("See my goals"), OPEN)])])


def shared_message(owner_id: str) -> Message:
    """Tell a colleague that somebody shares a goal with them."""
    text = _("{owner} shares a goal with you.").format(owner=mention(owner_id))
    nothing = _("There is nothing you have to do. If you like, ask how you can help.")
    return Message(
        text,
        [
            section(f"*{text}*\n{nothing}"),
            actions([button(_("See it"), SHARED, owner_id)]),
            context(_("They chose you, and may take it back at any time. `/goal` shows it, too.")),
        ],
    )
