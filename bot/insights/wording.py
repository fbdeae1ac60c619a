"""Figures in words, the same in results, digest and Home tab."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.blockkit.text import escape, shorten
from bot.insights.pure.change import CellChange
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import IN_PERCENT
from bot.insights.pure.segments import group_in_words
from bot.insights.pure.stands_out import Statement
from bot.insights.wave_results import (
    ChoiceResult,
    Enps,
    PublishedNumber,
    Score,
    StandsOut,
)
from bot.languages import (
    _,
    _n,
    _p,
    marked,
    write_list,
    write_number,
    write_percent,
    write_sentences,
    write_signed,
)

Write = Callable[[float], str]

NO_CHANGE: Final = marked("no detectable change")
STEPS: Final = marked(
    "Counts and figures come in steps, larger ones for small groups, so that nobody's answer can "
    "be worked out."
)
LABEL_LIMIT: Final = 120
NAME_LIMIT: Final = 150
QUESTION_LIMIT: Final = 300
WEAKNESS_LIMIT: Final = 500


_DIMENSIONS: Final = {
    "team": (marked("Team"), marked("Teams")),
    "department": (marked("Department"), marked("Departments")),
    "location": (marked("Location"), marked("Locations")),
}


def dimension_text(dimension: str) -> str:
    """Name what a group is, such as "Team"."""
    return _(_DIMENSIONS[dimension][0]) if dimension in _DIMENSIONS else dimension


def dimensions_text(dimension: str) -> str:
    """Name what groups are, such as "Teams"."""
    return _(_DIMENSIONS[dimension][1])


def short_text(text: str, limit: int) -> str:
    """Shorten and escape a person's text; the result has at most `limit` characters."""
    length = limit
    while len(escaped := escape(shorten(text, length))) > limit:
        length = length * 3 // 4
    return escaped


def label_text(label: str, limit: int = LABEL_LIMIT) -> str:
    """Write the label of a driver, question, answer or theme; HR's own ones stay as they are."""
    return short_text(_(label), limit)


def group_text(name: str, limit: int = LABEL_LIMIT) -> str:
    """Write a group's name."""
    return short_text(group_in_words(name), limit)


def of_invited(answered: int, invited: int) -> str:
    """Say how many of the invited answered, rounded down; never that everybody did."""
    if answered == invited:
        return _("nearly all of {invited}").format(invited=write_number(invited))
    return _("at least {answered} of {invited}").format(
        answered=write_number(answered), invited=write_number(invited)
    )


def capitalised(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def number_text(number: PublishedNumber, write: Write) -> str:
    """Write a number; one at an end of its range gets "or less" or "or more"."""
    written = write(number.value)
    if number.is_least:
        return _("{number} or less").format(number=written)
    return _("{number} or more").format(number=written) if number.is_most else written


def score_line(score: Score) -> str:
    """Write one driver or question as a line of mrkdwn."""
    parts = [f"*{label_text(score.label)}* {mean_in_brackets(score)}"]
    if score.favourable is not None:
        share = number_text(score.favourable, percent)
        parts.append(
            _("{share} disagree, which is good").format(share=share)
            if score.reversed
            else _("{share} favourable").format(share=share)
        )
    if score.change:
        parts.append(change_words(score.change, one_decimal))
    return " · ".join(parts)


def mean_in_brackets(score: Score) -> str:
    """Write a mean with its interval: `4.2 (3.9–4.5)`."""
    mean = number_text(score.mean, one_decimal)
    return f"{mean} ({one_decimal(score.low)}–{one_decimal(score.high)})"


def enps_line(enps: Enps) -> str:
    """Write a net promoter score as a line of mrkdwn."""
    text = _(
        "*eNPS {score}* from at least {answers} answers, most likely between {low} and {high}"
    ).format(
        score=number_text(enps.score, signed),
        answers=write_number(enps.n),
        low=signed(enps.low),
        high=signed(enps.high),
    )
    if enps.change:
        text += f"; {change_words(enps.change, write_number)}"
    return text


def enps_lines(scores: Sequence[Enps]) -> list[str]:
    """Write net promoter scores; several are followed by their questions."""
    if len(scores) < 2:
        return [enps_line(each) for each in scores]
    return [f"{enps_line(each)} · {label_text(each.label, QUESTION_LIMIT)}" for each in scores]


def strained(finding: Finding, group: str, label: str) -> str:
    """Say that more people feel strain, or far more than in the company.

    `label` says what is true of them, such as `feel burned out`.
    """
    if finding is Finding.STRAIN:
        text = _("More people in {group} {feel_so}") if group else _("More people {feel_so}")
    elif group:
        text = _("Far more people in {group} {feel_so} than in the company")
    else:
        text = _("Far more people {feel_so} than in the company")
    return text.format(group=group, feel_so=label)


def change_words(
    change: CellChange, write: Write, write_size: Write | None = None, *, with_range: bool = True
) -> str:
    """Say how a number changed against earlier waves, or which change would have shown.

    `write_size` writes a difference with its unit, if it has one.
    """
    write_size = write_size or write
    if not change.detectable:
        return _("no detectable change ({margin} or more would have shown)").format(
            margin=write_size(change.margin)
        )
    size = size_in_weeks(change.difference, change.weeks, write_size)
    if with_range:
        size = f"{size} ({_range_of_sizes(change.low, change.high, write)})"
    return (_("up {size}") if change.difference > 0 else _("down {size}")).format(size=size)


def size_in_weeks(difference: float, weeks: int, write_size: Write) -> str:
    """Write a difference without its sign, and in how many weeks it came about, if in any."""
    size = write_size(abs(difference))
    if not weeks:
        return size
    return _("{size} {in_weeks}").format(size=size, in_weeks=in_weeks(weeks))


def _range_of_sizes(low: float, high: float, write: Write) -> str:
    least, most = sorted((abs(low), abs(high)))
    return range_text(least, most, write)


def range_text(least: float, most: float, write: Write) -> str:
    """Write a range of sizes above 0, such as "0.4 to 2.3", which never begins at a rounded 0."""
    begins = write(least)
    is_zero = not any(digit in begins for digit in "123456789")
    return _("{least} to {most}").format(
        least=_("just above 0") if is_zero else begins, most=write(most)
    )


def in_points(number: str) -> str:
    """Add the unit to a written number."""
    return _("{number} points").format(number=number)


def share_points(share: float) -> str:
    """Write a difference of shares in points, without the unit."""
    return write_number(100 * share)


def size_in_points(share: float) -> str:
    """Write a difference of shares, with its unit."""
    return in_points(share_points(share))


def in_weeks(count: int) -> str:
    """Say in how many weeks, small numbers as a word."""
    if count == 1:
        return _("in one week")
    return _("in {number} weeks").format(number=number_of_weeks(count))


def number_of_weeks(count: int) -> str:
    """Write a number of two weeks or more, small numbers as a word."""
    words = (
        *(_p("weeks", "two"), _p("weeks", "three"), _p("weeks", "four"), _p("weeks", "five")),
        *(_p("weeks", "six"), _p("weeks", "seven"), _p("weeks", "eight"), _p("weeks", "nine")),
        *(_p("weeks", "ten"), _p("weeks", "eleven"), _p("weeks", "twelve")),
    )
    return words[count - 2] if 2 <= count < len(words) + 2 else write_number(count)


def stands_out_lines(found: Sequence[StandsOut]) -> list[str]:
    """Write what stands out as lines of mrkdwn, each with how sure it is and a next step."""
    return [
        write_sentences(
            [
                _statement_words(each),
                capitalised(_(each.statement.sureness)),
                _(each.statement.next_step),
            ]
        )
        for each in found
    ]


def _statement_words(found: StandsOut) -> str:
    statement = found.statement
    group, label = group_text(statement.cell.segment_ref), label_text(found.label)
    write, write_size = _writing(statement)
    size = size_in_weeks(statement.difference, statement.weeks, write_size)
    size = f"{size} ({_range_of_sizes(statement.low, statement.high, write)})"
    if statement.finding is Finding.THEME:
        text = _("*More people write about {theme}*: {share} of those who wrote, up {size}").format(
            theme=label, share=percent(statement.value), size=size
        )
        return _with_others(text, found)
    if statement.finding is Finding.PARTICIPATION:
        text = (
            _("*Fewer people answer in {group}*: {share}, down {size}")
            if group
            else _("*Fewer people answer*: {share}, down {size}")
        )
        return text.format(group=group, share=percent(statement.value), size=size)
    if statement.cell.measure == "strain":
        text = (
            _("*{more_feel_strain}*: {share}, up {size}")
            if statement.weeks
            else _("*{more_feel_strain}*: {share}, higher by {size}")
        )
        return text.format(
            more_feel_strain=strained(statement.finding, group, label),
            share=number_text(found.value, percent),
            size=size,
        )
    subject = _("{group}: {label}").format(group=group, label=label) if group else label
    value = number_text(found.value, signed if statement.cell.measure == "enps" else write)
    text = _moved(statement.finding).format(subject=subject, value=value, size=size)
    return _with_others(text, found)


def _moved(finding: Finding) -> str:
    """Return the sentence of a number that moved, or that is far from the company's."""
    if finding is Finding.FALL:
        return _("*{subject} fell*: {value}, down {size}")
    if finding is Finding.RISE:
        return _("*{subject} rose*: {value}, up {size}")
    if finding is Finding.FAR_BELOW:
        return _("*{subject} is far below the company*: {value}, lower by {size}")
    return _("*{subject} is far above the company*: {value}, higher by {size}")


def _writing(statement: Statement) -> tuple[Write, Write]:
    """Return how the statement's differences are written, without and with their unit."""
    if statement.cell.measure in IN_PERCENT:
        return share_points, size_in_points
    write: Write = write_number if statement.cell.measure == "enps" else one_decimal
    return write, write


def _with_others(sentence: str, found: StandsOut) -> str:
    """Name a few more labels of which the same is true."""
    if not found.also:
        return sentence
    names = [label_text(label) for label in found.also[:2]]
    if more := len(found.also) - len(names):
        names.append(_n("{count} more", "{count} more", more))
    if found.statement.finding is Finding.THEME:
        text = _("{sentence}; and about {labels}")
    elif found.statement.weeks:
        text = _("{sentence}; so did {labels}")
    else:
        text = (
            _("{sentence}; so is {labels}")
            if len(found.also) == 1
            else _("{sentence}; so are {labels}")
        )
    return text.format(sentence=sentence, labels=write_list(names))


def one_decimal(mean: float) -> str:
    """Write a mean."""
    return write_number(mean, 1)


def choice_lines(choice: ChoiceResult) -> list[str]:
    """Write a single-choice question and each option's share as lines of mrkdwn."""
    heading = _("*{question}* at least {answers} answers").format(
        question=label_text(choice.label, QUESTION_LIMIT), answers=write_number(choice.n)
    )
    return [heading] + [
        f"• {label_text(option)}: {number_text(share, percent)}" for option, share in choice.shares
    ]


def range_note(
    scores: Sequence[Score], enps: Sequence[Enps] = (), *, anonymous: bool = True
) -> str:
    """Explain ranges, steps (in anonymous surveys), and undetectable changes."""
    sentences = [
        _("Means go from 0 (bad) to 10 (good); the true one is most likely within the brackets.")
    ]
    if anonymous:
        sentences.append(_(STEPS))
    every = [*(score.change for score in scores), *(each.change for each in enps)]
    changes = [change for change in every if change]
    if changes:
        sentences.append(_("Each change compares the latest results with several earlier ones."))
    if any(not change.detectable for change in changes):
        sentences.append(
            _("“No detectable change” means that chance alone could explain the difference.")
        )
    return " ".join(sentences)


def percent(share: float) -> str:
    """Write a share from 0 to 1 as a percentage."""
    return write_percent(share)


def signed(points: float) -> str:
    """Write points with their sign, such as +12, −3 or 0."""
    return write_signed(points)
