"""Words that authors and HR see alike: topics, labels, weeks, messages of a conversation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import SECTION_TEXT, Block, context, verbatim
from bot.blockkit.text import encode, plural, shorten
from bot.voice.service import Conversation, LedTo, Said

TOPICS: Final[Mapping[str, str]] = {
    "workload": "Workload and hours",
    "leadership": "Leadership and decisions",
    "together": "How people treat each other",
    "pay": "Pay and benefits",
    "growth": "Growth and career",
    "safety": "Health and safety",
    "tools": "Workplace and tools",
    "other": "Something else",
}
LABELS: Final[Mapping[str, str]] = {
    "urgent": "Urgent",
    "look": "Look into it",
    "idea": "Idea",
    "passed": "Passed on",
    "done": "Done",
}
"""Fixed words: a label that HR writes could name whom they suspect."""
PROBLEM_LIMIT: Final = 300
MESSAGES_SHOWN: Final = 30
CHARACTERS_SHOWN: Final = 30_000
"""A view may have a hundred blocks and 250 KB, in which a character may take six bytes."""


def topic_words(topic: str) -> str:
    """Name a topic."""
    return TOPICS.get(topic, TOPICS["other"])


def led_to_words(led_to: LedTo) -> str:
    """Say which item a conversation led to, in mrkdwn."""
    return f"*HR took this up as:* {encode(shorten(led_to.problem, PROBLEM_LIMIT))}"


def week_words(week: date) -> str:
    """Name a week by its Monday."""
    return f"week of {week.day} {week:%B %Y}"


def message_blocks(conversation: Conversation, *, author: str, hr: str) -> list[Block]:
    """Show the latest messages in order, each under who wrote it and in which week."""
    messages = _latest(conversation.messages)
    left_out = len(conversation.messages) - len(messages)
    blocks: list[Block] = []
    if left_out:
        blocks.append(context(f"{plural(left_out, 'earlier message')} not shown."))
    for said in messages:
        blocks += _message(said, hr if said.from_hr else author)
    return blocks


def _latest(messages: Sequence[Said]) -> Sequence[Said]:
    """Return the latest messages that fit into a view; at least one."""
    characters = 0
    for count, said in enumerate(reversed(messages)):
        characters += len(said.text)
        if count and (count == MESSAGES_SHOWN or characters > CHARACTERS_SHOWN):
            return messages[-count:]
    return messages


def _message(said: Said, who: str) -> Sequence[Block]:
    waits = "" if said.collected else " · HR can read it from tomorrow on"
    return [
        context(f"{who} · {week_words(said.week)}{waits}"),
        verbatim(shorten(said.text, SECTION_TEXT)),
    ]
