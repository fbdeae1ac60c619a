"""The figures of questions as HR reads them."""

from typing import Final

from bot.blockkit.blocks import Message, context, sections
from bot.blockkit.text import escape
from bot.insights.tallies import MedianTime, MonthResults
from bot.insights.wording import number_text, percent
from bot.knowledge.monthly import FROM_CARD, Figures

NO_FIGURES: Final = (
    "There are no figures of questions yet. They come once a month, for the month that has ended, "
    "if enough people have asked something."
)
HOW_COUNTED: Final = (
    "Each person weighs the same. Questions without a name are not counted. The figures are made "
    "once, after the month has ended, and rounded like those of surveys."
)


def figures_message(figures: Figures) -> Message:
    """Show the latest month: how questions ended, and how long the first answer took."""
    lines = [_line(each) for each in figures.questions if each.people]
    if not lines:
        return Message(NO_FIGURES, sections([NO_FIGURES]))
    heading = f"Questions to colleagues, {figures.questions[0].month:%B %Y}"
    unknown = [_unknown_line(each) for each in figures.unknown[:1] if each.shares]
    return Message(heading, [*sections([*lines, *unknown], f"*{heading}*"), context(HOW_COUNTED)])


def digest_line(questions: MonthResults) -> str | None:
    """Return a line about how questions were answered; None if too few were asked."""
    parts = [f"answered after {_time(questions.time)}"] if questions.time else []
    if kept := questions.shares.get(FROM_CARD):
        parts.append(f"{number_text(kept, percent)} {FROM_CARD}")
    if not parts:
        return None
    return f"*Questions to colleagues*, {questions.month:%B}: {', '.join(parts)}."


def _line(found: MonthResults) -> str:
    who = f"*{escape(found.team)}*" if found.team else "*Everybody*"
    parts = [f"{who}: at least {found.people:,} people asked"]
    parts += [f"{number_text(share, percent)} {how}" for how, share in found.shares.items()]
    if time := found.time:
        parts.append(f"first answer after {_time(time)}")
    return f"{', '.join(parts)}."


def _time(time: MedianTime) -> str:
    return f"{time.hours:,g} hours at the median ({time.low:,g}–{time.high:,g})"


def _unknown_line(found: MonthResults) -> str:
    shown = {name: share for name, share in found.shares.items() if not share.is_least}
    names = [f"{escape(name)} ({number_text(share, percent)})" for name, share in shown.items()]
    return f"*Nobody to ask*, most about: {', '.join(names) or 'many different topics'}."
