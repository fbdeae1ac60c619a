"""Words that authors and HR see alike: topics, labels, weeks, messages of a conversation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import SECTION_TEXT, Block, context, verbatim
from bot.blockkit.text import encode, shorten
from bot.languages import _, _n, marked, write_day
from bot.voice.service import Conversation, LedTo, Said

TOPICS: Final[Mapping[str, str]] = {
    "workload": marked("Workload and hours"),
    "leadership": marked("Leadership and decisions"),
    "together": marked("How people treat each other"),
    "pay": marked("Pay and benefits"),
    "growth": marked("Growth and career"),
    "safety": marked("Health and safety"),
    "tools": marked("Workplace and tools"),
    "other": marked("Something else"),
}
LABELS: Final[Mapping[str, str]] = {
    "urgent": marked("Urgent"),
    "look": marked("Look into it"),
    "idea": marked("Idea"),
    "passed": marked("Passed on"),
    "done": marked("Done"),
}
"""Fixed words: a label that HR writes could name whom they suspect."""
PROBLEM_LIMIT: Final = 300
MESSAGES_SHOWN: Final = 30
CHARACTERS_SHOWN: Final = 30_000
"""A view may have a hundred blocks and 250 KB, in which a character may take six bytes."""


def topic_words(topic: str) -> str:
    """Name a topic."""
    return _(TOPICS.get(topic, TOPICS["other"]))


def led_to_words(led_to: LedTo) -> str:
    """Say which item a conversation led to, in mrkdwn."""
    return _("*HR took this up as:* {problem}").format(
        problem=encode(shorten(led_to.problem, PROBLEM_LIMIT))
    )


def week_words(week: date) -> str:
    """Name a week by its Monday."""
    return _("week of {monday}").format(monday=write_day(week))


def message_blocks(conversation: Conversation, *, author: str, hr: str) -> list[Block]:
    """Show the latest messages in order, each under who wrote it and in which week."""
    messages = _latest(conversation.messages)
    left_out = len(conversation.messages) - len(messages)
    blocks: list[Block] = []
    if left_out:
        blocks.append(
            context(
                _n(
                    "{count} earlier message not shown.",
                    "{count} earlier messages not shown.",
                    left_out,
                )
            )
        )
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
    facts = [who, week_words(said.week)]
    if not said.collected:
        facts.append(_("HR can read it from tomorrow on"))
    text = _of_hr(said.text) if said.from_hr else said.text
    return [context(" · ".join(facts)), verbatim(shorten(text, SECTION_TEXT))]


def _of_hr(text: str) -> str:
    """Translate a ready sentence in HR's answer; HR's own words stay, as no catalogue has them."""
    return "\n\n".join(_(part) for part in text.split("\n\n"))
