"""Items, decisions and reasons in words, the same on the board, the Home tab and in messages."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.insights.wording import short_text
from bot.languages import _, _n, marked, write_day, write_number, write_sentences
from bot.products.items.pure.states import State
from bot.products.items.reading import ItemLine

PROBLEM_LIMIT: Final = 600
REASON_LIMIT: Final = 1200
"""Escaped texts take up to five characters for one."""

ORIGINS: Final = {
    "people": marked("From people"),
    "hr": marked("From HR"),
    "manager": marked("From a manager"),
}
STATE_WORDS: Final[Mapping[State, str]] = {
    State.PROPOSED: marked("proposed"),
    State.TAKEN_UP: marked("taken up"),
    State.DOING: marked("doing"),
    State.LATER: marked("later"),
    State.WONT: marked("won't do"),
    State.ASKING: marked("asking more"),
    State.SHIPPED: marked("done"),
}
_WE_WILL: Final[Mapping[State, str]] = {
    State.DOING: marked("*We will:* do something about it, starting now."),
    State.LATER: marked("*We will:* come back to it by {day}."),
    State.WONT: marked("*We won't change this.*"),
    State.ASKING: marked("*We will:* ask you more about it first, and decide by {day}."),
}


def day_words(day: date) -> str:
    """Write a day, such as 3 May 2027."""
    return write_day(day)


def problem_words(problem: str) -> str:
    """Write a problem in mrkdwn, without a stop at its end."""
    return short_text(problem, PROBLEM_LIMIT).rstrip(".")


def said_words(problem: str, *, from_people: bool) -> str:
    """Write what a decision is about, in mrkdwn."""
    text = _("*You said:* {problem}.") if from_people else _("*We noticed:* {problem}.")
    return text.format(problem=problem_words(problem))


def told_lines(
    problem: str, state: State, until: date | None, reason: str, *, from_people: bool
) -> list[str]:
    """Write what people are told of a decision, as lines of mrkdwn."""
    about = said_words(problem, from_people=from_people)
    why = short_text(reason, REASON_LIMIT)
    if state is State.SHIPPED:
        return [about, _("*We did:* {reason}").format(reason=why)]
    return [about, we_will(state, until), _("*Because:* {reason}").format(reason=why)]


def plain_words(problem: str, state: State, until: date | None, reason: str) -> str:
    """Write what comes of something as plain text, for the conversation that led to it."""
    about = _("What comes of “{problem}”:").format(problem=problem.rstrip("."))
    if state is State.SHIPPED:
        return "\n".join([about, _("We did: {reason}").format(reason=reason)])
    will = we_will(state, until).replace("*", "")
    return "\n".join([about, will, _("Because: {reason}").format(reason=reason)])


def we_will(state: State, until: date | None) -> str:
    """Write what is done about an item, in mrkdwn."""
    return _(_WE_WILL[state]).format(day=day_words(until) if until else "")


def waiting_words(line: ItemLine) -> str:
    """Say how long people have waited for an answer."""
    return _n(
        "asked {count} day ago, no answer yet",
        "asked {count} days ago, no answer yet",
        line.days_waited,
    )


def support_words(supporters: int) -> str:
    """Say how many feel the same; the true number is at least that."""
    return _("At least {people} people say: same for me").format(people=write_number(supporters))


def state_words(line: ItemLine) -> str:
    """Write an item's state with its day, and how long it has waited."""
    words = _(STATE_WORDS[line.state])
    if line.until:
        words = _("{state}, until {day}").format(state=words, day=day_words(line.until))
    if line.is_late:
        words = f"{words}, {waiting_words(line)}"
    return write_sentences([words, support_words(line.supporters)]) if line.supporters else words
