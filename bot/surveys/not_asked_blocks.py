"""What an author is told when a wave was not asked."""

from datetime import date

from bot.blockkit.blocks import Message, section
from bot.blockkit.text import escape, plural
from bot.surveys.blocks import day_words


def too_few_to_ask(name: str, invited: int, needed: int) -> Message:
    """Tell an author that a wave was skipped to protect the few people in it."""
    text = (
        f"*{escape(name)}* was not asked this time: its audience has "
        f"{plural(invited, 'person', 'people')}, and to stay anonymous it needs at least {needed}. "
        "`/pulse new` makes one with a larger audience, or a named one."
    )
    return Message(text, [section(text)])


def too_much_alike(name: str, other: str, until: date, *, together: bool) -> Message:
    """Tell an author that a wave was skipped because it would single out a few people."""
    others = f"*{escape(other)}*"
    why = (
        f"together with {others} and other surveys about the same, it would show the answers of a "
        "few people. Ask other people"
        if together
        else f"{others} asked almost the same people about the same, so that the difference would "
        "show the answers of a few. Ask exactly the same people"
    )
    text = f"*{escape(name)}* was not asked this time: {why}, or wait until {day_words(until)}."
    return Message(text, [section(text)])


def audience_unreadable(name: str) -> Message:
    """Tell an author that Slack doesn't return the audience's members."""
    text = (
        f"*{escape(name)}* is due, but Slack won't tell me who is in its audience. If it is a "
        "channel, write `/invite @Attune` in it. I'll keep trying; `/pulse end` ends the survey."
    )
    return Message(text, [section(text)])
