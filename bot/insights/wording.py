"""Figures in words, the same in results, digest and Home tab."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.blockkit.text import escape, plural, shorten
from bot.insights.pure.change import CellChange
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import IN_PERCENT
from bot.insights.pure.segments import EVERYONE_ELSE
from bot.insights.pure.stands_out import Statement
from bot.insights.pure.words.sentiment import ERROR_RATE
from bot.insights.wave_results import (
    ChoiceResult,
    Enps,
    GroupResults,
    Mood,
    PublishedNumber,
    Score,
    StandsOut,
    ThemeResult,
    WaveResults,
)
from bot.languages import write_number, write_percent, write_signed

NO_CHANGE: Final = "no detectable change"
STEPS: Final = (
    "Counts and figures come in steps, larger ones for small groups, so that nobody's answer can "
    "be worked out."
)
LABEL_LIMIT: Final = 120
NAME_LIMIT: Final = 150
QUESTION_LIMIT: Final = 300
WEAKNESS_LIMIT: Final = 500

_NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_SAYS: Final = {
    Finding.FALL: ("fell", "down"),
    Finding.RISE: ("rose", "up"),
    Finding.FAR_BELOW: ("is far below the company", "lower by"),
    Finding.FAR_ABOVE: ("is far above the company", "higher by"),
}
_SHARES: Final = (
    (0.0, "none"),
    (0.15, "few"),
    (0.4, "some"),
    (0.6, "about half"),
    (0.9, "most"),
    (0.999, "almost all"),
)


def short_text(text: str, limit: int) -> str:
    """Shorten and escape a person's text; the result has at most `limit` characters."""
    length = limit
    while len(escaped := escape(shorten(text, length))) > limit:
        length = length * 3 // 4
    return escaped


def participation(wave: WaveResults) -> str:
    """Say how many answered, or that too few did; exact for a named wave."""
    if wave.named is not None:
        share = percent(wave.named / wave.invited)
        return f"{wave.named:,} of {wave.invited:,} invited people answered ({share})"
    if wave.answered is None:
        people = plural(wave.invited, "invited person", "invited people")
        return f"Too few of {people} answered"
    people = of_invited(wave.answered, wave.invited)
    asked = ""
    if wave.not_asked:
        asked = (
            f" ({wave.invited - wave.not_asked:,} were asked; the others were away or had had "
            "their messages for the week)"
        )
    return f"{capitalised(people)} invited people answered{asked}"


def of_invited(answered: int, invited: int) -> str:
    """Say how many of the invited answered, rounded down; never that everybody did."""
    if answered == invited:
        return f"nearly all of {invited:,}"
    return f"at least {answered:,} of {invited:,}"


def capitalised(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def number_text(number: PublishedNumber, write: Callable[[float], str]) -> str:
    """Write a number; one at an end of its range gets "or less" or "or more"."""
    beyond = " or less" if number.is_least else " or more" if number.is_most else ""
    return write(number.value) + beyond


def too_few(wave: WaveResults, *, sees_names: bool = False) -> str:
    """Say why a wave has no figures; `sees_names` if the reader can open answers by person."""
    if wave.named is not None:
        return _too_few_named(wave, wave.named, sees_names=sees_names)
    if wave.ended_early and wave.anonymous:
        return (
            f"This survey was ended early. {participation(wave)}, so there are no figures. After "
            f"an early end I need {wave.needed} answers, to protect those who answered first."
        )
    return (
        f"{participation(wave)}, so there are no figures. In so small a group they could point "
        f"to a person; I show them from {wave.k} answers on, if more than {wave.k} people were "
        "asked."
    )


def _too_few_named(wave: WaveResults, answered: int, *, sees_names: bool) -> str:
    """Say where to read the few answers of a named survey."""
    text = f"{participation(wave)}. Figures need {wave.k} answers of more than {wave.k} people"
    if not answered:
        return f"{text}."
    these = "this one" if answered == 1 else f"these {answered}"
    if sees_names:
        return f"{text}; open “Answers by person” to read {these}."
    return f"{text}. HR admins can read {these} by person: `/pulse results` has a button for that."


def nothing_came_out(k: int) -> str:
    """Say why a week of the company pulse has no figures."""
    return (
        f"No team has a new figure this week. Answers wait until at least {k} people of a team "
        "have answered about the same thing."
    )


def score_line(score: Score) -> str:
    """Write one driver or question as a line of mrkdwn."""
    label = short_text(score.label, LABEL_LIMIT)
    parts = [
        f"*{label}* {number_text(score.mean, _one_decimal)} ({score.low:.1f}–{score.high:.1f})",
    ]
    if score.favourable is not None:
        answer = "disagree, which is good" if score.reversed else "favourable"
        parts.append(f"{number_text(score.favourable, percent)} {answer}")
    if score.change:
        parts.append(change_words(score.change, _one_decimal))
    return " · ".join(parts)


def enps_line(enps: Enps) -> str:
    """Write a net promoter score as a line of mrkdwn."""
    text = (
        f"*eNPS {number_text(enps.score, signed)}* from at least {enps.n:,} answers, most likely "
        f"between {signed(enps.low)} and {signed(enps.high)}"
    )
    if enps.change:
        text += f"; {change_words(enps.change, _points)}"
    return text


def enps_lines(scores: Sequence[Enps]) -> list[str]:
    """Write net promoter scores; several are followed by their questions."""
    if len(scores) < 2:
        return [enps_line(each) for each in scores]
    return [f"{enps_line(each)} · {short_text(each.label, QUESTION_LIMIT)}" for each in scores]


def strained(finding: Finding, group: str, label: str) -> str:
    """Say that more people feel strain, or far more than in the company."""
    who = f"people in {group} {label}" if group else f"people {label}"
    return f"More {who}" if finding is Finding.STRAIN else f"Far more {who} than in the company"


def change_words(change: CellChange, write: Callable[[float], str], unit: str = "") -> str:
    """Say how a number changed against earlier waves, or which change would have shown."""
    if not change.detectable:
        return f"{NO_CHANGE} ({write(change.margin)}{unit} or more would have shown)"
    direction = "up" if change.difference > 0 else "down"
    size = _size_with_range(change.difference, change.low, change.high, write, change.weeks, unit)
    return f"{direction} {size}"


def _size_with_range(
    difference: float,
    low: float,
    high: float,
    write: Callable[[float], str],
    weeks: int,
    unit: str = "",
) -> str:
    """Write a difference without its sign, in how many weeks it came about, and its interval."""
    least, most = sorted((abs(low), abs(high)))
    period = f" in {weeks_text(weeks)}" if weeks else ""
    return f"{write(abs(difference))}{unit}{period} ({range_text(least, most, write)})"


def range_text(least: float, most: float, write: Callable[[float], str]) -> str:
    """Write a range of sizes above 0, such as "0.4 to 2.3", which never begins at a rounded 0."""
    begins = write(least)
    is_zero = not any(digit in begins for digit in "123456789")
    return f"{'just above 0' if is_zero else begins} to {write(most)}"


def weeks_text(count: int) -> str:
    """Write a number of weeks, small ones as a word."""
    words = _NUMBERS[count] if count < len(_NUMBERS) else f"{count}"
    return f"{words} week{'' if count == 1 else 's'}"


def _weeks_before(count: int) -> str:
    return "the week before" if count == 1 else f"the {weeks_text(count)} before"


def stands_out_lines(found: Sequence[StandsOut]) -> list[str]:
    """Write what stands out as lines of mrkdwn, each with how sure it is and a next step."""
    return [
        f"{_statement_words(each)}. {capitalised(each.statement.sureness)}. "
        f"{each.statement.next_step}"
        for each in found
    ]


def _statement_words(found: StandsOut) -> str:
    statement = found.statement
    group = short_text(statement.cell.segment_ref, LABEL_LIMIT)
    label = short_text(found.label, LABEL_LIMIT)
    write, unit = _writing(statement)
    size = _size_with_range(
        statement.difference, statement.low, statement.high, write, statement.weeks, unit
    )
    if statement.finding is Finding.THEME:
        also = _also(found.also, "and about")
        share = percent(statement.value)
        return f"*More people write about {label}*: {share} of those who wrote, up {size}{also}"
    if statement.finding is Finding.PARTICIPATION:
        where = f" in {group}" if group else ""
        return f"*Fewer people answer{where}*: {percent(statement.value)}, down {size}"
    if statement.cell.measure == "strain":
        how = "up" if statement.weeks else "higher by"
        share = number_text(found.value, percent)
        return f"*{strained(statement.finding, group, label)}*: {share}, {how} {size}"
    value = number_text(found.value, signed if statement.cell.measure == "enps" else write)
    subject = f"{group}: {label}" if group else label
    says, how = _SAYS[statement.finding]
    so = "so did" if statement.weeks else "so is" if len(found.also) == 1 else "so are"
    also = _also(found.also, so)
    return f"*{subject} {says}*: {value}, {how} {size}{also}"


def _writing(statement: Statement) -> tuple[Callable[[float], str], str]:
    """Return how the statement's differences are written, and their unit."""
    if statement.cell.measure in IN_PERCENT:
        return (lambda share: f"{100 * share:.0f}"), " points"
    return (_points if statement.cell.measure == "enps" else _one_decimal), ""


def _also(labels: Sequence[str], beginning: str) -> str:
    """Name a few more labels of which the same is true."""
    if not labels:
        return ""
    names = [short_text(label, LABEL_LIMIT) for label in labels[:2]]
    if more := len(labels) - len(names):
        names.append(f"{more} more")
    first = ", ".join(names[:-1])
    return f"; {beginning} {first} and {names[-1]}" if first else f"; {beginning} {names[-1]}"


def _points(score: float) -> str:
    return write_number(score)


def _one_decimal(mean: float) -> str:
    return write_number(mean, 1)


def group_line(group: GroupResults) -> str:
    """Write one team, department or location as a line of mrkdwn."""
    name = short_text(group.name, LABEL_LIMIT)
    merged = " (together, to protect privacy)" if group.is_merged else ""
    parts = [f"*{name}*{merged}"]
    if group.answered is not None and group.invited is not None:
        parts[0] += f" {of_invited(group.answered, group.invited)} answered"
    if group.members and group.invited is not None and group.members > group.invited:
        more = group.members - group.invited
        verb = "is" if more == 1 else "are"
        parts[0] += f" ({more:,} more of its people {verb} counted in {EVERYONE_ELSE})"
    if group.scores:
        parts.append(_lowest_and_highest(group.scores))
    if group.enps:
        parts.append(f"eNPS {number_text(group.enps.score, signed)}")
    changed = [each for each in group.scores if each.change and each.change.detectable]
    for each in sorted(changed, key=_size_of_change, reverse=True)[:1]:
        if each.change:
            label = short_text(each.label, LABEL_LIMIT)
            parts.append(f"{label} {change_words(each.change, _one_decimal)}")
    return " · ".join(parts)


def _size_of_change(score: Score) -> float:
    return abs(score.change.difference) if score.change else 0.0


def _lowest_and_highest(scores: Sequence[Score]) -> str:
    """Name the lowest and the highest driver; a mean at an end of its range has no interval."""
    lowest, highest = scores[0], scores[-1]
    low, high = (number_text(each.mean, _one_decimal) for each in (lowest, highest))
    least, most = (short_text(each.label, LABEL_LIMIT) for each in (lowest, highest))
    is_end = lowest.mean.is_least or lowest.mean.is_most
    spread = "" if is_end else f" ({lowest.low:.1f}–{lowest.high:.1f})"
    if len(scores) == 1:
        return f"{least} {low}{spread}"
    if low == high:
        which = f"{least} and {most} both" if len(scores) == 2 else f"all {len(scores)} drivers"
        return f"{which} {low}"
    return f"lowest {least} {low}{spread} · highest {most} {high}"


def mood_line(mood: Mood) -> str:
    """Say how the comments sound, in words: the estimate is too rough for percentages."""
    others = (
        f" About {mood.not_scored:,} more are in another language and were not judged."
        if mood.not_scored
        else ""
    )
    return (
        f"*Comments* At least {mood.n:,}: {mood_words(mood.positive, mood.negative)}.{others} "
        "Estimated by software from the words and the answers beside them; "
        f"{ERROR_RATE} is judged wrongly."
    )


def theme_line(theme: ThemeResult) -> str:
    """Write a theme of the comments as a line of mrkdwn."""
    parts = [f"*{theme.label}* at least {theme.n:,} people"]
    if theme.positive is not None and theme.negative is not None:
        parts[0] += f": {mood_words(theme.positive, theme.negative)}"
    if theme.change and theme.change.low > 0:
        parts.append(f"more than in {_weeks_before(theme.change.weeks)}")
    return " · ".join(parts)


def mood_words(positive: PublishedNumber, negative: PublishedNumber) -> str:
    """Say how comments sound: the estimate is too rough for percentages."""
    return f"{share_words(positive.value)} positive and {share_words(negative.value)} negative"


def choice_lines(choice: ChoiceResult) -> list[str]:
    """Write a single-choice question and each option's share as lines of mrkdwn."""
    lines = [f"*{short_text(choice.label, QUESTION_LIMIT)}* at least {choice.n:,} answers"]
    return lines + [
        f"• {short_text(option, LABEL_LIMIT)}: {number_text(share, percent)}"
        for option, share in choice.shares
    ]


def range_note(
    scores: Sequence[Score], enps: Sequence[Enps] = (), *, anonymous: bool = True
) -> str:
    """Explain ranges, steps (in anonymous surveys), and undetectable changes."""
    sentences = [
        "Means go from 0 (bad) to 10 (good); the true one is most likely within the brackets."
    ]
    if anonymous:
        sentences.append(STEPS)
    every = [*(score.change for score in scores), *(each.change for each in enps)]
    changes = [change for change in every if change]
    if changes:
        sentences.append("Each change compares the latest results with several earlier ones.")
    if any(not change.detectable for change in changes):
        sentences.append(
            f"“{NO_CHANGE.capitalize()}” means that chance alone could explain the difference."
        )
    return " ".join(sentences)


def percent(share: float) -> str:
    """Write a share from 0 to 1 as a percentage."""
    return write_percent(share)


def signed(points: float) -> str:
    """Write points with their sign, such as +12, −3 or 0."""
    return write_signed(points)


def share_words(share: float) -> str:
    """Write a share from 0 to 1 in words."""
    return next((words for limit, words in _SHARES if share <= limit), "all")
