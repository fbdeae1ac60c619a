"""The figures of questions as HR reads them."""

from typing import Final

from bot.blockkit.blocks import Message, context, sections
from bot.blockkit.text import escape
from bot.insights.tallies import MedianTime, MonthResults
from bot.insights.wave_results import PublishedNumber
from bot.insights.wording import number_text, percent
from bot.knowledge.monthly import BY_COLLEAGUE, FROM_CARD, NOT_ANSWERED, OTHER_TOPICS, Figures
from bot.languages import DayStyle, _, marked, write_day, write_number

NO_FIGURES: Final = marked(
    "There are no figures of questions yet. They come once a month, for the month that has ended, "
    "if enough people have asked something."
)
HOW_COUNTED: Final = marked(
    "Each person weighs the same. Questions without a name are not counted. The figures are made "
    "once, after the month has ended, and rounded like those of surveys."
)


def figures_message(figures: Figures) -> Message:
    """Show the latest month: how questions ended, and how long the first answer took."""
    lines = [_line(each) for each in figures.questions if each.people]
    if not lines:
        return Message(_(NO_FIGURES), sections([_(NO_FIGURES)]))
    heading = _("Questions to colleagues, {month}").format(
        month=write_day(figures.questions[0].month, DayStyle.MONTH)
    )
    unknown = [_unknown_line(each) for each in figures.unknown[:1] if each.shares]
    return Message(
        heading, [*sections([*lines, *unknown], f"*{heading}*"), context(_(HOW_COUNTED))]
    )


def digest_line(questions: MonthResults) -> str | None:
    """Return a line about how questions were answered; None if too few were asked."""
    parts = []
    if time := questions.time:
        text = _("answered after {hours} hours at the median ({low}–{high})")
        parts.append(text.format(**_hours(time)))
    if kept := questions.shares.get(FROM_CARD):
        parts.append(_share(FROM_CARD, kept))
    if not parts:
        return None
    return _("*Questions to colleagues*, {month}: {how_answered}.").format(
        month=write_day(questions.month, DayStyle.MONTH_NO_YEAR), how_answered=", ".join(parts)
    )


_SHARES: Final = {
    FROM_CARD: marked("{share} from a kept answer"),
    BY_COLLEAGUE: marked("{share} by a colleague"),
    NOT_ANSWERED: marked("{share} not answered"),
}


def _line(found: MonthResults) -> str:
    text = _("*Everybody*: at least {people} people asked")
    if found.team:
        text = _("*{team}*: at least {people} people asked")
    parts = [text.format(team=escape(found.team), people=write_number(found.people))]
    parts += [_share(how, share) for how, share in found.shares.items()]
    if time := found.time:
        text = _("first answer after {hours} hours at the median ({low}–{high})")
        parts.append(text.format(**_hours(time)))
    return _("{how_questions_ended}.").format(how_questions_ended=", ".join(parts))


def _share(how: str, share: PublishedNumber) -> str:
    return _(_SHARES[how]).format(share=number_text(share, percent))


def _hours(time: MedianTime) -> dict[str, str]:
    times = {"hours": time.hours, "low": time.low, "high": time.high}
    return {
        name: write_number(hours, 0 if hours == round(hours) else 1)
        for name, hours in times.items()
    }


def _unknown_line(found: MonthResults) -> str:
    shown = {name: share for name, share in found.shares.items() if not share.is_least}
    if not shown:
        return _("*Nobody to ask*, most about: many different topics.")
    topics = [
        f"{escape(_group(name))} ({number_text(share, percent)})" for name, share in shown.items()
    ]
    return _("*Nobody to ask*, most about: {topics}.").format(topics=", ".join(topics))


def _group(name: str) -> str:
    return _("Other topics") if name == OTHER_TOPICS else _(name)
