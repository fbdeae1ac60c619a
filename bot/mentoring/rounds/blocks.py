"""Builds the message that says why a round has found no mentor."""

from collections.abc import Mapping
from typing import Final

from bot.blockkit.blocks import Message, actions, button, context, section, sections
from bot.languages import _, _n, marked
from bot.mentoring.profiles.forms import PROFILE
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.wording import shown_topics

WHY_WAITING: Final[Mapping[Why, tuple[str, str]]] = {
    Why.PAUSED_OR_AWAY: (
        marked("You have paused, so I didn't look for a mentor for you."),
        marked("`/mentor` ends the pause."),
    ),
    Why.NO_MENTORS: (
        marked("Nobody mentors here at present."),
        marked("If you know somebody who could, tell them about `/mentor`."),
    ),
    Why.NOBODY_OFFERS: (
        marked("Nobody offers what you look for yet."),
        marked(
            "A topic nearby may do: `/mentor` changes what you look for, and `/mentor find` shows "
            "who knows what."
        ),
    ),
    Why.NOBODY_FREE: (
        marked("Nobody who offers what you look for has a free place right now."),
        marked("One more topic, or a wider one, makes a match more likely: `/mentor` adds it."),
    ),
    Why.OWN_LINE_OR_REPEAT: (
        marked(
            "The people who offer what you look for are your managers, or were your partner before."
        ),
        marked("One more topic makes a match more likely: `/mentor` adds it."),
    ),
}
"""Why a person has no mentor, and what would help."""


def waiting_message(why: Why, missing: list[tuple[str, int]]) -> Message:
    """Say why a person has no mentor, and what would help."""
    reason, what_helps = (_(text) for text in WHY_WAITING[why])
    lines = [_missing_line(topic, count) for topic, count in missing[:5]]
    if why is not Why.PAUSED_OR_AWAY:
        sorry = _("Sorry, I haven't found a mentor for you yet.")
        reason = f"{sorry} {reason}"
    return Message(
        reason,
        [
            section(reason),
            *sections(lines),
            section(_("*What would help:* {what_helps}").format(what_helps=what_helps)),
            actions([button(_("Change what I look for"), PROFILE)]),
            context(_("You stay on the list, and waiting counts in your favour.")),
        ],
    )


def _missing_line(topic: str, waiting: int) -> str:
    """Say that nobody offers a topic, and how many people wait for it."""
    return _n(
        "• Nobody offers {topic} yet: {count} person waits.",
        "• Nobody offers {topic} yet: {count} people wait.",
        waiting,
    ).format(topic=shown_topics([topic]))
