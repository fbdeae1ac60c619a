"""Items, decisions and reasons in words, the same on the board, the Home tab and in messages."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.blockkit.text import plural
from bot.insights.wording import short_text
from bot.languages import write_day
from bot.products.items.pure.states import State
from bot.products.items.reading import ItemLine

PROBLEM_LIMIT: Final = 600
REASON_LIMIT: Final = 1200
"""Escaped texts take up to five characters for one."""

ORIGINS: Final = {"people": "people", "hr": "HR", "manager": "a manager"}
STATE_WORDS: Final[Mapping[State, str]] = {
    State.PROPOSED: "proposed",
    State.TAKEN_UP: "taken up",
    State.DOING: "doing",
    State.LATER: "later",
    State.WONT: "won't do",
    State.ASKING: "asking more",
    State.SHIPPED: "done",
}
_WE_WILL: Final[Mapping[State, str]] = {
    State.DOING: "We will: do something about it, starting now.",
    State.LATER: "We will: come back to it by {day}.",
    State.WONT: "We won't change this.",
    State.ASKING: "We will: ask you more about it first, and decide by {day}.",
}


def day_words(day: date) -> str:
    """Write a day, such as 3 May 2027."""
    return write_day(day)


def problem_words(problem: str) -> str:
    """Write a problem in mrkdwn, without a stop at its end."""
    return short_text(problem, PROBLEM_LIMIT).rstrip(".")


def told_lines(
    problem: str, state: State, until: date | None, reason: str, *, from_people: bool
) -> list[str]:
    """Write what people are told of a decision, as lines of mrkdwn."""
    said = "You said" if from_people else "We noticed"
    about = f"*{said}:* {problem_words(problem)}."
    why = short_text(reason, REASON_LIMIT)
    if state is State.SHIPPED:
        return [about, f"*We did:* {why}"]
    return [about, we_will(state, until), f"*Because:* {why}"]


def plain_words(problem: str, state: State, until: date | None, reason: str) -> str:
    """Write what comes of something as plain text, for the conversation that led to it."""
    about = f"What comes of “{problem.rstrip('.')}”:"
    if state is State.SHIPPED:
        return f"{about}\nWe did: {reason}"
    will = _WE_WILL[state].format(day=day_words(until) if until else "then")
    return f"{about}\n{will}\nBecause: {reason}"


def we_will(state: State, until: date | None) -> str:
    """Write what is done about an item."""
    text = _WE_WILL[state].format(day=day_words(until) if until else "then")
    first, colon, rest = text.partition(":")
    return f"*{first}:*{rest}" if colon else f"*{text}*"


def waiting_words(line: ItemLine) -> str:
    """Say how long people have waited for an answer."""
    return f"asked {plural(line.days_waited, 'day')} ago, no answer yet"


def support_words(supporters: int) -> str:
    """Say how many feel the same; the true number is at least that."""
    return f"At least {supporters:,} people say: same for me"


def state_words(line: ItemLine) -> str:
    """Write an item's state with its day, and how long it has waited."""
    words = STATE_WORDS[line.state]
    if line.until:
        words += f", until {day_words(line.until)}"
    if line.is_late:
        words += f", {waiting_words(line)}"
    if line.supporters:
        words += f". {support_words(line.supporters)}"
    return words
