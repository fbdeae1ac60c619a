"""Builds the message that says why a round has found no mentor."""

from collections.abc import Mapping
from typing import Final

from bot.blockkit.blocks import Message, actions, button, context, section, sections
from bot.mentoring.profiles.forms import PROFILE
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.wording import shown_topics

WHY_WAITING: Final[Mapping[Why, tuple[str, str]]] = {
    Why.PAUSED_OR_AWAY: (
        "You have paused, so I didn't look for a mentor for you.",
        "`/mentor` ends the pause.",
    ),
    Why.NO_MENTORS: (
        "Nobody mentors here at present.",
        "If you know somebody who could, tell them about `/mentor`.",
    ),
    Why.NOBODY_OFFERS: (
        "Nobody offers what you look for yet.",
        (
            "A topic nearby may do: `/mentor` changes what you look for, and `/mentor find` shows "
            "who knows what."
        ),
    ),
    Why.NOBODY_FREE: (
        "Nobody who offers what you look for has a free place right now.",
        "One more topic, or a wider one, makes a match more likely: `/mentor` adds it.",
    ),
    Why.OWN_LINE_OR_REPEAT: (
        ("The people who offer what you look for are your managers, or were your partner before."),
        "One more topic makes a match more likely: `/mentor` adds it.",
    ),
}
"""Why a person has no mentor, and what would help."""


def waiting_message(why: Why, missing: list[tuple[str, int]]) -> Message:
    """Say why a person has no mentor, and what would help."""
    reason, help_ = WHY_WAITING[why]
    lines = [_missing_line(topic, count) for topic, count in missing[:5]]
    if why is not Why.PAUSED_OR_AWAY:
        reason = f"Sorry, I haven't found a mentor for you yet. {reason}"
    return Message(
        reason,
        [
            section(reason),
            *sections(lines),
            section(f"*What would help:* {help_}"),
            actions([button("Change what I look for", PROFILE)]),
            context("You stay on the list, and waiting counts in your favour."),
        ],
    )


def _missing_line(topic: str, waiting: int) -> str:
    """Say that nobody offers a topic, and how many people wait for it."""
    who = "1 person waits" if waiting == 1 else f"{waiting:,} people wait"
    return f"• Nobody offers {shown_topics([topic])} yet: {who}."
