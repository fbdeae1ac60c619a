"""The one thing to know, in plain words: the same in digest, alerts and Home tab."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from bot.insights import wording
from bot.insights.news import Headline, SurveyNews
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import IN_PERCENT, RESOLUTIONS
from bot.insights.wave_results import WaveResults
from bot.languages import write_list

NAME_LIMIT: Final = 80
"""Characters of a name within a sentence."""
ALSO_SHOWN: Final = 2

_SAYS: Final = {
    Finding.FALL: "fell",
    Finding.RISE: "rose",
    Finding.FAR_BELOW: "is far below the company's",
    Finding.FAR_ABOVE: "is far above the company's",
}
_SHARE_MOVES: Final = {Finding.PARTICIPATION: "down", Finding.STRAIN: "up"}
_ALSO: Final = {
    Finding.FALL: "{} fell, too",
    Finding.RISE: "{} rose, too",
    Finding.FAR_BELOW: "far below as well: {}",
    Finding.FAR_ABOVE: "far above as well: {}",
    Finding.THEME: "more write about {}, too",
    Finding.PARTICIPATION: "{} fell, too",
}


def one_thing(news: SurveyNews, named: Sequence[Headline], period: str = "this week") -> str:
    """Say the one thing to know about a survey as a line of mrkdwn.

    `named` are those of its headlines that the reader may see.
    """
    wave = news.wave
    if named:
        return f"*{headline(named[0], wave.held_on)}*"
    if wave.is_hidden:
        return wording.too_few(wave)
    answered = people_answered(wave)
    if news.headlines:
        groups = len(news.headlines)
        which = "One group stands" if groups == 1 else f"{groups} groups stand"
        return f"*{which} out {period}.* HR sees which with `/pulse results`.{answered}"
    if not has_history(news) and not wave.is_company_pulse:
        return f"*These are the first figures of {short_name(wave.survey_name)}.*{answered}"
    if news.has_changes or wave.is_company_pulse:
        return f"*Nothing stands out {period}.*{answered}"
    return f"*Nothing changed detectably {period}.*{answered}"


def people_answered(wave: WaveResults) -> str:
    """Return a sentence with a space before it; empty for a week of the company pulse."""
    return "" if wave.is_company_pulse else f" {wording.participation(wave)}."


def has_history(news: SurveyNews) -> bool:
    """Return True if any of the company's figures has an earlier one to compare with."""
    wave = news.wave
    changes = [each.change for each in (*wave.drivers, *wave.questions)]
    changes += [each.change for each in wave.strains]
    return any([*changes, *(each.change for each in wave.enps)])


def headline(told: Headline, newest: date | None = None) -> str:
    """Say one thing that stands out in a clause, with how sure it is.

    `newest` is the day of the survey's newest wave: what stood out in an earlier one says when, and
    how it is now.
    """
    day, sureness = told.held_on, told.found.statement.sureness
    if newest is None or day == newest:
        return f"{_clause(told)}{_numbers(told, 'the latest is')} ({sureness})"
    text = f"{_clause(told)}{_numbers(told, 'it was')} by {day.day} {day:%B} ({sureness})"
    return (
        text if told.latest is None else f"{text}; the latest is {_value_writer(told)(told.latest)}"
    )


def evidence(told: Headline) -> str:
    """Say how large a difference is likely to be, what else says the same, and what to do next."""
    statement = told.found.statement
    write, unit = _size_writer(told)
    least, most = sorted((abs(statement.low), abs(statement.high)))
    most = min(most, _room(told))
    by = ("down by", "up by") if statement.weeks else ("lower by", "higher by")
    size = (
        f"Most likely {by[statement.difference > 0]} {wording.range_text(least, most, write)}{unit}"
    )
    labels = _also(told)
    also = f"; {_ALSO[statement.finding].format(_listed(labels))}" if labels else ""
    return f"{size}{also}. {statement.next_step}"


def _room(told: Headline) -> float:
    """Return how far a number can have moved before it meets an end of its range."""
    statement = told.found.statement
    scale = RESOLUTIONS[statement.cell.measure]
    if told.before is None:
        return scale.highest - scale.lowest
    end = scale.lowest if statement.difference < 0 else scale.highest
    return abs(end - told.before)


def short_name(name: str) -> str:
    """Shorten and escape a name to stand within a sentence."""
    return wording.short_text(name, NAME_LIMIT)


def taking_part(share: float) -> str:
    """Write a share of people who answered; never that everybody did."""
    return "nearly all" if share >= 1 else wording.percent(share)


def within_sentence(label: str) -> str:
    """Return a label with a small first letter, unless it is an abbreviation."""
    name = short_name(label)
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _clause(told: Headline) -> str:
    """Return subject and verb, such as `Support's workload score fell`."""
    statement = told.found.statement
    group, label = short_name(statement.cell.segment_ref), told.found.label
    if statement.finding is Finding.THEME:
        return f"More people write about {within_sentence(label)}"
    if statement.finding is Finding.PARTICIPATION:
        return f"Fewer people in {group} answer" if group else "Fewer people answer"
    if statement.cell.measure == "strain":
        return wording.strained(statement.finding, group, label)
    says = _SAYS[statement.finding]
    if statement.cell.measure == "question":
        where = f" in {group}" if group else ""
        return f"The score of “{short_name(label)}”{where} {says}"
    what = label if statement.cell.measure == "enps" else f"{within_sentence(label)} score"
    if not group:
        return f"{what if statement.cell.measure == 'enps' else wording.capitalised(what)} {says}"
    owner = f"{group}'" if group.endswith("s") else f"{group}'s"
    return f"{owner} {what} {says}"


def _numbers(told: Headline, it_is: str) -> str:
    """Return what a number was and is, such as ` from 6.1 to 4.2 in three weeks`.

    `it_is` introduces the number where what it was before is not known.
    """
    statement, before = told.found.statement, told.before
    write = _value_writer(told)
    now = wording.number_text(told.found.value, write)
    if not statement.weeks:
        return f": {now}" if before is None else f": {now} against {write(before)}"
    weeks = wording.weeks_text(statement.weeks)
    way = _SHARE_MOVES.get(statement.finding)
    if before is not None:
        link = f": {way} from" if way else " from"
        return f"{link} {write(before)} to {now} in {weeks}"
    size, unit = _size_writer(told)
    difference = f"{size(abs(statement.difference))}{unit} in {weeks}"
    if statement.finding is Finding.THEME:
        return f": {now} of the writers, up {difference}"
    link = f": {way}" if way else " by"
    return f"{link} {difference}; {it_is} {now}"


def _value_writer(told: Headline) -> Callable[[float], str]:
    measure = told.found.statement.cell.measure
    if measure in IN_PERCENT:
        return taking_part if measure == "participation" else wording.percent
    return wording.signed if measure == "enps" else "{:.1f}".format


def _size_writer(told: Headline) -> tuple[Callable[[float], str], str]:
    """Return how a difference is written, and its unit."""
    measure = told.found.statement.cell.measure
    if measure in IN_PERCENT:
        return (lambda share: f"{100 * share:.0f}"), " points"
    return ("{:.0f}".format, " points") if measure == "enps" else ("{:.1f}".format, "")


def _also(told: Headline) -> Sequence[str]:
    """Name what says the same; a driver's questions say nothing more than the driver."""
    statement = told.found.statement
    labelled = list(zip(statement.also, told.found.also, strict=False))
    names_driver = any(cell.measure == "driver" for cell in (statement.cell, *statement.also))
    return [
        f"“{short_name(label)}”" if cell.measure == "question" else within_sentence(label)
        for cell, label in labelled
        if not (names_driver and cell.measure == "question")
    ]


def _listed(names: Sequence[str]) -> str:
    if len(names) > ALSO_SHOWN:
        names = [*names[:ALSO_SHOWN], f"{len(names) - ALSO_SHOWN} more"]
    return joined(names)


def joined(names: Sequence[str]) -> str:
    """Join names as in a sentence: `pay, growth and meetings`."""
    return write_list(names)
