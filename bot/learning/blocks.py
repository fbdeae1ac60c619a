"""Messages about learning time. Slack keeps messages, so none of them holds an answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import Message, actions, button, context, section
from bot.blockkit.text import escape, local_time, mention
from bot.errors import OutdatedError
from bot.languages import _, marked, write_number
from bot.learning.months import Got
from bot.learning.slots import SlotView

OPEN: Final = "learning:open"
"""Opens the person's learning time from a message or the Home tab."""
NOTE: Final = "learning:note"
LATER: Final = "learning:later"
"""Moves a slot that did not happen to the next free time."""
GOT: Final = "learning:got"
"""Prefix of the three buttons' ids, such as `learning:got:some`."""

GOT_LABELS: Final[Mapping[Got, str]] = {
    Got.ALL: marked("All of it"),
    Got.SOME: marked("Some of it"),
    Got.NONE: marked("None of it"),
}


def over_message(slot: SlotView) -> Message:
    """Ask after a slot what the person explored."""
    text = _("Your learning time is over. What did you explore?")
    buttons = [
        button(_("Write a line"), NOTE, slot.id, style="primary"),
        button(_("It didn't happen: move it"), LATER, slot.id),
    ]
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions(buttons),
            context(_("Only you see the line, unless you choose to share it.")),
        ],
    )


def moved_message(slot: SlotView) -> Message:
    """Say where a slot has moved."""
    text = _("Moved to {when}. The calendar file comes in a moment.").format(when=when(slot))
    return Message(text, [section(text), actions([button(_("My learning time"), OPEN)])])


def when(slot: SlotView) -> str:
    """Write a slot's time in its reader's zone."""
    return _("{day_and_time} to {time}").format(
        day_and_time=local_time(slot.starts_at), time=local_time(slot.ends_at, "{time}")
    )


def month_message(hours: int, month: date) -> Message:
    """Ask whether a person got their time this month."""
    text = _("Did you get your learning time this month?")
    given = _("Your company gives {hours} hours a month.").format(hours=write_number(hours))
    buttons = [
        button(_(label), f"{GOT}:{got}", month.isoformat()) for got, label in GOT_LABELS.items()
    ]
    return Message(
        text,
        [
            section(f"*{text}*\n{given}"),
            actions(buttons),
            context(
                _(
                    "HR sees shares of groups, never your answer. It is deleted once they are "
                    "made, early next month."
                )
            ),
        ],
    )


def month_in(value: object) -> date:
    """Return the month that a button is about; raise OutdatedError for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise OutdatedError from None


def got_in(action: Mapping[str, Any]) -> Got:
    """Return the answer of a pressed button; raise OutdatedError for an unknown one."""
    try:
        return Got(str(action["action_id"]).removeprefix(f"{GOT}:"))
    except ValueError:
        raise OutdatedError from None


def answered_message() -> Message:
    """Say that an answer is saved, without saying which it was."""
    text = _("Thanks, saved. You can book time with `/learn`.")
    return Message(text, [section(text)])


def note_message(author_id: str, text: str) -> Message:
    """Post in a channel what somebody explored; `text` is masked."""
    heading = _("{author} used some learning time.").format(author=mention(author_id))
    quoted = "\n".join(f"> {line}" for line in escape(text).splitlines())
    return Message(
        heading,
        [
            section(f"{heading}\n{quoted}"),
            context(_("They chose to share this here. `/learn` books time for you, too.")),
        ],
    )


def taken_back_message() -> Message:
    """Replace a posted note that its author took back."""
    text = _("A note that stood here was taken back by its author.")
    return Message(text, [section(text)])
