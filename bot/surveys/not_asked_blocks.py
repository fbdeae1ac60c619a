"""What an author is told when a wave was not asked."""

from datetime import date

from bot.blockkit.blocks import Message, section
from bot.blockkit.text import escape
from bot.languages import _, plural
from bot.surveys.blocks import day_words
from bot.surveys.pure.names import shown_name


def too_few_to_ask(name: str, invited: int, needed: int) -> Message:
    """Tell an author that a wave was skipped to protect the few people in it."""
    text = _(
        "*{name}* was not asked this time: its audience has {people}, and to "
        "stay anonymous it needs at least {needed}. `/pulse new` makes one "
        "with a larger audience, or a named one."
    ).format(
        name=escape(shown_name(name)), people=plural(invited, "person", "people"), needed=needed
    )
    return Message(text, [section(text)])


def too_much_alike(name: str, other: str, until: date, *, together: bool) -> Message:
    """Tell an author that a wave was skipped because it would single out a few people."""
    if together:
        text = _(
            "*{name}* was not asked this time: together with *{other}* and other surveys about the "
            "same, it would show the answers of a few people. Ask other people, or wait until "
            "{day}."
        )
    else:
        text = _(
            "*{name}* was not asked this time: *{other}* asked almost the same people about the "
            "same, so that the difference would show the answers of a few. Ask exactly the same "
            "people, or wait until {day}."
        )
    text = text.format(
        name=escape(shown_name(name)), other=escape(shown_name(other)), day=day_words(until)
    )
    return Message(text, [section(text)])


def audience_unreadable(name: str) -> Message:
    """Tell an author that Slack doesn't return the audience's members."""
    text = _(
        "*{name}* is due, but Slack won't tell me who is in its audience. If "
        "it is a channel, write `/invite @Attune` in it. I'll keep trying; "
        "`/pulse end` ends the survey."
    ).format(name=escape(shown_name(name)))
    return Message(text, [section(text)])
